//! From a claim to the data model: the one exact shape in which we issue.

use chrono::{DateTime, Utc};

use super::claim::{Claim, Holder, Signer, TEST_MARK};
use super::holder::shown_name;
use crate::clock::rfc3339;
use crate::decimal::Decimal;
use crate::openbadges::{
    self, Achievement, AchievementCredential, AchievementSubject, Alignment, BitstringStatusListEntry, Criteria,
    Evidence, IdentityObject, Image, Profile, RefreshService, ResultDescription,
};
use crate::program::Certification;
use crate::urls::Urls;

pub(super) fn credential(claim: &Claim<'_>) -> AchievementCredential {
    let mut achievement = achievement(claim.urls, claim.certification, claim.level, claim.test);
    let (description, result) = outcome(&achievement.id, claim.score);
    achievement.result_description = vec![description];
    AchievementCredential {
        id: claim.urls.credential(claim.award),
        name: achievement.name.clone(),
        issuer: profile(claim.urls, &claim.signer),
        valid_from: rfc3339(claim.valid_from),
        valid_until: claim.valid_until.map(rfc3339),
        awarded_date: rfc3339(claim.awarded_at),
        credential_subject: AchievementSubject {
            id: claim.holder.subject.to_owned(),
            identifier: identifiers(&claim.holder),
            achievement,
            result: vec![result],
            ..AchievementSubject::default()
        },
        evidence: claim
            .evidence
            .iter()
            .map(|e| Evidence { id: e.url.to_owned(), name: e.name.to_owned(), ..Evidence::default() })
            .collect(),
        credential_status: status_entry(&claim.urls.status_list(claim.list), claim.index),
        refresh_service: RefreshService {
            id: claim.urls.credential_as(claim.award, "json"),
            ..RefreshService::default()
        },
        ..AchievementCredential::default()
    }
}

pub(super) fn achievement(urls: &Urls, certification: &Certification, level: Option<&str>, test: bool) -> Achievement {
    let mark = if test { TEST_MARK } else { "" };
    let id = urls.achievement(&certification.id);
    let caption = match level {
        Some(level) => format!("{mark}Badge: {}, {level}", certification.name),
        None => format!("{mark}Badge: {}", certification.name),
    };
    Achievement {
        achievement_type: "Certification",
        name: format!("{mark}{}", certification.name),
        description: paragraphs(&certification.description),
        criteria: Criteria { id: id.clone(), narrative: paragraphs(&certification.criteria) },
        image: Image {
            id: urls.achievement_image(&certification.id, "png"),
            caption: Some(caption),
            ..Image::default()
        },
        alignment: certification
            .skills
            .iter()
            .map(|s| Alignment { target_name: s.name.clone(), target_url: s.url.clone(), ..Alignment::default() })
            .collect(),
        tag: level.map(str::to_owned).into_iter().collect(),
        id,
        ..Achievement::default()
    }
}

pub(super) fn profile(urls: &Urls, signer: &Signer<'_>) -> Profile {
    let issuer = signer.issuer;
    Profile {
        id: signer.did.to_owned(),
        name: issuer.name.clone(),
        url: Some(issuer.url.clone()),
        email: Some(issuer.email.clone()),
        image: issuer.logo.is_some().then(|| Image {
            id: urls.issuer_logo(),
            caption: Some(format!("Logo of {}", issuer.name)),
            ..Image::default()
        }),
        ..Profile::default()
    }
}

/// The outcome everybody may know, and the score when it may be told.
fn outcome(achievement: &str, score: Option<Decimal>) -> (ResultDescription, openbadges::Result) {
    let (fragment, name, result_type) = match score {
        Some(_) => ("score", "Score", "Percent"),
        None => ("outcome", "Outcome", "Status"),
    };
    let id = format!("{achievement}#{fragment}");
    let bound = |value: &str| score.map(|_| value.to_owned());
    let description = ResultDescription {
        id: id.clone(),
        name: name.to_owned(),
        result_type,
        value_min: bound("0"),
        value_max: bound("100"),
        ..ResultDescription::default()
    };
    let result = openbadges::Result {
        result_description: id,
        status: "Completed",
        value: score.map(|score| score.rounded().to_string()),
        ..openbadges::Result::default()
    };
    (description, result)
}

fn identifiers(holder: &Holder<'_>) -> Vec<IdentityObject> {
    let name = shown_name(holder.name, holder.style).map(|name| IdentityObject::name(&name));
    let email = holder.email.as_ref().map(|email| IdentityObject::hashed_email(email.address, &email.salt));
    name.into_iter().chain(email).collect()
}

fn status_entry(list: &str, index: u32) -> BitstringStatusListEntry {
    BitstringStatusListEntry {
        id: format!("{list}#{index}"),
        status_purpose: "revocation",
        status_list_index: index.to_string(),
        status_list_credential: list.to_owned(),
        ..BitstringStatusListEntry::default()
    }
}

/// Lines end in LF, whatever system the program file was written on.
fn paragraphs(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

/// Whole seconds, as every date in a credential is written.
pub(super) fn whole_seconds(at: DateTime<Utc>) -> bool {
    at.timestamp_subsec_nanos() == 0
}
