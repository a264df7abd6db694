//! SQL of what is kept apart: its names, and what lies in a file unsealed yet.

mod entries;
mod files;
mod names;
mod unsealed;

pub(super) use entries::seal_entries;
pub(super) use files::seal_files;
pub(super) use names::{all, begin, clean, is_begun, is_clean, names};
pub(super) use unsealed::{forget_events, is_any, seal_answers};

/// Values sealed in one transaction: others have their turn in between.
const AT_A_TIME: u32 = 500;
