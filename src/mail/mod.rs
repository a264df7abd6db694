//! How the instance writes to people: the server that takes its mail, the queue
//! in which letters wait, and what letters say.

mod actions;
mod form;
mod letter;
mod message;
mod model;
mod pages;
mod post;
mod server;
mod smtp;
mod sql;
mod wire;

pub use actions::{deliver, discard_for, is_on, send, watch};
pub use letter::{Kind, Letter, Recipient, Words};
pub use message::is_address;
pub use model::LetterId;
pub use pages::routes;
pub use post::{Facts, NoPost, Post, Sheet, Undelivered, facts};
