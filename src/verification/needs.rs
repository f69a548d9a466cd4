//! [`needs`]: what must be fetched before a credential can be judged.

use serde_json::Value;

use super::checks::status;
use super::facts::{Facts, Found, Need};
use super::keys;
use super::presented::Presented;
use super::signatures::MAXIMUM_PROOFS;
use crate::openbadges::reading::{id_of, many};

/// What is still missing from the facts; ask again after each fetch until nothing is, or the budget is spent.
pub fn needs(presented: &Presented, facts: &Facts) -> Vec<Need> {
    let document = presented.value();
    let mut needs = Vec::new();
    controllers(document, facts, &mut needs);
    let issuer = id_of(document, "issuer");
    if !super::verdict::own_applies(issuer, facts) {
        for address in status::addresses(document) {
            match facts.status_lists.get(address) {
                None => add(&mut needs, Need::StatusList(address.to_owned())),
                Some(Found::Got(list)) => controllers(list, facts, &mut needs),
                Some(Found::CouldNot(_)) => {}
            }
        }
    }
    needs
}

fn controllers(document: &Value, facts: &Facts, needs: &mut Vec<Need>) {
    for proof in many(document, "proof").iter().take(MAXIMUM_PROOFS) {
        let Some(method) = proof.get("verificationMethod").and_then(Value::as_str) else { continue };
        let controller = keys::controller(method);
        if keys::is_fetched(controller) && !facts.controllers.contains_key(controller) {
            add(needs, Need::ControllerDocument(controller.to_owned()));
        }
    }
}

fn add(needs: &mut Vec<Need>, need: Need) {
    if !needs.contains(&need) {
        needs.push(need);
    }
}
