//! The whole product, one floor per paragraph, lowest first. A module may use
//! the floors below its own: not the ones above, and not its neighbours.
//! `tests/it/house_rules.rs` reads this file and holds us to it.

// Words every floor shares.
pub mod base;

// Where rows come from.
pub mod data;

// What people make: pages of widgets over data.
pub mod apps;
