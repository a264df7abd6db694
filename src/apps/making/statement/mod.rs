//! Queries whose SQL is typed: the statement, its values, and what else a query says,
//! become part of the app's text.

mod params;
#[cfg(test)]
mod tests;
mod text;

pub(super) use params::{Param, params};
pub(super) use text::{Typed, at_fields, begun, sheet, written};
