//! Changes to what a person is found by and agreed to, which sign nothing.

use super::find::view;
use super::given::{
    GivenManagers, MOST_EXTERNAL, flaw_of_consent, flaw_of_language, flaws_of_external, flaws_of_managers,
};
use super::{Person, PersonError, PersonView, known, outgrown};
use crate::app::App;
use crate::id::PersonId;
use crate::intake::{ExternalId, InvalidValue};
use crate::service::caller::Caller;
use crate::service::{Breakdown, TRIES, moment, tell};
use crate::store::{Changes, Commit, EventKind, Found, ReadSet};

/// What is to be different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An id in another system more.
    AddExternal(ExternalId),
    /// One less.
    RemoveExternal(ExternalId),
    /// What may become public, in full; awards follow with their next credential.
    Consent(Vec<String>),
    /// The language they read; none: the program's.
    Language(Option<String>),
    /// Who looks after them, in full.
    Managers(GivenManagers),
}

/// Makes the change. One that is made already is answered as done.
pub async fn change(app: &App, caller: &Caller, id: &PersonId, what: &Change) -> Result<PersonView, PersonError> {
    let faults = faults(what);
    if !faults.is_empty() {
        return Err(PersonError::Invalid(faults));
    }
    for _ in 0..TRIES {
        let (now, mut reads) = (moment(app), ReadSet::new());
        let before = known(app, caller, id, &mut reads).await?;
        let mut changes = Changes::new(caller.realm);
        let after = changed(app, &before, what, &mut changes, &mut reads).await?;
        if after == before {
            return Ok(view(app, caller, &before).await?);
        }
        changes.person(&after);
        tell(app, &mut changes, now, EventKind::PersonCorrected { person: after.id.clone() });
        if let Commit::Done(_) = app.store.commit(&reads, changes).await.map_err(outgrown)? {
            return Ok(view(app, caller, &after).await?);
        }
    }
    Err(Breakdown::Busy.into())
}

async fn changed(
    app: &App,
    before: &Person,
    what: &Change,
    changes: &mut Changes,
    reads: &mut ReadSet,
) -> Result<Person, PersonError> {
    let mut after = before.clone();
    match what {
        Change::AddExternal(x) => {
            let found = app.store.find_person(changes.realm(), None, std::slice::from_ref(x), reads).await?;
            match found {
                Found::Person(owner) if owner == before.id => {}
                Found::Nobody if before.external.len() >= MOST_EXTERNAL => {
                    return Err(PersonError::invalid("", "would be more than 50 ids of one person"));
                }
                Found::Nobody => after.external.push(x.clone()),
                _ => return Err(PersonError::Taken { what: "this id", pointer: "/id".to_owned() }),
            }
        }
        Change::RemoveExternal(x) => {
            after.external.retain(|known| known != x);
            if after.external.len() < before.external.len() {
                if after.external.is_empty() && after.emails.is_empty() {
                    return Err(PersonError::Last);
                }
                changes.forget_external(x);
            }
        }
        Change::Consent(consent) => after.consent.clone_from(consent),
        Change::Language(language) => after.language.clone_from(language),
        Change::Managers(managers) => after.managers = managers.normalized(),
    }
    Ok(after)
}

fn faults(what: &Change) -> Vec<InvalidValue> {
    match what {
        Change::AddExternal(x) | Change::RemoveExternal(x) => flaws_of_external("", x),
        Change::Consent(consent) => flaw_of_consent(consent).into_iter().collect(),
        Change::Language(language) => language.as_deref().and_then(flaw_of_language).into_iter().collect(),
        Change::Managers(managers) => flaws_of_managers("", managers),
    }
}
