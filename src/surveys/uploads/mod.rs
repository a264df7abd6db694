//! Files that respondents send: taken in piece by piece, kept beside the answers that name
//! them, and gone with these.

mod model;
mod sample;
mod sql;
mod staging;

pub use model::{Accept, Limits, MOST_FILES, MOST_MIB, Sort, Upload, file_name};
pub use sample::{put_sample, sample};
pub use sql::{Owned, count, drop_unused, of_respondent, one, owned, piece, settle};
pub use staging::{Came, Staging};
