//! The tables of events in a survey's file.

mod events;
mod visits;

pub(super) use events::{add, of_respondent, since};
pub(super) use visits::{noted, put_visit, standing, visit};
