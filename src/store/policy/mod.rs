//! Who may see and change which rows and columns, enforced by the engine: what
//! binds somebody becomes views of their connection that stand before the tables.

mod asking;
mod check;
mod gate;
#[cfg(test)]
mod hostile_tests;
mod kept;
mod model;
mod reading;
mod views;
mod writing;

pub(super) use asking::{asking, register};
pub(super) use kept::Kept;
pub(super) use model::{Bound, Rules};
pub(super) use reading::Governed;
pub(super) use writing::{Guard, answer, guard, is_foreign, may_write, run};

pub use kept::{forget_policy, keep_policy, policies};
pub use model::{Asker, Layer, Policy, Somebody};
pub use writing::{add, look};
