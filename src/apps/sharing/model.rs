//! What is asked, and what it is decided by.

use crate::apps::format::{Access, Name};
use crate::web::{Person, Right, Role};

/// What one may do with an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::apps) enum Act {
    Open,
    Edit,
    Publish,
}

impl Act {
    pub(super) const ALL: [Act; 3] = [Act::Open, Act::Edit, Act::Publish];

    pub(super) fn name(self) -> &'static str {
        match self {
            Act::Open => "open",
            Act::Edit => "edit",
            Act::Publish => "publish",
        }
    }

    pub(super) fn named(name: &str) -> Option<Act> {
        Act::ALL.into_iter().find(|act| act.name() == name)
    }

    /// Without it nobody does this to any app, whatever lists say.
    pub(super) fn right(self) -> Right {
        match self {
            Act::Open => Right::UseApps,
            Act::Edit | Act::Publish => Right::Build,
        }
    }
}

/// Whom a decision is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking<'a> {
    pub(super) role: Role,
    pub(super) email: &'a str,
    pub(super) groups: &'a [String],
}

impl<'a> Asking<'a> {
    pub(super) fn of(person: &'a Person) -> Asking<'a> {
        Asking {
            role: person.role,
            email: &person.email,
            groups: &person.groups,
        }
    }

    pub(super) fn is(&self, name: &Name) -> bool {
        match name {
            Name::Role(role) => *role == self.role,
            Name::Group(group) => self.groups.contains(group),
            Name::Person(email) => email == self.email,
        }
    }
}

/// Who is named for each act, in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lists {
    pub(super) open: Vec<Name>,
    pub(super) edit: Vec<Name>,
    pub(super) publish: Vec<Name>,
}

impl Lists {
    /// `None` when an entry cannot be read: then nobody knows whom it means.
    pub(super) fn of_file(access: &Access) -> Option<Lists> {
        let read = |entries: &[String]| -> Option<Vec<Name>> {
            entries
                .iter()
                .map(|entry| Name::parse(entry).ok())
                .collect()
        };
        Some(Lists {
            open: read(&access.open)?,
            edit: read(&access.edit)?,
            publish: read(&access.publish)?,
        })
    }

    pub(super) fn of(&self, act: Act) -> &[Name] {
        match act {
            Act::Open => &self.open,
            Act::Edit => &self.edit,
            Act::Publish => &self.publish,
        }
    }

    pub(super) fn of_mut(&mut self, act: Act) -> &mut Vec<Name> {
        match act {
            Act::Open => &mut self.open,
            Act::Edit => &mut self.edit,
            Act::Publish => &mut self.publish,
        }
    }
}

/// What decides about one app.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    /// What the text of the version in use says; `None` when it cannot be read.
    /// A draft says nothing until it is published.
    pub(super) file: Option<Lists>,
    /// What its sharing page adds.
    pub(super) page: Lists,
}
