//! One binary of stories and tables: it goes through the router and the built command.

mod dependencies;
mod judges;
mod support;
mod tidy;
