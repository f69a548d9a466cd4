//! What a person may do now, by what they hold and the steps they have gone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Caller;
use super::desk::Desk;
use super::refused::{PersonRef, Refused};
use crate::app::App;
use crate::program::{Program, Right};
use crate::rules::{self, RightDecision, RightHeld};
use crate::store::ReadSet;

/// Whose rights.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// By exactly one of these.
    pub person: PersonRef,
    /// Only whether they have this one, and why.
    #[serde(default)]
    pub right: Option<String>,
}

/// All rights, or an answer about the one that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum CheckAnswer {
    /// Everything the person may do.
    All {
        /// By certification; one right can come from several.
        rights: Vec<RightHeld>,
    },
    /// Yes or no.
    One(RightDecision),
}

/// What the person may do, or whether they may do one thing.
pub async fn check(app: &App, caller: &Caller, request: &CheckRequest) -> Result<CheckAnswer, Refused> {
    let mut reads = ReadSet::new();
    let person = request.person.find(app, caller.realm, "/person", &mut reads).await?;
    let mut desk = Desk::to_look(app, caller.realm, person.clone(), reads).await?;
    let in_force = desk.in_force.clone();
    let right = request.right.as_deref().map(|id| known(&in_force.program, id)).transpose()?;
    let mut outlooks = Vec::new();
    for standing in app.store.standings_of(caller.realm, &person.id).await? {
        let id = &standing.certification;
        if in_force.program.certification(id).is_some() {
            outlooks.extend(desk.ask(id, rules::outlook).await?);
        }
    }
    Ok(match right {
        Some(right) => CheckAnswer::One(rules::right_of_person(&in_force.program, right, &outlooks)),
        None => CheckAnswer::All { rights: rules::rights_of_person(&in_force.program, &outlooks) },
    })
}

fn known<'p>(program: &'p Program, id: &str) -> Result<&'p Right, Refused> {
    let known = || program.rights.iter().map(|right| right.id.as_str()).collect::<Vec<_>>().join(", ");
    let found = program.rights.iter().find(|right| right.id.as_str() == id);
    found.ok_or_else(|| Refused::invalid("/right", format!("is no right of the program; it has: {}", known())))
}
