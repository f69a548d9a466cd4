//! The data model of Open Badges 3.0, with the specification's own names, one file a class.
//!
//! The types are what Assay *writes*: arrays where the specification says "0..*", nothing empty, nothing null. What
//! strangers write is read with the tolerant functions of [`reading`].

mod achievement;
mod achievement_credential;
mod achievement_subject;
mod alignment;
mod bitstring_status_list;
mod bitstring_status_list_entry;
mod criteria;
mod evidence;
mod identity_object;
mod image;
mod profile;
pub mod reading;
mod refresh_service;
mod result;
mod result_description;
mod types;

pub use achievement::Achievement;
pub use achievement_credential::AchievementCredential;
pub use achievement_subject::AchievementSubject;
pub use alignment::Alignment;
pub use bitstring_status_list::{BitstringStatusList, BitstringStatusListCredential};
pub use bitstring_status_list_entry::BitstringStatusListEntry;
pub use criteria::Criteria;
pub use evidence::Evidence;
pub use identity_object::{IdentityObject, comparable_email, identity_hash, normalized_email, spellings_of_email};
pub use image::Image;
pub use profile::Profile;
pub use refresh_service::RefreshService;
pub use result::Result;
pub use result_description::ResultDescription;

/// The context of the W3C data model, always first.
pub const CONTEXT_VC2: &str = "https://www.w3.org/ns/credentials/v2";
/// The context of the older W3C data model, read but never written.
pub const CONTEXT_VC1: &str = "https://www.w3.org/2018/credentials/v1";
/// The context of Open Badges 3.0, always second.
pub const CONTEXT_OB3: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
/// Where the `1EdTech*` types live.
pub const CONTEXT_OB3_EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";
