//! The pages respondents see: no cookie, no session; the address is the key.

mod frame;
mod langs;
mod pages;

pub use langs::name as lang_name;
pub use pages::routes;
