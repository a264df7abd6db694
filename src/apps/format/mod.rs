//! The app file: one TOML document that says everything an app is, `format = 1`.

mod access;
mod bind;
mod checks;
mod dates;
mod document;
mod file;
mod fits;
mod keys;
mod live;
mod load;
mod model;
mod outline;
mod param_checks;
mod read;
mod schema;
mod settings;
mod statement;
mod test_checks;
mod values;
mod widgets;
mod words;

pub use crate::base::written::{Level, Position, Problem};
pub use access::Name;
pub use bind::{Bound, Context, Fault, User};
pub(in crate::apps) use dates::relative;
pub use document::{Document, NewParam, NewQuery, NewWidget, Unfit};
pub use keys::{Hint, Key, KeyKind, KindSchema, Kinds, Names};
pub(in crate::apps) use keys::{PAGE, PARAM, QUERY, ROOT, TYPES, WIDGET};
pub use live::Live;
pub use model::{
    Access, App, Order, Page, Paging, Param, ParamType, Policy, Query, QueryKind, Source, Test,
    Use, Widget,
};
pub use outline::{AppOutline, PageOutline};
pub use schema::schema;
pub use settings::Settings;
pub use statement::Statement;
pub(in crate::apps) use words::{LIST, NAME, PAGE_ROWS, SCALE, SOURCES, VALUE_TYPES, Word};
