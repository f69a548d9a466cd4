//! The service's addresses: routes by resource, pages, problems, headers.

mod auth;
pub mod case;
mod client;
pub mod extract;
pub mod headers;
mod hot;
mod incoming;
pub mod negotiate;
mod openapi;
pub mod page;
pub mod problem;
mod rates;
mod refusal;
mod router;
mod routes;
mod server;

pub use router::router;
pub use server::serve;

#[cfg(test)]
mod tests;
