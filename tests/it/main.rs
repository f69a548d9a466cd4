//! One binary of stories and tables: it goes through the router and the built command.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod awards;
mod badges;
mod browser;
mod conformance;
mod dependencies;
mod durability;
mod flavours;
mod issuing;
mod judges;
mod pictures;
mod program;
mod status;
mod store;
mod support;
mod tidy;
mod verify_reports;
