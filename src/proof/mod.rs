//! Data Integrity suites, Multikey and DID documents.
