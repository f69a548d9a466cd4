//! The service's addresses: routes by resource, pages, problems, headers.
