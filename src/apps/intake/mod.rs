//! Another builder's JSON definitions become one app file, with an account of every key.

mod application;
mod building;
mod columns;
mod convert;
mod definitions;
mod draft;
mod fields;
mod form;
mod html;
mod json;
mod later;
mod ledger;
mod names;
mod page;
mod pages;
mod record;
mod report;
mod statement;
mod subs;
mod types;
mod write;

pub use convert::{Brought, Converted, MOST, Unreadable, convert};
pub use ledger::{Account, Line, Place};
pub(super) use pages::routes;
pub use statement::Engine;
