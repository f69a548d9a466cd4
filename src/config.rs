//! Settings: as read from file, environment and flags, and as validated.
