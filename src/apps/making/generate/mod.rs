//! A whole app made from one table: what the table holds decides what the
//! pages show, and the text reads as if a person had written it.

mod parts;
mod queries;
mod shape;
pub(super) mod sql;
#[cfg(test)]
mod tests;
mod text;

pub(super) use parts::Parts;
pub(super) use shape::survey;
pub(super) use text::app_text;
