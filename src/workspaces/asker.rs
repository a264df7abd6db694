//! A person as policies know them.

use crate::store::Asker;
use crate::web::Person;

/// What `ctx('user.…')` gives for somebody, and the marks policies free by. What
/// the workspace says of people cannot stand in for what is known of them.
pub fn asker(person: &Person) -> Asker {
    let said = person.attributes.iter();
    let said = said.map(|(name, value)| (format!("user.{name}"), value.clone()));
    let known = [
        ("user.id", person.id.to_string()),
        ("user.name", person.name.clone()),
        ("user.email", person.email.clone()),
        ("user.role", person.role.name().to_owned()),
        ("user.groups", person.groups.join(",")),
    ];
    let known = known.map(|(name, value)| (name.to_owned(), value));
    let groups = person.groups.iter().map(|group| format!("group:{group}"));
    let role = format!("role:{}", person.role.name());
    Asker {
        known: said.chain(known).collect(),
        marks: [role].into_iter().chain(groups).collect(),
    }
}
