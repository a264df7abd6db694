//! What researchers do with a survey: write it, publish it, invite to it, and
//! take its data.

mod actions;
mod invited;
mod model;
mod pages;
mod reading;
mod responses;
mod sql;

pub use pages::routes;
