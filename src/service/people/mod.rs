//! Persons: made, found, shown, corrected, told apart from their addresses, and joined when two turn out to be one.

mod addresses;
mod change;
mod find;
mod given;
mod mails;
mod merge;
mod name;
mod proof;
mod view;

use crate::app::App;
use crate::id::{CertificationId, PersonId, Realm};
use crate::intake::InvalidValue;
use crate::rules::Standing;
use crate::service::caller::Caller;
use crate::service::{Breakdown, program};
use crate::store::{EngineError, Person, ReadSet};

pub use addresses::{LinkError, add_address, confirm, make_primary, remove_address, shown_link};
pub use change::{Change, change};
pub use find::{FindPerson, find, show};
pub use given::{GivenManagers, NewPerson, create};
pub(in crate::service) use mails::{Prepared, WithSecret, prepare};
pub use merge::{Fate, MergeError, MergeRequest, Merged, merge};
pub(in crate::service) use name::reissue_all;
pub use name::{correct_name, reissued};
pub use proof::ask_for_proof;
pub use view::{AddressView, PersonView};

/// Why nothing was done for a person. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// No such person, or not in this key's realm.
    #[error("there is no such person")]
    Unknown,
    /// Values that cannot be.
    #[error("{} value(s) cannot be", .0.len())]
    Invalid(Vec<InvalidValue>),
    /// An address or id belongs to somebody else.
    #[error("{what} belongs to another person")]
    Taken {
        /// `this address` or `this id`.
        what: &'static str,
        /// Where it stands in the request.
        pointer: String,
    },
    /// Every person is found by something.
    #[error("this is the last address or id by which the person is found")]
    Last,
    /// The badge bears a hash of this address.
    #[error("this is the address of the badge")]
    Primary,
    /// An address that is none of theirs, or not verified yet.
    #[error("this is no verified address of the person")]
    NotVerified,
    /// Nothing can be mailed to them.
    #[error("the person has no verified address")]
    NoAddress,
    /// The `Idempotency-Key` was used for another call.
    #[error("this Idempotency-Key was used for another call")]
    KeyReused,
    /// More documents than one change may touch.
    #[error("the person has more awards than can be changed at once")]
    TooLarge,
    /// Anything else.
    #[error(transparent)]
    Breakdown(#[from] Breakdown),
}

breaks_down!(PersonError);

impl PersonError {
    fn invalid(pointer: &str, detail: &str) -> Self {
        PersonError::Invalid(vec![InvalidValue { pointer: pointer.to_owned(), detail: detail.to_owned() }])
    }
}

/// The person with this id, for a decision.
async fn known(app: &App, caller: &Caller, id: &PersonId, reads: &mut ReadSet) -> Result<Person, PersonError> {
    app.store.person(caller.realm, id, reads).await?.ok_or(PersonError::Unknown)
}

/// Where a person stands, in everything that can be and ever could be held. All of it is noted in `reads`, also what is
/// empty, so that nothing new comes about unseen.
async fn standings(
    app: &App,
    realm: Realm,
    person: &PersonId,
    reads: &mut ReadSet,
) -> Result<Vec<Standing>, Breakdown> {
    let certifications = certifications(app, reads).await?;
    Ok(app.store.standings(realm, person, &certifications, reads).await?)
}

/// Every certification of every version of the program.
async fn certifications(app: &App, reads: &mut ReadSet) -> Result<Vec<CertificationId>, Breakdown> {
    let timeline = app.store.program_timeline(reads).await?.unwrap_or_default();
    let mut all = Vec::new();
    for effective in &timeline.versions {
        let version = program::version(app, effective.version).await?;
        all.extend(version.program.certifications.iter().map(|c| c.id.clone()));
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// A batch that is too large is an answer of its own.
fn outgrown(error: EngineError) -> PersonError {
    match error {
        EngineError::TooLarge(_) => PersonError::TooLarge,
        error => error.into(),
    }
}
