//! Bringing data: a file is taken in, looked at, agreed upon and put into a table.

mod actions;
mod batch;
mod draft;
mod jobs;
mod keep;
mod model;
mod order;
mod pages;
mod run;
mod sql;
mod staging;

pub use actions::{clear_copies, import_bytes};
pub use jobs::Imports;
pub use model::{Bringer, Error, Outcome, UploadId};
pub use pages::routes;
