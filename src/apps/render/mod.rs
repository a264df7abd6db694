//! A page of an app: its queries are run, its widgets shown.

mod ask;
mod bind;
mod grid;
mod page;
mod paging;
mod parts;
mod sample;
mod sql;
mod touched;

pub(super) use bind::{Who, asked};
pub(super) use page::{Ask, Turned, draw, page};
pub(super) use parts::{ListingOf, Step, export, part, query_page};
pub(super) use sample::sample;
pub(super) use touched::touched;
