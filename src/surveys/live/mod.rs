//! Live events: what a respondent's page notes while it is open, on its way into the
//! survey's file, each once and none left out.

mod budget;
mod exchange;
mod model;
mod pages;
mod places;
mod reading;
mod refusal;
mod sequence;
mod sql;
mod taking;

pub use pages::routes;
pub use reading::{Noted, Since, events_of, events_since, line};
