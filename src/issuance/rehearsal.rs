//! [`rehearse`]: whether badges of a certification can be issued at all, asked before a program is taken in.

use chrono::DateTime;

use super::claim::{Claim, HashedEmail, Holder, Signer};
use super::lint::{self, Lints};
use super::prepare;
use crate::decimal::Decimal;
use crate::id::{AwardId, ListName, Realm};
use crate::program::{Certification, Issuer, NameStyle};
use crate::urls::Urls;

/// Prepares the badge of somebody who does not exist, with the TEST mark, which makes the texts longest. What is refused
/// here would be refused at every award.
pub fn rehearse(urls: &Urls, issuer: &Issuer, certification: &Certification, level: Option<&str>) -> Result<(), Lints> {
    let moment = DateTime::from_timestamp(1_800_000_000, 0).expect("a moment in 2027");
    let claim = Claim {
        urls,
        signer: Signer { did: "did:web:rehearsal.example", key: "z6MkRehearsal", issuer },
        certification,
        level,
        award: "0000000000000000".parse::<AwardId>().expect("sixteen characters of the alphabet"),
        valid_from: moment,
        valid_until: None,
        awarded_at: moment,
        previous_valid_from: None,
        holder: Holder {
            subject: "urn:uuid:00000000-0000-4000-8000-000000000000",
            name: "Nobody",
            style: NameStyle::Full,
            email: Some(HashedEmail { address: "nobody@rehearsal.example", salt: [0; 16] }),
        },
        score: Some(Decimal::HUNDRED),
        evidence: &[],
        list: ListName { realm: Realm::Test, number: 1 },
        index: 0,
        test: true,
    };
    let draft = prepare(&claim)?;
    lint::size_without_holder(draft.document()).map_or(Ok(()), |lint| Err(Lints(vec![lint])))
}
