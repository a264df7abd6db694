//! One respondent's way as it is told: what became of each page and question.

use super::told::Because;
use super::walk::Step;
use crate::surveys::blocks::Role;
use crate::surveys::format::Outcome;

/// All of it, in the order of the way.
#[derive(Debug)]
pub struct Trace {
    pub pages: Vec<PageTrace>,
    pub quotas: Vec<QuotaTrace>,
    /// How it ended, and where.
    pub end: Option<(Outcome, String)>,
}

/// A page in one turn.
#[derive(Debug)]
pub struct PageTrace {
    pub step: Step,
    pub id: String,
    pub title: String,
    /// What the turn is about; or why a loop has none.
    pub about: String,
    pub fate: Fate,
    pub is_forced: bool,
    /// What stands against it, or would.
    pub because: Vec<Because>,
    /// The order of its questions, where chance made it.
    pub order: Vec<String>,
    pub asks: Vec<AskTrace>,
    /// Its ways out, where it was sent: each with what decided it.
    pub leaves: Vec<LeaveTrace>,
}

/// What became of a page or a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was shown and sent.
    Sent,
    /// It is what is asked now.
    Here,
    Skipped,
    /// The way has not come so far.
    Ahead,
    /// The way ended before.
    Never,
}

#[derive(Debug)]
pub struct AskTrace {
    pub id: String,
    pub kind: &'static str,
    pub text: String,
    pub fate: Fate,
    pub role: Role,
    /// It takes files: no value can be typed for it.
    pub takes_files: bool,
    /// The answer as a respondent reads it; empty where there is none.
    pub answer: String,
    /// How a value came about that nobody gave.
    pub how: String,
    pub because: Vec<Because>,
    /// The order of its items or rows, where chance made it.
    pub order: Vec<String>,
}

#[derive(Debug)]
pub struct LeaveTrace {
    pub outcome: Outcome,
    pub is_taken: bool,
    /// It would have been taken, and a page behind it was forced.
    pub is_passed: bool,
    pub because: Because,
}

#[derive(Debug)]
pub struct QuotaTrace {
    pub name: String,
    /// It counts this respondent; `None`: that is not known yet.
    pub counts: Option<bool>,
    pub taken: u32,
    pub target: u32,
    pub because: Vec<Because>,
}
