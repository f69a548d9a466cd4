//! JSON-LD to canonical N-Quads: a library within the house that knows nothing of badges.
