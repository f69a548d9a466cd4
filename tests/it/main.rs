//! One binary of stories and tables: it goes through the router and the built command.

mod awards;
mod badges;
mod issuing;
mod store;
mod support;
mod verify_reports;
