//! What researchers do with a survey: write it, publish it, invite to it, and
//! take its data.

mod actions;
mod exporting;
mod giving;
mod invited;
mod machines;
mod model;
mod openapi;
mod pages;
mod reading;
mod responses;
mod sample;
mod sql;
mod summary;

pub(in crate::surveys) use exporting::{Moment, Subject, Wanted};
pub use giving::{Held, all_of, held};
pub use pages::routes;
pub(in crate::surveys) use reading::{Shape, answered, shape};
pub use sample::show;
