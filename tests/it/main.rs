//! One binary of stories and tables: it goes through the router and the built command.

mod awards;
mod badges;
mod conformance;
mod durability;
mod issuing;
mod pictures;
mod program;
mod store;
mod support;
mod verify_reports;
