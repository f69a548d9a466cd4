//! `validity` of an assertion: is the moment within its dates?

use chrono::{DateTime, Utc};

use super::chain::Chain;
use super::moment;
use crate::openbadges::reading::first;
use crate::verification::checks::Answer;
use crate::verification::report::{CheckId, Verdict};
use crate::verification::token::Token;
use crate::verification::words::{self, day};

pub(super) fn check(chain: &Chain<'_>) -> Answer {
    let assertion = chain.assertion();
    let (issued, expires) = (moment(assertion, &["issuedOn", "issued_on"]), moment(assertion, &["expires"]));
    if first(assertion, "expires").is_some() && expires.is_none() {
        return Answer::open(CheckId::Validity, "It has a date that cannot be read.");
    }
    let Some(issued) = issued else {
        // Only the stub of a revoked assertion does without; its status says all there is to say.
        return Answer::open(CheckId::Validity, "It does not say when it was issued.");
    };
    let at = chain.facts.moment();
    // A signed one is a token, which may have dates of its own.
    let of_token = |date: Option<Result<Option<DateTime<Utc>>, ()>>| date.and_then(Result::ok).flatten();
    let issued = Some(issued).max(of_token(chain.token.map(Token::begins))).unwrap_or(issued);
    let expires = [expires, of_token(chain.token.map(Token::expires))].into_iter().flatten().min();
    let shown = |at| day(at, chrono_tz::Tz::UTC);
    if at < issued {
        return Answer::failed(CheckId::Validity, Verdict::NotYetValid, words::not_yet_valid(&shown(issued)));
    }
    match expires {
        Some(until) if at > until => {
            Answer::failed(CheckId::Validity, Verdict::Expired, words::expired(&shown(until), None, None))
                .fact("expires", until.to_rfc3339())
        }
        Some(until) => Answer::passed(CheckId::Validity, format!("Within its dates: valid until {}.", shown(until)))
            .fact("expires", until.to_rfc3339()),
        None => Answer::passed(CheckId::Validity, "Within its dates: it does not expire."),
    }
}
