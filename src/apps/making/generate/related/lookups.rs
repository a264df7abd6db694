//! A row of another table named in a form: by what people call it, and by its key only
//! where that does not tell rows apart. Everything about it stands here.

use super::family::{Family, Link};
use super::sql;
use crate::apps::making::generate::text::quoted;

/// What a link is in the forms of its table.
pub(super) struct Lookup {
    /// Its parameter, a line of the file.
    pub(super) param: String,
    /// What stands below the field.
    pub(super) help: String,
    /// What the column takes, in a statement.
    pub(super) value: String,
    /// What has to hold for the statement to do anything.
    pub(super) condition: String,
}

impl Lookup {
    pub(super) fn of(family: &Family, link: &Link) -> Lookup {
        let (to, field) = (&family.shape(link.to).table, &link.field);
        let null = if link.is_required {
            ""
        } else {
            ", null = true"
        };
        let (kind, help) = match link.called(family) {
            Some(_) => (
                "type = \"text\", max = 200",
                format!("As it is called in {}", to.title),
            ),
            None => ("type = \"int\"", format!("Its number in {}", to.title)),
        };
        Lookup {
            param: format!("{field} = {{ from = \"form.{field}\", {kind}{null} }}\n"),
            help: format!("{field} = {}", quoted(&help)),
            value: sql::key_of(link, &to.key, link.called(family), &to.name),
            condition: sql::is_one(link, link.called(family).unwrap_or(&to.key), &to.name),
        }
    }
}
