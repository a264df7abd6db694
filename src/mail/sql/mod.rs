//! The tables of mail.

mod queue;
mod server;

pub(super) use queue::*;
pub(super) use server::*;
