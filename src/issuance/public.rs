//! The documents anybody can fetch unsigned: what an achievement is, and who issues.

use serde_json::{Value, json};

use super::build;
use super::claim::Signer;
use crate::openbadges::{CONTEXT_OB3, CONTEXT_VC2};
use crate::program::Certification;
use crate::urls::Urls;

/// The OB `Achievement` served at its address, with its creator.
pub fn achievement_document(
    urls: &Urls,
    signer: &Signer<'_>,
    certification: &Certification,
    level: Option<&str>,
    test: bool,
) -> Value {
    let mut achievement = build::achievement(urls, certification, level, test);
    achievement.creator = Some(build::profile(urls, signer));
    standing_alone(&achievement)
}

/// The OB `Profile` served at the issuer's address.
pub fn profile_document(urls: &Urls, signer: &Signer<'_>) -> Value {
    standing_alone(&build::profile(urls, signer))
}

/// A class that is not within a credential brings its contexts along.
fn standing_alone(class: &impl serde::Serialize) -> Value {
    let mut document = json!({ "@context": [CONTEXT_VC2, CONTEXT_OB3] });
    let members = serde_json::to_value(class).expect("the data model has only text keys");
    if let (Value::Object(document), Value::Object(members)) = (&mut document, members) {
        document.extend(members);
    }
    document
}
