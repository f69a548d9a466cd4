//! Assay: an assay office for a vendor's partner program. It tests (rules), it stamps (signs Open Badges 3.0), and anyone
//! can check the stamp.
//!
//! The floors, lowest first; a module uses only floors below its own, or modules named before it on the same floor
//! (`tests/it/tidy.rs` holds that):
//!
//! | floor | modules |
//! |---|---|
//! | 0 | [`clock`], [`id`], [`urls`], [`config`] |
//! | 1 pure | [`openbadges`], [`linked_data`], [`words`] |
//! | 2 pure | [`program`], [`proof`], [`status_list`], [`render`] |
//! | 3 pure | [`rules`], [`issuance`], [`verification`], [`intake`] |
//! | 4 | [`store`], [`keyring`], [`fetch`], [`mail`] |
//! | 5 | [`app`] |
//! | 6 | [`service`], [`workers`] |
//! | 7 | [`http`] |
//! | 8 | [`cli`] |
//!
//! *Pure* means: no async, no I/O, no clock, no randomness, no logging. Time and randomness are arguments.

pub mod clock;
pub mod config;
pub mod id;
pub mod urls;

pub mod linked_data;
pub mod openbadges;
pub mod words;

pub mod program;
pub mod proof;
pub mod render;
pub mod status_list;

pub mod intake;
pub mod issuance;
pub mod rules;
pub mod verification;

pub mod fetch;
pub mod keyring;
pub mod mail;
pub mod store;

pub mod app;
pub mod service;
pub mod workers;

pub mod http;

pub mod cli;
