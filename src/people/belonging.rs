//! What a workspace says of its people: which groups they are in, and which
//! attributes they have.

use std::collections::BTreeMap;

use crate::id;
use crate::web::{Faults, Fields};

use super::model::{Error, Member};

id!(GroupId);

/// The longest name of a group, and of an attribute, in characters.
const NAME: usize = 60;
/// The longest value of an attribute, in characters.
const VALUE: usize = 200;
/// So many attributes one member may have.
const MOST: usize = 30;
/// What `user.…` means already, whatever a workspace says of somebody.
const TAKEN: [&str; 5] = ["id", "name", "email", "role", "groups"];

/// People of a workspace under one name.
#[derive(Clone, Debug)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub members: i64,
}

/// A member with all that is said of them: what a decision about them needs.
#[derive(Clone, Debug)]
pub struct Profile {
    pub member: Member,
    pub groups: Vec<(GroupId, String)>,
    pub attributes: BTreeMap<String, String>,
    /// Open sessions, and keys that are good.
    pub sessions: i64,
    pub keys: i64,
}

impl Profile {
    pub(super) fn is_in(&self, group: GroupId) -> bool {
        self.groups.iter().any(|(id, _)| *id == group)
    }
}

/// A group's name in small letters, as files and policies write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GroupName(String);

impl GroupName {
    pub(super) fn parse(text: &str) -> Result<GroupName, Error> {
        let name = text.trim().to_lowercase();
        let is_fine = !name.is_empty()
            && name.chars().count() <= NAME
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '&'));
        if is_fine {
            Ok(GroupName(name))
        } else {
            Err(Error::BadGroup)
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a form says of a member: names and values that can be kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes(pub(super) BTreeMap<String, String>);

impl Attributes {
    /// The fields `name-0`, `value-0` and on. A pair without a value is left
    /// out. Faults stand at the field.
    pub(super) fn parse(fields: &Fields) -> Result<Attributes, Faults> {
        let mut kept = BTreeMap::new();
        let mut faults = Faults::default();
        for (at, (name, value)) in typed(fields).into_iter().enumerate() {
            let (name, value) = (name.trim().to_lowercase(), value.trim().to_owned());
            if value.is_empty() {
                continue;
            }
            if let Some(fault) = unfit_name(&name) {
                faults.add(&format!("name-{at}"), fault);
            } else if kept.contains_key(&name) {
                faults.add(&format!("name-{at}"), format!("`{name}` is here twice"));
            }
            if value.chars().count() > VALUE || value.chars().any(char::is_control) {
                let fault = format!("a value is one line of at most {VALUE} characters");
                faults.add(&format!("value-{at}"), fault);
            }
            kept.insert(name, value);
        }
        if kept.len() > MOST {
            faults.add("name-0", format!("a member has at most {MOST} attributes"));
        }
        if faults.is_empty() {
            Ok(Attributes(kept))
        } else {
            Err(faults)
        }
    }
}

/// The pairs of a form as they were typed.
pub(super) fn typed(fields: &Fields) -> Vec<(String, String)> {
    let pair = |at: usize| {
        let name = fields.get(&format!("name-{at}"))?;
        let value = fields.get(&format!("value-{at}")).unwrap_or_default();
        Some((name.to_owned(), value.to_owned()))
    };
    (0..=MOST + 1).map_while(pair).collect()
}

fn unfit_name(name: &str) -> Option<String> {
    let is_fine = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= NAME
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'));
    if TAKEN.contains(&name) {
        return Some(format!(
            "`user.{name}` has a meaning already; choose another name"
        ));
    }
    (!is_fine).then(|| {
        format!(
            "write a name such as region: a small letter, then small letters, digits, - and _, at most {NAME}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs = Vec<(String, String)>;

    fn parse(query: &str) -> Result<Pairs, Pairs> {
        let owned = |(name, fault): (&str, &str)| (name.to_owned(), fault.to_owned());
        match Attributes::parse(&Fields::parse(query)) {
            Ok(kept) => Ok(kept.0.into_iter().collect()),
            Err(faults) => Err(faults.iter().map(owned).collect()),
        }
    }

    #[test]
    fn a_group_is_named_in_small_letters_and_in_one_line() {
        assert_eq!(
            GroupName::parse(" Sales & Öre ").unwrap().as_str(),
            "sales & öre"
        );
        let long = "a".repeat(61);
        for wrong in ["", "  ", "a\nb", "a,b", "group:sales", "<b>", &long] {
            assert!(GroupName::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_pair_without_a_value_is_taken_away() {
        let kept = parse("name-0=Region&value-0=eu&name-1=desk&value-1=&name-2=&value-2=").unwrap();
        assert_eq!(kept, [("region".to_owned(), "eu".to_owned())]);
    }

    #[test]
    fn an_attribute_cannot_pretend_to_be_what_the_server_knows() {
        for name in TAKEN {
            let faults = parse(&format!("name-0={name}&value-0=admin")).unwrap_err();
            assert!(faults[0].1.contains("has a meaning already"), "{name}");
        }
        for (form, field) in [
            ("name-0=a.b&value-0=x", "name-0"),
            ("name-0=&value-0=x", "name-0"),
            ("name-0=a&value-0=x&name-1=A&value-1=y", "name-1"),
            ("name-0=a&value-0=x%0Ay", "value-0"),
        ] {
            assert_eq!(parse(form).unwrap_err()[0].0, field, "{form}");
        }
    }
}
