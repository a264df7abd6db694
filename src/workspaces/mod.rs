//! Tenants: a member's request is handed its own workspace's file, and no
//! other can be had from it.

mod asker;
mod pages;

pub use asker::asker;
pub use pages::Member;
