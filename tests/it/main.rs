//! One binary of stories and tables: it goes through the router and the built command.

mod awards;
mod badges;
mod browser;
mod conformance;
mod flavours;
mod issuing;
mod judges;
mod pictures;
mod program;
mod store;
mod support;
mod tidy;
mod verify_reports;
