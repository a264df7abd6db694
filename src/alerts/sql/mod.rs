//! The tables of alerts.

mod inbox;

pub(super) use inbox::*;
