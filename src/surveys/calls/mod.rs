//! Calls of surveys: in the middle of somebody's way this server asks another machine, and
//! what it says are answers of theirs.
//!
//! What is guaranteed: a machine is asked once for a respondent, a block and a turn. What it
//! said, or that it failed and why, is kept in the transaction that leads on, and whoever was
//! first has it: reloading, going back, two tabs and a restart ask nothing again and change
//! nothing. Where this process ends between their answer and our note of it, they are asked
//! once more. Nothing waits on a lock of a database while a machine answers.

mod address;
mod asking;
mod headers;
mod plan;
mod reason;
mod sealing;
mod seats;
pub(in crate::surveys) mod sql;
mod taking;
mod trust;

pub use address::Address;
pub use asking::{Asking, ask};
pub use headers::{Header, is_secret_name};
pub use plan::Plan;
pub use reason::Went;
pub(in crate::surveys) use sealing::{key, open, seal};
pub use seats::{Calls, Flight};
pub use taking::{Sort, Take};
pub(in crate::surveys) use trust::{Obstacle, obstacle};
