//! The pages: each is a struct, filled from plain values, that knows its status, cache policy and template.

mod achievement;
mod address;
mod award;
mod error;
mod escape;
mod holder;
mod home;
mod issuer;
mod report;
mod share;
mod site;
mod unsubscribe;
mod verify;

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::headers::{Answer, Audience, Cache};
use super::negotiate::Media;
use super::problem::Problem;

pub use achievement::AchievementPage;
pub use address::AddressPage;
pub use award::{AwardFacts, AwardPage};
pub use error::{ErrorPage, NoRecordPage};
pub use escape::Plain;
pub use holder::{AppealPage, DeclinePage, HolderPage, HolderSays, Said, SignInPage};
pub use home::HomePage;
pub use issuer::{IssuerPage, KeyLine, KeyState};
pub use report::{Band, CheckLine, Tone};
pub use share::{CopyField, Share, linkedin};
pub use site::Site;
pub use unsubscribe::UnsubscribePage;
pub use verify::{LONGEST_HOLDER, ReportPage, VerifyPage};

/// The one style sheet, inline in every page; its hash is in the policy.
pub const STYLE: &str = include_str!("../../../templates/pages/style.css");

/// The script of the page that takes badges: dropping, pasting and the camera. Without it, the page has the same forms.
pub const VERIFY_SCRIPT: &str = include_str!("../../../templates/pages/verify.js");

/// A page in its default dress: 200, unlisted, asked for anew each time.
fn page(template: &impl Template, dress: impl FnOnce(Answer) -> Answer) -> Response {
    match template.render() {
        Ok(html) => dress(Answer::new(Media::Html.content_type(), Audience::Page, Cache::Page, html)).into_response(),
        Err(error) => Problem::internal(error).into_response(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
