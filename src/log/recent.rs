//! The latest warnings and errors, kept in memory so that a page can show them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing::Level;

use super::line::Category;
use crate::base::Time;

const MOST: usize = 200;

/// The log belongs to the process, not to an installation in it: so does this.
static RECENT: Mutex<VecDeque<Kept>> = Mutex::new(VecDeque::new());

/// A line as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub at: Time,
    pub level: Level,
    pub category: Category,
    /// Empty when no request was being answered.
    pub request: String,
    pub text: String,
}

pub(super) fn keep(line: Kept) {
    let mut recent = lock();
    if recent.len() >= MOST {
        recent.pop_front();
    }
    recent.push_back(line);
}

/// The latest lines, newest first.
pub fn recent() -> Vec<Kept> {
    lock().iter().rev().cloned().collect()
}

fn lock() -> MutexGuard<'static, VecDeque<Kept>> {
    RECENT.lock().unwrap_or_else(PoisonError::into_inner)
}
