//! A person as policies know them.

use crate::store::{Asker, Somebody};
use crate::web::Person;

impl Somebody for Person {
    /// What `ctx('user.…')` gives for them, and the marks policies free by. What
    /// the workspace says of people cannot stand in for what is known of them.
    fn asker(&self) -> Asker {
        let said = self.attributes.iter();
        let said = said.map(|(name, value)| (format!("user.{name}"), value.clone()));
        let known = [
            ("user.id", self.id.to_string()),
            ("user.name", self.name.clone()),
            ("user.email", self.email.clone()),
            ("user.role", self.role.name().to_owned()),
            ("user.groups", self.groups.join(",")),
        ];
        let known = known.map(|(name, value)| (name.to_owned(), value));
        let groups = self.groups.iter().map(|group| format!("group:{group}"));
        let role = format!("role:{}", self.role.name());
        Asker {
            known: said.chain(known).collect(),
            marks: [role].into_iter().chain(groups).collect(),
        }
    }
}
