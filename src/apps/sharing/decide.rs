//! The one place where it is decided who may do what with an app: a pure
//! function that tells each rule it looked at. Enforcement and explanation
//! both ask it.

use std::fmt;

use super::model::{Act, Asking, Rules};
use crate::apps::format::Name;
use crate::web::{Right, Role};

/// Yes or no, and how it came to that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::apps) struct Decision {
    pub(in crate::apps) is_given: bool,
    /// Each rule that was looked at, in order; the last one decides.
    pub(super) steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) looked_at: LookedAt,
    pub(super) verdict: Verdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Gives,
    Refuses,
    GoesOn,
}

impl Verdict {
    pub(super) fn word(self) -> &'static str {
        match self {
            Verdict::Gives => "allowed",
            Verdict::Refuses => "refused",
            Verdict::GoesOn => "goes on",
        }
    }
}

/// Where names stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    File,
    Page,
}

/// A rule, with what it found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LookedAt {
    Role(Role, Right, bool),
    Admin(bool),
    Unreadable,
    Named(Place, Act, Name),
    Others(Place, Act),
    Nobody(Place, Act),
    /// No list names anybody.
    Anybody(Act),
    /// Publishing is not limited: it goes by editing.
    AsEditing,
    Through(Act, bool),
    NotNamed(Act),
}

/// May they do that to the app these rules are of?
pub(super) fn decide(who: &Asking<'_>, act: Act, rules: &Rules) -> Decision {
    let mut walk = Walk {
        who,
        rules,
        steps: Vec::new(),
    };
    let is_given = walk.act(act);
    Decision {
        is_given,
        steps: walk.steps,
    }
}

/// May they do that to anything at all? Tables and queries have no other rule.
pub(super) fn decide_right(who: &Asking<'_>, right: Right) -> Decision {
    let is_given = who.role.may(right);
    let looked_at = LookedAt::Role(who.role, right, is_given);
    let verdict = if is_given {
        Verdict::Gives
    } else {
        Verdict::Refuses
    };
    Decision {
        is_given,
        steps: vec![Step { looked_at, verdict }],
    }
}

struct Walk<'a> {
    who: &'a Asking<'a>,
    rules: &'a Rules,
    steps: Vec<Step>,
}

impl Walk<'_> {
    fn act(&mut self, act: Act) -> bool {
        let (role, right) = (self.who.role, act.right());
        if !role.may(right) {
            return self.refuses(LookedAt::Role(role, right, false));
        }
        self.goes_on(LookedAt::Role(role, right, true));
        if role == Role::Admin {
            return self.gives(LookedAt::Admin(true));
        }
        self.goes_on(LookedAt::Admin(false));
        let Some(file) = &self.rules.file else {
            return self.refuses(LookedAt::Unreadable);
        };
        let places = [(Place::File, file), (Place::Page, &self.rules.page)];
        let mut is_limited = false;
        for (place, lists) in places {
            let names = lists.of(act);
            if let Some(name) = names.iter().find(|name| self.who.is(name)) {
                return self.gives(LookedAt::Named(place, act, name.clone()));
            }
            is_limited |= !names.is_empty();
            self.goes_on(if names.is_empty() {
                LookedAt::Nobody(place, act)
            } else {
                LookedAt::Others(place, act)
            });
        }
        match (act, is_limited) {
            (Act::Open | Act::Edit, false) => self.gives(LookedAt::Anybody(act)),
            (Act::Publish, false) => {
                self.goes_on(LookedAt::AsEditing);
                self.act(Act::Edit)
            }
            (Act::Edit | Act::Publish, true) => self.refuses(LookedAt::NotNamed(act)),
            (Act::Open, true) => self.through(),
        }
    }

    /// Whoever works on an app sees its rows in any case.
    fn through(&mut self) -> bool {
        for act in [Act::Edit, Act::Publish] {
            if decide(self.who, act, self.rules).is_given {
                return self.gives(LookedAt::Through(act, true));
            }
            self.goes_on(LookedAt::Through(act, false));
        }
        self.refuses(LookedAt::NotNamed(Act::Open))
    }

    fn gives(&mut self, looked_at: LookedAt) -> bool {
        self.step(looked_at, Verdict::Gives);
        true
    }

    fn refuses(&mut self, looked_at: LookedAt) -> bool {
        self.step(looked_at, Verdict::Refuses);
        false
    }

    fn goes_on(&mut self, looked_at: LookedAt) {
        self.step(looked_at, Verdict::GoesOn);
    }

    fn step(&mut self, looked_at: LookedAt, verdict: Verdict) {
        self.steps.push(Step { looked_at, verdict });
    }
}

fn deed(right: Right) -> &'static str {
    match right {
        Right::UseApps => "open apps",
        Right::Build => "edit apps, tables and queries",
        Right::ManageMembers => "look after members",
        Right::ReadAudit => "read the audit log",
        Right::ReadSettings => "read the settings",
        Right::Operate => "operate the server",
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Place::File => "The file of the version in use",
            Place::Page => "The sharing page",
        })
    }
}

impl fmt::Display for LookedAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LookedAt::Role(role, right, is_enough) => {
                let may = if *is_enough { "may" } else { "may never" };
                write!(f, "The role {} {may} {}.", role.name(), deed(*right))
            }
            LookedAt::Admin(true) => {
                f.write_str("Admins may do everything with every app: they answer for it.")
            }
            LookedAt::Admin(false) => f.write_str("Not an admin, so the app's lists decide."),
            LookedAt::Unreadable => f.write_str(
                "The version in use cannot be read, so nobody but an admin gets at it until it is mended.",
            ),
            LookedAt::Named(place, act, name) => {
                write!(f, "{place} lets {name} {}, and that is them.", act.name())
            }
            LookedAt::Others(place, act) => {
                write!(f, "{place} says who may {}, and does not name them.", act.name())
            }
            LookedAt::Nobody(place, act) => {
                write!(f, "{place} names nobody to {} it.", act.name())
            }
            LookedAt::Anybody(Act::Open) => f.write_str(
                "No list says who may open it, so whoever may open apps may open this one.",
            ),
            LookedAt::Anybody(act) => write!(
                f,
                "No list says who may {} it, so every builder may.",
                act.name()
            ),
            LookedAt::AsEditing => f.write_str(
                "No list says who may publish it, so whoever may edit it may. The rules of editing follow.",
            ),
            LookedAt::Through(act, true) => {
                write!(f, "They may {} it, and so may open it.", act.name())
            }
            LookedAt::Through(act, false) => {
                write!(f, "They may not {} it either.", act.name())
            }
            LookedAt::NotNamed(act) => {
                write!(f, "Others may {} it, and no list names them.", act.name())
            }
        }
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
