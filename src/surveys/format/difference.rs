//! What another version does to the data: variables and codes that come, go or change.

use super::Survey;
use crate::surveys::map::Variable;

/// One change, in terms of what is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The variable's key.
    pub variable: String,
    /// The code it is about, when it is about one.
    pub code: Option<i64>,
    /// A sentence without a full stop.
    pub what: String,
    /// Answers that were given would not be understood any more.
    pub is_breaking: bool,
}

/// What changes from `old` to `new`, in the order of the new one, then what went.
pub fn changes(old: &Survey, new: &Survey) -> Vec<Change> {
    let (before, after) = (variables(old), variables(new));
    let mut changes = Vec::new();
    for variable in &after {
        match before.iter().find(|known| known.key == variable.key) {
            Some(known) => compare(known, variable, &mut changes),
            None => changes.push(change(variable, None, "is new".to_owned(), false)),
        }
    }
    for variable in &before {
        if after.iter().all(|known| known.key != variable.key) {
            changes.push(change(variable, None, "is gone".to_owned(), true));
        }
    }
    changes
}

fn variables(survey: &Survey) -> Vec<Variable> {
    let blocks = survey.blocks();
    blocks
        .flat_map(|block| block.kind.variables(block))
        .collect()
}

fn change(variable: &Variable, code: Option<i64>, what: String, is_breaking: bool) -> Change {
    Change {
        variable: variable.key.clone(),
        code,
        what,
        is_breaking,
    }
}

fn compare(old: &Variable, new: &Variable, changes: &mut Vec<Change>) {
    if old.kind != new.kind {
        let what = format!("was {} and is {} now", old.kind.name(), new.kind.name());
        changes.push(change(new, None, what, true));
    }
    if old.question != new.question {
        let what = "is asked in other words".to_owned();
        changes.push(change(new, None, what, false));
    }
    for code in &new.codes {
        let what = match old.code(code.code) {
            None => Some((format!("code {} is new", code.code), false)),
            Some(known) if known.label != code.label => {
                Some((format!("code {} says something else", code.code), true))
            }
            Some(_) => None,
        };
        if let Some((what, is_breaking)) = what {
            changes.push(change(new, Some(code.code), what, is_breaking));
        }
    }
    for code in &old.codes {
        if new.code(code.code).is_none() {
            let what = format!("code {} is gone", code.code);
            changes.push(change(new, Some(code.code), what, true));
        }
    }
}
