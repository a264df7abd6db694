//! Questionnaires of others become definitions, with an account of every row.

mod account;
mod book;
mod convert;
mod draft;
mod export;
mod lss;
mod settle;
mod tongue;
mod write;
mod xlsform;

pub use account::{Account, Fate, Line, Place};
pub use convert::{Beside, Converted, Nothing, Unreadable, convert};
pub use export::{Exported, export};
