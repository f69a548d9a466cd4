//! From a letter of the outbox to its words.

use askama::Template as _;
use chrono::{DateTime, TimeDelta, Utc};

use super::apart::Apart;
use super::calendar;
use super::case::{Case, tidy};
use super::matter;
use super::page::{Button, Fact, LetterPage, Paragraph, Picture, Section};
use crate::app::{App, InForce};
use crate::id::PersonId;
use crate::id::Realm;
use crate::mail::{Letter, Mailbox, Unsubscribe};
use crate::service::people::{Prepared, WithSecret};
use crate::service::{Breakdown, program, tokens};
use crate::store::{Changes, EventKind, LetterRecord, MailItem, Person, Purpose, ReadSet, Recipient};
use crate::words::mails::{Audience, MailKind, MailWords, Values, fill};

/// How long the link to a holder's page is good.
pub(super) const LINK_LIVES: TimeDelta = TimeDelta::days(30);
/// How long the link that stops reminders is good: longer than anybody keeps a reminder.
const UNSUBSCRIBE_LIVES: TimeDelta = TimeDelta::days(5 * 365);

/// Why a letter is not written: its reader stopped letters of this kind.
const UNWANTED: &str = "the reader wants no such letters";
/// Why a letter is not written: it has no address.
const NOBODY: &str = "there is no address to write to";
/// Why a letter is not written: what it was about is settled.
const SETTLED: &str = "what it was about is settled";

/// Writes a letter as of now. Tokens of its links are put down in `changes`, which must be committed before it is sent. When
/// nothing of it is true and wanted any more, says why.
pub(super) async fn compose(
    app: &App,
    record: &LetterRecord,
    now: DateTime<Utc>,
    changes: &mut Changes,
) -> Result<Result<Letter, &'static str>, Breakdown> {
    let in_force = program::in_force(app, &mut ReadSet::new()).await?;
    let matters = Matters::gather(app, record, now, changes).await?;
    let reader = match &record.recipient {
        Recipient::Person { person } => app.store.person(Realm::Live, person, &mut ReadSet::new()).await?,
        Recipient::Manager { .. } | Recipient::Issuer => None,
    };
    let elsewhere = matters.apart.as_ref().and_then(Apart::to);
    let to = elsewhere.or_else(|| mailbox(&record.recipient, reader.as_ref(), &in_force));
    if matters.cases.is_empty() && matters.apart.is_none() {
        return Ok(Err(matters.dropped.unwrap_or(SETTLED)));
    }
    let Some(to) = to else { return Ok(Err(NOBODY)) };
    let words =
        MailWords::choose(reader.as_ref().and_then(|person| person.language.as_deref()), &in_force.program.languages);
    let writer = Writer { app, in_force: &in_force, words, record, now };
    writer.write(matters, to, changes).await.map(Ok)
}

/// What is true and wanted of a letter's matters.
struct Matters {
    cases: Vec<(Case, EventKind)>,
    /// What is about no award has a letter of its own.
    apart: Option<Apart>,
    /// Why the last of those that are not told is not.
    dropped: Option<&'static str>,
}

impl Matters {
    async fn gather(
        app: &App,
        record: &LetterRecord,
        now: DateTime<Utc>,
        changes: &mut Changes,
    ) -> Result<Matters, Breakdown> {
        let apart = Apart::of(app, record, now, changes).await?;
        let mut found = Matters { cases: Vec::new(), apart, dropped: None };
        let opted_out = app.store.opted_out(&record.recipient.reader(), &mut ReadSet::new()).await?.is_some();
        for item in &record.items {
            let MailItem::Event { what, .. } = item else { continue };
            let kind = matter::matter(what).map(|matter| matter.kind);
            if opted_out && kind.is_some_and(|kind| matter::optional(kind, &record.recipient)) {
                found.dropped = Some(UNWANTED);
                continue;
            }
            match Case::of(app, what, now).await? {
                Ok(case) => found.cases.push((case, what.clone())),
                Err(why) => found.dropped = Some(why),
            }
        }
        found.keep_latest();
        Ok(found)
    }

