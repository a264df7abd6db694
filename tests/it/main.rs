//! One test binary: one link, and a harness every file shares.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod binary;
mod edges;
mod headers;
mod house_rules;
mod imports;
mod isolation;
mod keys;
mod map;
mod people;
mod schema;
mod store;
mod support;
mod tls;
