//! The service's addresses: routes by resource, pages, problems, headers.

pub mod case;
pub mod extract;
pub mod headers;
pub mod negotiate;
pub mod page;
pub mod problem;

#[cfg(test)]
mod tests;
