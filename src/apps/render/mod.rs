//! A page of an app: its queries are run, its widgets shown.

mod ask;
mod bind;
mod choices;
mod grid;
mod lines;
mod page;
mod paging;
mod parts;
mod sample;
mod sql;
mod touched;
mod turn;

pub(super) use bind::{Who, asked, plain};
pub(super) use choices::{Chosen, search, strange};
pub(super) use page::{Ask, Drawn, Turned, draw, is_prefixed, page};
pub(super) use parts::{ListingOf, Step, export, part, query_page};
pub(super) use sample::sample;
pub(super) use touched::{asking, elsewhere, touched};
