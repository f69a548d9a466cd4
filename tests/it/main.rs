//! One binary of stories and tables: it goes through the router and the built command.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod awards;
mod bad_input;
mod badges;
mod browser;
mod cli;
mod conformance;
mod dependencies;
mod durability;
mod exceptions;
mod flavours;
mod holds;
mod http_pages;
mod issuing;
mod judges;
mod openapi;
mod pictures;
mod program;
mod readme;
mod records;
mod status;
mod store;
mod support;
mod tidy;
mod undo;
mod verify_reports;
mod why;
