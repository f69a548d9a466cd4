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
mod events;
mod fetch;
mod flavours;
mod http_pages;
mod intake;
mod issuing;
mod judges;
mod notices;
mod openapi;
mod people;
mod pictures;
mod point_in_time;
mod program;
mod program_versions;
mod readme;
mod recertification;
mod records;
mod status;
mod store;
mod stories;
mod support;
mod tidy;
mod verify_reports;
mod webhooks;
