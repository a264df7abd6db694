//! One test binary: one link, and a harness every file shares.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod alerts;
mod at_rest;
mod audit;
mod audit_forward;
mod binary;
mod doctor;
mod edges;
mod ending;
mod factors;
mod h2;
mod headers;
mod house_rules;
mod imports;
mod isolation;
mod keys;
mod mail;
mod map;
mod matrix;
mod open;
mod people;
mod review;
mod rotation;
mod schema;
mod sharing;
mod stays;
mod store;
mod strangers;
mod support;
mod tenants;
mod tls;
mod trust;
mod uploads;
