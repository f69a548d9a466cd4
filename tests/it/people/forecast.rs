//! What will happen: on a copy of the store.
