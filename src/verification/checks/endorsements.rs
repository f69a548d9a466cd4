//! `endorsements`: what others say of it. Reported when there are any; not judged by this version.

use serde_json::Value;

use super::{Answer, Case};
use crate::openbadges::reading::{first, many};
use crate::verification::report::CheckId;

pub(in crate::verification) fn check(case: &Case<'_>) -> Option<Answer> {
    let nothing = Value::Null;
    let subject = first(case.document, "credentialSubject").unwrap_or(&nothing);
    let achievement = first(subject, "achievement").unwrap_or(&nothing);
    let issuer = first(case.document, "issuer").unwrap_or(&nothing);
    let places = [case.document, achievement, issuer];
    let count: usize =
        places.iter().map(|place| many(place, "endorsement").len() + many(place, "endorsementJwt").len()).sum();
    (count > 0).then(|| {
        let words = "Others endorse it, it says; their signatures were not checked. Do not rely on the endorsements.";
        Answer::open(CheckId::Endorsements, words).fact("count", count)
    })
}
