//! What is done about backups, each with its line in the journal.

mod decisions;
mod destinations;
mod points;
mod restoring;
mod telling;

pub use decisions::{add_holder, go_on, hold, release};
pub(super) use decisions::{remove_holder, set_plan};
pub use destinations::{NewDestination, add_destination};
pub(super) use destinations::{Step, check, remove_destination};
pub use points::{Standing, standing};
pub(super) use points::{
    began, ended, give_up, gone, keep_test, lost, newest_base, proved_copies, setup,
};
pub(super) use restoring::{carried, definitions, put_back, replay, restored, tombstones};
pub(super) use telling::{overdue, raise_late, tell, tell_hold, tell_lost, tell_test};
