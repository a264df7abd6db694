//! The tables of alerts.

mod carers;
mod inbox;
mod reading;
mod targets;

pub(super) use carers::*;
pub(super) use inbox::*;
pub(super) use reading::*;
pub(super) use targets::*;
