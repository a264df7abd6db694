//! The one way out. Whatever calls another machine — a directory, a provider
//! of sign-ins, a log collector — comes through here, and goes only where an
//! operator allowed it.

mod address;
mod dial;
mod host;
mod http;
mod names;
mod rules;
mod tls;

pub use dial::{Egress, Error, Purpose};
pub use host::Host;
pub use http::{Answer, Ask, Call, Get, Post};
pub use tls::{Client, Presented, ROOTS, Trust};
