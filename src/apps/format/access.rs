//! Whom an app's `[access]` names.

use std::fmt;

use super::file::File;
use super::{App, Level};
use crate::base::written::{Notes, suggestion};
use crate::web::{Right, Role};

/// An entry of a list: everybody of a role, everybody in a group, or one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    Role(Role),
    /// In small letters.
    Group(String),
    /// The e-mail address in small letters.
    Person(String),
}

impl Name {
    /// # Errors
    ///
    /// A sentence for whoever writes the file.
    pub fn parse(text: &str) -> Result<Name, String> {
        let (kind, name) = text.split_once(':').unwrap_or((text, ""));
        let name = name.trim().to_lowercase();
        match kind.trim() {
            _ if name.is_empty() => Err(shape(text)),
            "role" => Role::named(&name).map(Name::Role).ok_or_else(|| {
                let known = Role::ALL.map(Role::name);
                let near = suggestion(&name, &known);
                format!("there is no role `{name}`{near}")
            }),
            "group" => Ok(Name::Group(name)),
            "person" if name.contains('@') => Ok(Name::Person(name)),
            _ => Err(shape(text)),
        }
    }
}

fn shape(text: &str) -> String {
    format!("`{text}` names nobody; write role:builder, group:sales or person:ada@example.org")
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Role(role) => write!(f, "role:{}", role.name()),
            Name::Group(name) => write!(f, "group:{name}"),
            Name::Person(email) => write!(f, "person:{email}"),
        }
    }
}

/// A list with a name nobody understands would keep out whom it means, or let
/// in whom it does not: such a file is not published.
pub(super) fn check(file: &File<'_>, app: &App, notes: &mut Notes) {
    let lists = [
        ("open", &app.access.open, Right::UseApps),
        ("edit", &app.access.edit, Right::Build),
        ("publish", &app.access.publish, Right::Build),
    ];
    for (key, entries, right) in lists {
        let at = file.at(&["access", key]);
        for entry in entries {
            match Name::parse(entry) {
                Err(message) => notes.add(at, Level::Refused, message),
                Ok(Name::Role(role)) if !role.may(right) => {
                    let role = role.name();
                    let message =
                        format!("the role {role} may never {key} an app; remove `{entry}`");
                    notes.add(at, Level::Refused, message);
                }
                Ok(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_names_a_role_a_group_or_a_person() {
        assert_eq!(Name::parse("role:builder"), Ok(Name::Role(Role::Builder)));
        assert_eq!(
            Name::parse("group: Sales EMEA "),
            Ok(Name::Group("sales emea".to_owned()))
        );
        assert_eq!(
            Name::parse("person:Ada@example.org"),
            Ok(Name::Person("ada@example.org".to_owned()))
        );
    }

    #[test]
    fn what_names_nobody_is_refused_with_the_way_to_write_it() {
        for wrong in ["", "sales", "group:", "team:sales", "person:ada", "Group:x"] {
            let said = Name::parse(wrong).unwrap_err();
            assert!(said.contains("write role:builder"), "{wrong}: {said}");
        }
        assert_eq!(
            Name::parse("role:bilder").unwrap_err(),
            "there is no role `bilder`; did you mean `builder`?"
        );
    }
}
