//! What the product promises, and whether this instance keeps it: checks, the
//! Security page, reviews of the logs, facts about the hosting, evidence.

mod actions;
mod checks;
mod document;
mod facts;
mod finding;
mod hosting;
mod masked;
mod pack;
mod packing;
mod pages;
mod parts;
mod register;
mod reviews;
mod sql;
mod table;
mod watch;

pub use checks::look as check_all;
pub use document::{DATED, TEXT as DOCUMENT, VERSION};
pub use facts::Facts;
pub use finding::{Area, Found, Level, worst};
pub use hosting::FactId;
pub use pack::{Checked, Flaw, check as check_pack};
pub use packing::Making;
pub use pages::{PUBLIC, Surface, Trust, routes};
pub use parts::Purpose;
pub use reviews::ReviewId;
pub use watch::{look, look_long, watch};
