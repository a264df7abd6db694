//! Queries for whoever knows no SQL: a table, what of it, which rows, in which order. What
//! is kept is SQL; as long as it is what the guide would write, the guide reads it, too.

mod form;
mod forms;
mod model;
mod names;
mod reading;
#[cfg(test)]
mod tests;
mod text;
mod writing;

pub(super) use form::{Row, rows, typed};
pub(super) use forms::{NewLines, add_form, add_lines, asked_for, column};
#[cfg(test)]
use model::Filter;
pub(super) use model::{Guide, Measure, Op};
pub(super) use reading::read;
pub(super) use text::{Query, add_query, change_query, fresh, long, source, take_params};
pub(super) use writing::{given, params, said, sql};
