//! One binary of stories and tables: it goes through the router and the built command.

mod program;
mod support;
mod verify_reports;
