//! The use cases: the only place where store and pure code meet.
