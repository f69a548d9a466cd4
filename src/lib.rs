//! Assay: an assay office for a vendor's partner program. It tests (rules), it stamps (signs Open Badges 3.0), and anyone
//! can check the stamp.
//!
//! The floors, lowest first; a module uses only floors below its own, or modules named before it on the same floor
//! (`tests/it/tidy.rs` holds that):
//!
//! | floor | modules |
//! |---|---|
//! | 0 | [`clock`], [`id`], [`urls`], [`config`], [`decimal`] |
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
//!
//! Floors 4 and above are the feature `service`; without it, the rest is quick to build for fuzzing.

pub mod clock;
pub mod config;
pub mod decimal;
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

#[cfg(feature = "service")]
pub mod fetch;
#[cfg(feature = "service")]
pub mod keyring;
#[cfg(feature = "service")]
pub mod mail;
#[cfg(feature = "service")]
pub mod store;

#[cfg(feature = "service")]
pub mod app;
#[cfg(feature = "service")]
pub mod service;
#[cfg(feature = "service")]
pub mod workers;

#[cfg(feature = "service")]
pub mod http;

#[cfg(feature = "service")]
pub mod cli;