    /// Of several steps about one term or one demand, the last says it all.
    fn keep_latest(&mut self) {
        let mut seen: Vec<(crate::id::AwardId, String)> = Vec::new();
        let mut latest: Vec<(Case, EventKind)> = Vec::new();
        for (case, what) in std::mem::take(&mut self.cases).into_iter().rev() {
            let about = match &what {
                EventKind::AwardDemandPlaced(e)
                | EventKind::AwardDemandMissed(e)
                | EventKind::AwardDemandReminder { demand: e, .. } => e.demand.as_str().to_owned(),
                _ => String::new(),
            };
            let this = (case.award, about);
            if !seen.contains(&this) {
                seen.push(this);
                latest.push((case, what));
            }
        }
        // That an award expired is a part of having missed what was demanded.
        let missed: Vec<_> =
            latest.iter().filter(|(case, _)| case.kind == MailKind::DemandMissed).map(|(case, _)| case.award).collect();
        latest.retain(|(case, _)| case.kind != MailKind::Expired || !missed.contains(&case.award));
        latest.reverse();
        self.cases = latest;
    }
}

fn mailbox(recipient: &Recipient, person: Option<&Person>, in_force: &InForce) -> Option<Mailbox> {
    let issuer = &in_force.program.issuer;
    Some(match recipient {
        Recipient::Person { .. } => {
            let person = person?;
            Mailbox { name: Some(tidy(&person.name)), address: person.emails.first()?.clone() }
        }
        Recipient::Manager { address } => Mailbox { name: None, address: address.clone() },
        Recipient::Issuer => Mailbox { name: Some(issuer.name.clone()), address: issuer.email.clone() },
    })
}

struct Writer<'a> {
    app: &'a App,
    in_force: &'a InForce,
    words: &'static MailWords,
    record: &'a LetterRecord,
    now: DateTime<Utc>,
}

/// What all matters of one letter share.
struct Round {
    /// There are several.
    digest: bool,
    /// Where reminders are stopped, if the letter can be done without.
    unsubscribe: Option<String>,
}

/// One matter in words, before it is laid out.
struct Said {
    subject: String,
    section: Section,
    values: Values,
    kind: MailKind,
}

