//! One binary of stories and tables: it goes through the router and the built command.

mod awards;
mod bad_input;
mod badges;
mod cli;
mod conformance;
mod http_pages;
mod issuing;
mod openapi;
mod pictures;
mod program;
mod records;
mod store;
mod support;
mod verify_reports;
