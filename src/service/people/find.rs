//! Looking for a person.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Person, PersonError, PersonView, known, standings};
use crate::app::App;
use crate::id::{AwardId, PersonId};
use crate::intake::{ExternalId, is_email};
use crate::service::caller::Caller;
use crate::service::{Breakdown, program};
use crate::store::{Found, ReadSet};

/// By what a person is looked for: exactly one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FindPerson {
    /// A verified address, in any spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// An id in another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalId>,
    /// The number of one of their awards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award: Option<String>,
}

/// The person with an address, an id elsewhere or an award.
pub async fn find(app: &App, caller: &Caller, by: &FindPerson) -> Result<PersonView, PersonError> {
    let mut reads = ReadSet::new();
    let id = match by {
        FindPerson { email: Some(email), external: None, award: None } => {
            if !is_email(email) {
                return Err(PersonError::invalid("/email", "is no mail address"));
            }
            app.store.find_person(caller.realm, Some(email), &[], &mut reads).await?
        }
        FindPerson { email: None, external: Some(external), award: None } => {
            app.store.find_person(caller.realm, None, std::slice::from_ref(external), &mut reads).await?
        }
        FindPerson { email: None, external: None, award: Some(number) } => {
            let award: AwardId =
                number.parse().map_err(|error| PersonError::invalid("/award", &format!("is no number: {error}")))?;
            let pointer = app.store.award_pointer(caller.realm, award, &mut reads).await?;
            pointer.map_or(Found::Nobody, |pointer| Found::Person(pointer.person))
        }
        _ => return Err(PersonError::invalid("", "needs exactly one of email, external and award")),
    };
    match id {
        Found::Person(id) => show(app, caller, &id).await,
        Found::Nobody | Found::Several => Err(PersonError::Unknown),
    }
}

/// The person with this id, or the one they turned out to be.
pub async fn show(app: &App, caller: &Caller, id: &PersonId) -> Result<PersonView, PersonError> {
    let person = known(app, caller, id, &mut ReadSet::new()).await?;
    Ok(view(app, caller, &person).await?)
}

/// The person as they are stored now.
pub(super) async fn view(app: &App, caller: &Caller, person: &Person) -> Result<PersonView, Breakdown> {
    let mut reads = ReadSet::new();
    let standings = standings(app, caller.realm, &person.id, &mut reads).await?;
    let in_force = program::in_force(app, &mut reads).await?;
    let mut view = PersonView::new(app, caller.realm, person, &standings, &in_force.program);
    view.managers = view.managers.filter(|_| caller.may("people:read"));
    Ok(view)
}
