//! Whom a test asks as: nobody who has an account, but a person as the file describes one.

use std::collections::BTreeMap;

use crate::apps::format::{Context, User};
use crate::base::Time;
use crate::store::Asker;

/// What is said by name and is no attribute.
const NAMED: [&str; 5] = ["id", "name", "email", "role", "groups"];

pub(super) struct Subject {
    said: BTreeMap<String, String>,
    groups: Vec<String>,
    attributes: BTreeMap<String, String>,
}

impl Subject {
    /// Of the pairs in `as`.
    pub(super) fn of(pairs: &[(String, String)]) -> Subject {
        let said: BTreeMap<String, String> = pairs.iter().cloned().collect();
        let groups = said.get("groups").map(String::as_str).unwrap_or_default();
        let groups = groups.split(',').map(str::trim);
        let groups = groups.filter(|group| !group.is_empty());
        let groups = groups.map(str::to_owned).collect();
        let attributes = said
            .iter()
            .filter(|(key, _)| !NAMED.contains(&key.as_str()));
        let attributes = attributes.map(|(key, value)| (key.clone(), value.clone()));
        Subject {
            groups,
            attributes: attributes.collect(),
            said,
        }
    }

    fn get(&self, key: &str) -> &str {
        self.said.get(key).map(String::as_str).unwrap_or_default()
    }

    /// As parameters know them.
    pub(super) fn context<'a>(&'a self, now: Time, app: &'a str) -> Context<'a> {
        Context {
            now,
            user: Some(User {
                id: self.get("id"),
                name: self.get("name"),
                email: self.get("email"),
                role: self.get("role"),
                groups: &self.groups,
                attributes: &self.attributes,
            }),
            app,
        }
    }

    /// As policies know them.
    pub(super) fn asker(&self) -> Asker {
        let known = self.said.iter();
        let known = known.map(|(key, value)| (format!("user.{key}"), value.clone()));
        let groups = self.groups.iter().map(|group| format!("group:{group}"));
        let role = Some(self.get("role")).filter(|role| !role.is_empty());
        let role = role.map(|role| format!("role:{role}"));
        Asker {
            known: known.collect(),
            marks: role.into_iter().chain(groups).collect(),
        }
    }
}
