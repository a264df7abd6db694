//! What a survey shows besides words: pictures, looked into before they are kept, by the
//! name that the survey's text says.

mod clean;
mod model;
mod pages;
mod reading;
mod sql;

pub use clean::{Clean, Fault, Form, clean};
pub use model::{Asset, Assets, Listed, MOST, MOST_BYTES, is_name, name_of};
pub use pages::sent;
pub use reading::{contents, kept, library};
pub use sql::{all, body, forget_unused, list, put, remove};
