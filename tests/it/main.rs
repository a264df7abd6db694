//! One test binary: one link, and a harness every file shares.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod audit;
mod audit_forward;
mod binary;
mod factors;
mod house_rules;
mod imports;
mod isolation;
mod map;
mod people;
mod review;
mod schema;
mod sharing;
mod stays;
mod store;
mod support;
mod tls;
