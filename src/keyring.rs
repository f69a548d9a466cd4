//! The private keys, and the one trait through which anything is signed.
