//! [`Letter`]: one mail, and its bytes as RFC 5322 and MIME want them.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use chrono::{DateTime, Utc};
use lettre::address::AddressError;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, MultiPart, SinglePart};
use lettre::{Address, Message};
use serde::{Deserialize, Serialize};

/// The longest subject or name, in characters.
const LONGEST_LINE: usize = 200;

/// One mail to one reader. Printing it shows neither reader nor words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Local part and host, without angle brackets: the same for every try.
    pub message_id: String,
    /// Who writes.
    pub from: Mailbox,
    /// Who reads.
    pub to: Mailbox,
    /// Where an answer goes, if not to who writes.
    pub reply_to: Option<Mailbox>,
    /// One line.
    pub subject: String,
    /// For who reads plain text.
    pub text: String,
    /// The same for who reads HTML.
    pub html: String,
    /// A calendar to take along.
    pub calendar: Option<String>,
    /// How to get no more of these.
    pub unsubscribe: Option<Unsubscribe>,
    /// Keeps mail programs from folding letters of one subject into a conversation.
    pub entity: String,
    /// When it was written.
    pub date: DateTime<Utc>,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// Somebody with an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// As people call them.
    pub name: Option<String>,
    /// `local@host`.
    pub address: String,
}

/// RFC 2369 and RFC 8058: what mail programs offer as a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsubscribe {
    /// Answers a POST of `List-Unsubscribe=One-Click`.
    pub url: String,
    /// Read by a person.
    pub mailto: Option<String>,
}

