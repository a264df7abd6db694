//! A whole app made from one table: what the table holds decides what the
//! pages show, and the text reads as if a person had written it.

mod filters;
mod parts;
mod queries;
mod related;
mod shape;
pub(super) mod sql;
#[cfg(test)]
mod tests;
mod text;

pub(super) use filters::asked;
pub(super) use parts::Parts;
pub(super) use related::{Family, MOST, Outline, family_text, outline};
pub(super) use shape::{Shape, survey};
pub(super) use text::app_text;
