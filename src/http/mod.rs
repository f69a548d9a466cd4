//! The service's addresses: routes by resource, pages, problems, headers.

mod auth;
pub mod case;
pub mod extract;
pub mod headers;
mod hot;
mod incoming;
pub mod negotiate;
pub mod page;
pub mod problem;
mod refusal;
mod router;
mod routes;

pub use router::router;

#[cfg(test)]
mod tests;
