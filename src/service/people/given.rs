//! Making a person before the first result comes in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::find::view;
use super::{PersonError, outgrown};
use crate::app::App;
use crate::id::{PersonId, random_urn};
use crate::intake::{ExternalId, InvalidValue, flaw_of_text, is_email};
use crate::openbadges::normalized_email;
use crate::service::caller::Caller;
use crate::service::{Answer, Breakdown, TRIES, moment, tell};
use crate::store::{Answered, Changes, Commit, EventKind, Found, Managers, Person, ReadSet, sha256_hex};

/// Most ids of a person in other systems.
pub(super) const MOST_EXTERNAL: usize = 50;

/// A person to be made: at least an address or an id in another system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// As it shall stand on credentials.
    #[schema(example = "Ana Lopes")]
    pub name: String,
    /// Mail address; your word that it is theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Ids in other systems.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub external: Vec<ExternalId>,
    /// What they agreed to make public: `score`, `evidence`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consent: Vec<String>,
    /// BCP 47 tag of the language they read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Where they work, such as `EU`, in the words of the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Who else is told what becomes of their awards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managers: Option<GivenManagers>,
}

/// Mail addresses of those who look after a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenManagers {
    /// At the person's firm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firm: Option<String>,
    /// At the vendor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
}

impl GivenManagers {
    /// As they are kept.
    pub(super) fn normalized(&self) -> Managers {
        let normalized = |address: &Option<String>| address.as_deref().map(normalized_email);
        Managers { firm: normalized(&self.firm), partner: normalized(&self.partner) }
    }

    pub(super) fn of(managers: &Managers) -> Option<Self> {
        let Managers { firm, partner } = managers.clone();
        (!managers.is_none()).then_some(GivenManagers { firm, partner })
    }
}

/// Makes a person, if nobody is found by any of the ids.
pub async fn create(
    app: &App,
    caller: &Caller,
    new: &NewPerson,
    idempotency_key: Option<&str>,
) -> Result<Answer, PersonError> {
    let faults = faults(new);
    if !faults.is_empty() {
        return Err(PersonError::Invalid(faults));
    }
    let asked = serde_json::to_string(new).expect("a request has text keys");
    let body = sha256_hex(format!("person {asked}").as_bytes());
    let email = new.email.as_deref().map(normalized_email);
    for _ in 0..TRIES {
        let (now, mut reads) = (moment(app), ReadSet::new());
        if let Some(key) = idempotency_key
            && let Some(earlier) = app.store.repeated(caller.realm, &caller.key, key, &mut reads).await?
        {
            return if earlier.body == body {
                Ok(Answer { status: earlier.status, body: earlier.answer, replayed: true })
            } else {
                Err(PersonError::KeyReused)
            };
        }
        if app.store.find_person(caller.realm, email.as_deref(), &[], &mut reads).await? != Found::Nobody {
            return Err(PersonError::Taken { what: "this address", pointer: "/email".to_owned() });
        }
        if app.store.find_person(caller.realm, None, &new.external, &mut reads).await? != Found::Nobody {
            return Err(PersonError::Taken { what: "this id", pointer: "/external".to_owned() });
        }
        let person = Person {
            id: PersonId::new(now, app.ids.as_ref()),
            name: new.name.trim().to_owned(),
            emails: email.clone().into_iter().collect(),
            pending: Vec::new(),
            external: new.external.clone(),
            consent: new.consent.clone(),
            subject: random_urn(app.ids.as_ref()),
            created_at: now,
            language: new.language.clone(),
            managers: new.managers.as_ref().map(GivenManagers::normalized).unwrap_or_default(),
            region: new.region.clone(),
            merged: Vec::new(),
        };
        let mut changes = Changes::new(caller.realm);
        changes.person(&person);
        tell(app, &mut changes, now, EventKind::PersonCreated { person: person.id.clone() });
        let answer = serde_json::to_value(view(app, caller, &person).await?).expect("a view has text keys");
        if let Some(key) = idempotency_key {
            changes.repeated(&caller.key, key, &Answered { body: body.clone(), status: 201, answer: answer.clone() });
        }
        if let Commit::Done(_) = app.store.commit(&reads, changes).await.map_err(outgrown)? {
            return Ok(Answer { status: 201, body: answer, replayed: false });
        }
    }
    Err(Breakdown::Busy.into())
}

fn faults(new: &NewPerson) -> Vec<InvalidValue> {
    let mut faults: Vec<InvalidValue> = flaw_of_text(&new.name).map(|flaw| fault("/name", &flaw)).into_iter().collect();
    match new.email.as_deref() {
        Some(email) if !is_email(email) => faults.push(fault("/email", "is no mail address")),
        None if new.external.is_empty() => faults.push(fault("", "needs an email or an external id")),
        _ => {}
    }
    if new.external.len() > MOST_EXTERNAL {
        faults.push(fault("/external", "must be at most 50 entries"));
    }
    for (n, x) in new.external.iter().enumerate().take(MOST_EXTERNAL) {
        faults.extend(flaws_of_external(&format!("/external/{n}"), x));
    }
    faults.extend(flaw_of_consent(&new.consent));
    faults.extend(new.language.as_deref().and_then(flaw_of_language));
    faults.extend(new.region.as_deref().and_then(flaw_of_text).map(|flaw| fault("/region", &flaw)));
    faults.extend(new.managers.iter().flat_map(|managers| flaws_of_managers("/managers", managers)));
    faults
}

/// What is wrong with the addresses of managers that stand at `pointer`.
pub(super) fn flaws_of_managers(pointer: &str, managers: &GivenManagers) -> Vec<InvalidValue> {
    let members = [("firm", &managers.firm), ("partner", &managers.partner)];
    let wrong = members.into_iter().filter(|(_, address)| address.as_deref().is_some_and(|it| !is_email(it)));
    wrong.map(|(member, _)| fault(&format!("{pointer}/{member}"), "is no mail address")).collect()
}

/// What is wrong with an id in another system that stands at `pointer`.
pub(super) fn flaws_of_external(pointer: &str, x: &ExternalId) -> Vec<InvalidValue> {
    let members = [("system", &x.system), ("id", &x.id)];
    let flaw = |(member, text): (&str, &String)| Some(fault(&format!("{pointer}/{member}"), &flaw_of_text(text)?));
    members.into_iter().filter_map(flaw).collect()
}

pub(super) fn flaw_of_consent(consent: &[String]) -> Option<InvalidValue> {
    let known = consent.iter().all(|c| matches!(c.as_str(), "score" | "evidence"));
    let twice = consent.len() == 2 && consent[0] == consent[1];
    let sound = consent.len() <= 2 && known && !twice;
    (!sound).then(|| fault("/consent", "knows only \"score\" and \"evidence\", each once"))
}

/// Letters, digits and hyphens, as in `pt-BR`.
pub(super) fn flaw_of_language(tag: &str) -> Option<InvalidValue> {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let sound = tag.len() <= 35 && tag.split('-').all(part) && tag.split('-').next().is_some_and(|p| p.len() >= 2);
    (!sound).then(|| fault("/language", "is no language tag such as en or pt-BR"))
}

pub(super) fn fault(pointer: &str, detail: &str) -> InvalidValue {
    InvalidValue { pointer: pointer.to_owned(), detail: detail.to_owned() }
}
