//! Plan, destinations, points, holds, ledger and tests in the system database.

mod definitions;
mod plan;
mod points;
mod records;
mod sources;

pub(super) use definitions::*;
pub(super) use plan::*;
pub(super) use points::*;
pub(super) use records::*;
pub(super) use sources::*;
