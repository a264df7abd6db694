//! A policy as its form has it.

use crate::data::tables::Table;
use crate::store::{Layer, Policy};
use crate::web::{Faults, Fields, Role};

/// Lengths an expression may have.
const MOST: usize = 2_000;

/// What stands in the form.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub(super) rows: String,
    /// One for each column that may be masked: name, title and expression.
    pub(super) masks: Vec<(String, String, String)>,
    pub(super) roles: Vec<String>,
    pub(super) groups: String,
}

impl Typed {
    /// The policy a table has; where it has none, admins are free to begin with.
    pub(super) fn of(table: &Table, policy: Option<&Policy>) -> Typed {
        let free = policy.map_or_else(
            || vec!["role:admin".to_owned()],
            |policy| policy.free.clone(),
        );
        let named = |start: &str| {
            let marks = free.iter().filter_map(|mark| mark.strip_prefix(start));
            marks.map(str::to_owned).collect::<Vec<_>>()
        };
        let layer = policy
            .map(|policy| policy.layer.clone())
            .unwrap_or_default();
        let mask = |column: &str| {
            let mut masks = layer.mask.iter();
            let mask = masks.find(|(name, _)| name == column);
            mask.map(|(_, shown)| shown.clone()).unwrap_or_default()
        };
        Typed {
            masks: masks(table, mask),
            roles: named("role:"),
            groups: named("group:").join(", "),
            rows: layer.rows.unwrap_or_default(),
        }
    }

    pub(super) fn sent(table: &Table, fields: &Fields) -> Typed {
        let text = |name: &str| fields.get(name).unwrap_or_default().replace("\r\n", "\n");
        let is_role = |name: &&str| Role::named(name).is_some();
        Typed {
            rows: text("rows"),
            masks: masks(table, |column| text(&format!("mask.{column}"))),
            roles: fields
                .all("role")
                .filter(is_role)
                .map(str::to_owned)
                .collect(),
            groups: text("groups"),
        }
    }

    /// The policy it says, before the engine looked at it.
    pub(super) fn policy(&self, table: &str) -> Result<Policy, Faults> {
        let mut faults = Faults::default();
        let mut text = |field: &str, text: &str| {
            if text.chars().count() > MOST {
                faults.add(
                    field,
                    format!("an expression has at most {MOST} characters"),
                );
            }
            let text = text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let rows = text("rows", &self.rows);
        let masks = self.masks.iter();
        let mask = masks.filter_map(|(column, _, shown)| {
            Some((column.clone(), text(&format!("mask.{column}"), shown)?))
        });
        let mask: Vec<_> = mask.collect();
        let layer = Layer { rows, mask };
        if layer.is_empty() {
            faults.add("rows", "say which rows people see, or mask a column below");
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let roles = self.roles.iter().map(|role| format!("role:{role}"));
        let groups = self
            .groups
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let groups = groups.map(|group| format!("group:{group}"));
        Ok(Policy {
            table: table.to_owned(),
            layer,
            free: roles.chain(groups).collect(),
        })
    }

    pub(super) fn frees(&self, role: Role) -> bool {
        self.roles.iter().any(|name| name == role.name())
    }
}

fn masks(table: &Table, shown: impl Fn(&str) -> String) -> Vec<(String, String, String)> {
    let columns = table
        .columns
        .iter()
        .filter(|column| column.name != table.key);
    let one = |column: &crate::data::tables::TableColumn| {
        (
            column.name.clone(),
            column.title.clone(),
            shown(&column.name),
        )
    };
    columns.map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ColumnType;
    use crate::data::tables::TableColumn;

    fn table() -> Table {
        let column = |name: &str| TableColumn {
            name: name.to_owned(),
            title: name.to_owned(),
            kind: ColumnType::Text,
        };
        Table {
            name: "orders".to_owned(),
            title: "Orders".to_owned(),
            key: "id".to_owned(),
            columns: ["id", "region", "email"].map(column).into(),
            references: Vec::new(),
        }
    }

    #[test]
    fn a_form_is_a_policy_and_the_policy_the_form() {
        let fields = Fields::parse(
            "rows=region+%3D+1&mask.id=1&mask.email=null&role=admin&role=nobody&groups=sales,+ops+,",
        );
        let typed = Typed::sent(&table(), &fields);
        let policy = typed.policy("orders").unwrap();

        assert_eq!(policy.layer.rows.as_deref(), Some("region = 1"));
        assert_eq!(policy.layer.mask, [("email".to_owned(), "null".to_owned())]);
        assert_eq!(policy.free, ["role:admin", "group:sales", "group:ops"]);
        let again = Typed::of(&table(), Some(&policy));
        assert_eq!(again.policy("orders").unwrap(), policy);
    }

    #[test]
    fn a_policy_says_something() {
        let typed = Typed::sent(&table(), &Fields::parse("rows=+&mask.email="));
        assert_eq!(
            typed.policy("orders").unwrap_err().at("rows"),
            Some("say which rows people see, or mask a column below")
        );
    }
}
