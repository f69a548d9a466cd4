//! [`PersonView`]: a person as the API and the command line show them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{GivenManagers, Person};
use crate::app::App;
use crate::id::Realm;
use crate::intake::ExternalId;
use crate::program::Program;
use crate::rules::Standing;
use crate::service::awards::AwardView;
use crate::service::moment;

/// A person, what they are found by, and what they hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PersonView {
    /// Internal; never public.
    #[schema(example = "01k9zq6v2m8xw3c5t7r4n0b1dy")]
    pub id: String,
    /// As it stands on their credentials.
    pub name: String,
    /// The badge's first.
    pub addresses: Vec<AddressView>,
    /// Ids in other systems.
    pub external: Vec<ExternalId>,
    /// What may become public.
    pub consent: Vec<String>,
    /// BCP 47 tag of the language they read.
    pub language: Option<String>,
    /// Who looks after them; only with the scope people:read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managers: Option<GivenManagers>,
    /// Live or test.
    #[schema(value_type = String)]
    pub realm: Realm,
    /// When we first heard of them.
    pub created_at: DateTime<Utc>,
    /// Ids of persons who turned out to be this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<String>,
    /// Everything they were awarded.
    pub awards: Vec<AwardView>,
}

/// One address of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AddressView {
    /// Normalised.
    pub email: String,
    /// Whether it was shown to reach them: only then they are found by it.
    pub verified: bool,
    /// Whether it is the one whose hash is in their credentials.
    pub primary: bool,
}

impl PersonView {
    pub(super) fn new(app: &App, realm: Realm, person: &Person, standings: &[Standing], program: &Program) -> Self {
        let now = moment(app);
        let verified = person.emails.iter().enumerate().map(|(n, email)| AddressView {
            email: email.clone(),
            verified: true,
            primary: n == 0,
        });
        let pending = person.pending.iter().map(|pending| AddressView {
            email: pending.address.clone(),
            verified: false,
            primary: false,
        });
        let held = standings.iter().filter(|standing| standing.award.is_some());
        PersonView {
            id: person.id.to_string(),
            name: person.name.clone(),
            addresses: verified.chain(pending).collect(),
            external: person.external.clone(),
            consent: person.consent.clone(),
            language: person.language.clone(),
            managers: GivenManagers::of(&person.managers),
            realm,
            created_at: person.created_at,
            merged: person.merged.iter().map(ToString::to_string).collect(),
            awards: held.map(|standing| AwardView::new(app, realm, standing, program, now)).collect(),
        }
    }
}
