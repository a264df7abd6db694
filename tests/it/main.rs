//! One test binary: one link, and a harness every file shares.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod at_rest;
mod binary;
mod house_rules;
mod imports;
mod isolation;
mod keys;
mod map;
mod matrix;
mod people;
mod schema;
mod store;
mod strangers;
mod support;
mod tenants;
mod tls;