/// It cannot be sent as it is.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// Such an address cannot be.
    #[error("a mail address of this letter cannot be")]
    Address(#[from] AddressError),
    /// MIME refuses it.
    #[error("the letter cannot be put together")]
    Mime(#[from] lettre::error::Error),
}

impl Letter {
    /// The whole mail, ready to be posted.
    pub fn message(&self) -> Result<Message, LetterError> {
        let written = UNIX_EPOCH + Duration::from_secs(u64::try_from(self.date.timestamp()).unwrap_or(0));
        let mut builder = Message::builder()
            .message_id(Some(format!("<{}>", header_text(&self.message_id))))
            .date(written)
            .from(self.from.parsed()?)
            .to(self.to.parsed()?)
            .subject(header_text(&self.subject))
            .raw_header(plain_header("Auto-Submitted", "auto-generated"))
            .raw_header(plain_header("X-Entity-Ref-ID", &self.entity));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.parsed()?);
        }
        if let Some(unsubscribe) = &self.unsubscribe {
            let mailto = unsubscribe.mailto.as_deref().filter(|m| m.is_ascii());
            let ways: Vec<String> =
                [Some(unsubscribe.url.as_str()), mailto].into_iter().flatten().map(|way| format!("<{way}>")).collect();
            builder = builder
                .raw_header(plain_header("List-Unsubscribe", &ways.join(", ")))
                .raw_header(plain_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        let words = MultiPart::alternative()
            .boundary(self.boundary("words"))
            .singlepart(SinglePart::plain(self.text.clone()))
            .singlepart(SinglePart::html(self.html.clone()));
        Ok(match &self.calendar {
            None => builder.multipart(words)?,
            Some(calendar) => {
                let kind = ContentType::parse("text/calendar; charset=utf-8; method=PUBLISH").expect("a media type");
                let calendar = Attachment::new("expiry.ics".to_owned()).body(calendar.clone(), kind);
                let whole = MultiPart::mixed().boundary(self.boundary("whole"));
                builder.multipart(whole.multipart(words).singlepart(calendar))?
            }
        })
    }

    /// The same for the same letter, so that its bytes are.
    fn boundary(&self, part: &str) -> String {
        let safe = |c: &char| c.is_ascii_alphanumeric() || *c == '.';
        let id: String = self.message_id.chars().filter(safe).take(40).collect();
        format!("={part}={id}=")
    }
}

impl Mailbox {
    fn parsed(&self) -> Result<lettre::message::Mailbox, LetterError> {
        let address: Address = self.address.parse()?;
        let name = self.name.as_deref().map(header_text).filter(|name| !name.is_empty());
        Ok(lettre::message::Mailbox::new(name, address))
    }
}

/// Text that stays on its line: what could end it or turn it around is a space or gone, and there is an end to it.
fn header_text(text: &str) -> String {
    let kept = text.chars().filter(|c| !turns_around(*c)).map(|c| if breaks(c) { ' ' } else { c });
    let line: String = kept.take(LONGEST_LINE).collect();
    line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn breaks(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Bidirectional overrides and embeddings, which can make a line read as another one.
fn turns_around(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}')
}

/// A header of ASCII that is never folded: some signers break on folds.
fn plain_header(name: &'static str, value: &str) -> HeaderValue {
    let safe: String = value.chars().filter(|c| c.is_ascii() && !c.is_ascii_control()).take(900).collect();
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), safe.clone(), safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn letter() -> Letter {
        Letter {
            message_id: "award.7K3QX9M2TR4HB6WD.1@badges.example".to_owned(),
            from: Mailbox { name: Some("Northwind".to_owned()), address: "certification@northwind.example".to_owned() },
            to: Mailbox { name: Some("Ana Lopes".to_owned()), address: "ana@partner.example".to_owned() },
            reply_to: None,
            subject: "Hello".to_owned(),
            text: "One\nTwo".to_owned(),
            html: "<p>One</p>".to_owned(),
            calendar: None,
            unsubscribe: None,
            entity: "award.7K3QX9M2TR4HB6WD.1".to_owned(),
            date: "2026-11-20T10:00:00Z".parse().unwrap(),
        }
    }

    /// The header lines as they go out, unfolded.
    fn headers(letter: &Letter) -> Vec<String> {
        let bytes = letter.message().unwrap().formatted();
        let text = String::from_utf8(bytes).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        head.replace("\r\n ", " ").split("\r\n").map(str::to_owned).collect()
    }

    #[track_caller]
    fn check(hostile: &str) {
        let plain = headers(&letter()).len();
        let named = Letter { to: Mailbox { name: Some(hostile.to_owned()), ..letter().to }, ..letter() };
        let titled = Letter { subject: hostile.to_owned(), ..letter() };
        let marked = Letter { entity: hostile.to_owned(), ..letter() };
        let listed = Unsubscribe { url: format!("https://x.example/{hostile}"), mailto: None };
        let listed = Letter { unsubscribe: Some(listed), ..letter() };
        for (letter, more) in [(named, 0), (titled, 0), (marked, 0), (listed, 2)] {
            let lines = headers(&letter);
            assert_eq!(lines.len(), plain + more, "{hostile:?} {lines:#?}");
            assert!(!lines.iter().any(|l| l.to_lowercase().starts_with("bcc:")), "{hostile:?}");
            assert!(lines.iter().all(|l| l.is_ascii()), "{hostile:?} {lines:#?}");
            let recipients: Vec<_> = letter.message().unwrap().envelope().to().to_vec();
            assert_eq!(recipients.len(), 1, "{hostile:?}");
        }
    }

    #[test]
    fn no_text_makes_a_header_or_a_recipient_of_its_own() {
        check("Ana\r\nBcc: evil@example.com");
        check("Ana\nBcc: evil@example.com");
        check("Ana\rBcc: evil@example.com");
        check("Ana\r\n\r\n<script>");
        check("Ana\u{2028}Bcc: evil@example.com");
        check("Ana\u{85}Bcc: evil@example.com");
        check("Ana\u{0}Bcc: evil@example.com");
        check("\"Ana\" <evil@example.com>, x");
        check("=?utf-8?q?=0d=0aBcc:_evil@example.com?=");
        check("a@b.example, c@d.example");
        check("\u{202e}elpmaxe@live");
        check("שרה כהן");
        check("Ünï cödé 名前 🏅");
        check(&"x".repeat(5_000));
        check(&"ß".repeat(5_000));
        check("");
        check(" ");
    }

    #[test]
    fn an_address_that_cannot_be_is_refused() {
        for address in ["", "ana", "ana@", "@x.example", "ana@x.example\r\nBcc: b@x.example", "a b@x.example", "a@b@c"]
        {
            let letter = Letter { to: Mailbox { name: None, address: address.to_owned() }, ..letter() };
            assert!(matches!(letter.message(), Err(LetterError::Address(_))), "{address:?}");
        }
    }

    #[test]
    fn the_same_letter_has_the_same_bytes() {
        let letter = Letter { calendar: Some("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".to_owned()), ..letter() };
        let (one, other) = (letter.message().unwrap().formatted(), letter.message().unwrap().formatted());
        assert_eq!(String::from_utf8(one).unwrap(), String::from_utf8(other).unwrap());
    }
}
