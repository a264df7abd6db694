//! A page of an app: its queries are run, its widgets shown.

mod ask;
mod bind;
mod page;
mod paging;
mod parts;
mod sql;

pub(super) use bind::{Who, asked};
pub(super) use page::{Ask, draw, page};
pub(super) use parts::{ListingOf, Step, export, part, query_page};
