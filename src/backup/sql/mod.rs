//! Plan, destinations, points, holds, ledger and tests in the system database.

mod definitions;
mod plan;
mod points;
mod records;
mod sources;

pub(super) use definitions::{Definitions, definitions, go_on_after, put_definitions};
pub(super) use plan::{
    add_destination, add_holder, destination_of, destinations, holders, plan, remove_destination,
    remove_holder, set_plan, told, used,
};
pub(super) use points::{add_copy, begin, copies, end, forget, give_up, points, remove_copy};
pub(super) use records::{add_hold, add_test, destroyed, holds, ledger, proved, release, tests};
pub(super) use sources::sources;