impl Writer<'_> {
    async fn write(&self, matters: Matters, to: Mailbox, changes: &mut Changes) -> Result<Letter, Breakdown> {
        let round = Round { digest: matters.cases.len() > 1, unsubscribe: self.unsubscribe(&matters, changes) };
        let mut said: Vec<Said> = Vec::new();
        let digest = round.digest;
        let mut calendar = None;
        for (case, what) in &matters.cases {
            said.push(self.say(case, what, &round, changes));
            if case.kind == MailKind::Award && !digest {
                calendar = calendar::calendar(self.app, case.award, Some(self.words)).await?;
            }
        }
        if let Some(apart) = matters.apart.as_ref().filter(|_| said.is_empty()) {
            said.push(self.say_apart(apart, changes));
        }
        let mut own = Values::default();
        own.set("count", Some(said.len().to_string()));
        let (subject, heading, kind) = if digest {
            let text = self.words.said(MailKind::Digest, self.audience());
            let fill = |text| fill(text, &own).unwrap_or_default();
            (fill(text.subject), fill(text.heading), MailKind::Digest)
        } else {
            (said[0].subject.clone(), said[0].section.heading.clone(), said[0].kind)
        };
        let issuer = &self.in_force.program.issuer;
        let own_html = (!digest).then(|| self.own_html(&said[0])).flatten();
        let only = said.first().filter(|_| !digest).map(|said| &said.section);
        let copy = only
            .and_then(|section| section.button.as_ref().map(|button| (section, button)))
            .filter(|(section, button)| !section.facts.iter().any(|fact| fact.href.as_ref() == Some(&button.href)));
        let copy = copy.map(|(_, button)| button.href.clone());
        let page = LetterPage {
            words: self.words,
            subject: &subject,
            preview: said.iter().find_map(|s| Some(s.section.paragraphs.first()?.0.clone())).unwrap_or_default(),
            vendor: &issuer.name,
            digest,
            heading: &heading,
            greeting: self.greeting(kind, &to),
            sections: said.into_iter().map(|s| s.section).collect(),
            copy,
            why: match self.record.recipient {
                Recipient::Person { .. } if kind == MailKind::ProveAddress => (self.words.why_address)(&issuer.name),
                Recipient::Person { .. } => (self.words.why_person)(&issuer.name),
                Recipient::Manager { .. } => (self.words.why_manager)(&issuer.name),
                Recipient::Issuer => self.words.why_issuer.to_owned(),
            },
            unsubscribe: round.unsubscribe.clone(),
            privacy: issuer.privacy_url.clone(),
        };
        let html = match own_html {
            Some(html) => html,
            None => page.render().map_err(|error| Breakdown::Drawing(error.to_string()))?,
        };
        let text = page.text();
        let from = self.app.post.from().unwrap_or(&issuer.email);
        let reply_to =
            (from != issuer.email).then(|| Mailbox { name: Some(issuer.name.clone()), address: issuer.email.clone() });
        let id = self.local_part(&matters);
        let host = self.app.urls.host().split(':').next().unwrap_or_default();
        Ok(Letter {
            message_id: self.record.message_id.clone().unwrap_or_else(|| format!("{id}@{host}")),
            from: Mailbox { name: Some(issuer.name.clone()), address: from.to_owned() },
            to,
            reply_to,
            subject,
            text,
            html,
            calendar,
            unsubscribe: round
                .unsubscribe
                .map(|url| Unsubscribe { url, mailto: Some(format!("mailto:{}?subject=unsubscribe", issuer.email)) }),
            entity: id,
            date: self.record.queued_at,
        })
    }

    fn audience(&self) -> Audience {
        match self.record.recipient {
            Recipient::Manager { .. } => Audience::Manager,
            Recipient::Person { .. } | Recipient::Issuer => Audience::Person,
        }
    }

    /// The heading of some letters greets by itself.
    fn greeting(&self, kind: MailKind, to: &Mailbox) -> Option<String> {
        let greets = matches!(kind, MailKind::Digest);
        let name = to.name.as_deref().filter(|name| !name.is_empty() && greets)?;
        Some((self.words.hello)(name))
    }

    fn say(&self, case: &Case, what: &EventKind, of: &Round, changes: &mut Changes) -> Said {
        let digest = of.digest;
        let urls = &self.app.urls;
        let mut values = case.values(what, self.words);
        let page = urls.award_page(case.award);
        let link = match case.kind {
            MailKind::Award | MailKind::Suspended | MailKind::Revoked => self.holder_link(&case.person.id, changes),
            MailKind::DemandPlaced | MailKind::DemandReminder => urls.achievement(&case.certification),
            _ => page.clone(),
        };
        values.set("page", Some(page));
        values.set("link", Some(link.clone()));
        values.set("unsubscribe", of.unsubscribe.clone());
        values.set("calendar", case.term().1.map(|_| urls.calendar(case.award)));
        let (subject, heading, paragraphs, button) = self.text(case.kind, &values);
        let framed = !digest && case.kind != MailKind::AppealOpened;
        let section = Section {
            heading,
            paragraphs,
            picture: framed.then(|| Picture {
                src: urls.badge(case.award, "png"),
                href: urls.award_page(case.award),
                alt: (self.words.picture)(case.name(), &self.in_force.program.issuer.name),
            }),
            button: Some(Button { label: button, href: link }),
            facts: if digest { Vec::new() } else { self.facts(case) },
        };
        Said { subject, section, values, kind: case.kind }
    }

    fn say_apart(&self, apart: &Apart, changes: &mut Changes) -> Said {
        let mut values = apart.values(self.in_force, self.words);
        let link = match apart {
            Apart::Link(person) => Some(self.holder_link(&person.id, changes)),
            Apart::Proof(_, Prepared { secret: WithSecret::Link(link), .. }) => Some(link.clone()),
            Apart::Review { certification, .. } => Some(self.app.urls.achievement(certification)),
            Apart::Proof(..) | Apart::Webhook { .. } => None,
        };
        values.set("link", link.clone());
        let (subject, heading, paragraphs, label) = self.text(apart.kind(), &values);
        let button = link.map(|href| Button { label, href });
        let section = Section { heading, paragraphs, picture: None, button, facts: Vec::new() };
        Said { subject, section, values, kind: apart.kind() }
    }

    /// The vendor's own text where there is one, else ours.
    fn text(&self, kind: MailKind, values: &Values) -> (String, String, Vec<Paragraph>, String) {
        let ours = self.words.said(kind, self.audience());
        let own = self.in_force.texts.get(self.words, kind, self.audience());
        let (subject, heading, paragraphs) = own.and_then(|own| own.said(values)).unwrap_or_else(|| {
            let fill = |text: &&str| fill(text, values);
            let subject = fill(&ours.subject).unwrap_or_default();
            let heading = fill(&ours.heading).unwrap_or_else(|| subject.clone());
            (subject, heading, ours.paragraphs.iter().filter_map(fill).collect())
        });
        (subject, heading, paragraphs.into_iter().map(Paragraph).collect(), ours.button.to_owned())
    }

    fn own_html(&self, said: &Said) -> Option<String> {
        let own = self.in_force.texts.get(self.words, said.kind, self.audience())?;
        own.html(&said.values, escaped)
    }

    /// What to copy into a profile, and what a reader compares.
    fn facts(&self, case: &Case) -> Vec<Fact> {
        let (words, zone) = (self.words, self.in_force.program.timezone);
        let page = self.app.urls.award_page(case.award);
        let (awarded_at, valid_until) = case.term();
        let plain = |label, value| Fact { label, value, href: None };
        let mut facts = Vec::new();
        if self.audience() == Audience::Manager || self.record.recipient == Recipient::Issuer {
            facts.push(plain(words.holder, tidy(&case.person.name)));
        }
        facts.push(plain(words.organization, self.in_force.program.issuer.name.clone()));
        facts.push(plain(words.issued, words.day_of(awarded_at, zone)));
        if !matches!(case.kind, MailKind::Suspended | MailKind::Revoked) {
            let until = valid_until.map_or(words.never.to_owned(), |until| words.day_of(until, zone));
            facts.push(plain(words.expires, until));
        }
        facts.push(plain(words.number, case.award.grouped()));
        facts.push(Fact { label: words.address, value: page.clone(), href: Some(page) });
        facts
    }

    fn holder_link(&self, person: &PersonId, changes: &mut Changes) -> String {
        let purpose = Purpose::HolderLink { person: person.clone() };
        self.app.urls.holder_link(&tokens::issue(self.app, changes, self.now, purpose, LINK_LIVES))
    }

    /// A link for who can do without letters of this kind.
    fn unsubscribe(&self, matters: &Matters, changes: &mut Changes) -> Option<String> {
        let optional = matters.cases.iter().any(|(case, _)| matter::optional(case.kind, &self.record.recipient));
        optional.then(|| {
            let purpose = Purpose::Unsubscribe { recipient: self.record.recipient.reader() };
            self.app.urls.unsubscribe(&tokens::issue(self.app, changes, self.now, purpose, UNSUBSCRIBE_LIVES))
        })
    }

    /// Of one matter its name, of a digest the digest's: the same for the same letter.
    fn local_part(&self, matters: &Matters) -> String {
        let matter = match matters.cases.as_slice() {
            [(_, only)] => self.record.items.iter().find_map(|item| match item {
                MailItem::Event { matter, what, .. } if what == only => Some(matter.clone()),
                _ => None,
            }),
            _ => None,
        };
        match (matter, &self.record.recipient) {
            (Some(matter), Recipient::Manager { .. }) => {
                format!("{matter}.{}", self.record.recipient.reader().get(..9).unwrap_or_default())
            }
            (Some(matter), _) => matter,
            (None, _) => self.record.id.clone(),
        }
    }
}

/// For own HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
