//! At rest.
