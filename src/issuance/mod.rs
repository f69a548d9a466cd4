//! From a decision to a signed credential: prepare and lint a draft, sign its bytes, attach the signature.
