//! What a policy is, and what binds one person.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What of a table is let through: rows that meet a condition, columns as
/// expressions show them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    /// A condition; every row when there is none.
    pub rows: Option<String>,
    /// Column and the expression shown instead of it.
    pub mask: Vec<(String, String)>,
}

impl Layer {
    pub fn is_empty(&self) -> bool {
        self.rows.is_none() && self.mask.is_empty()
    }
}

/// The policy of a table: it binds everybody but those it names as free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub table: String,
    pub layer: Layer,
    /// Marks such as `role:admin` or `group:sales`.
    pub free: Vec<String>,
}

/// Who asks, as policies know them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asker {
    /// What `ctx('…')` gives, such as `user.region`.
    pub known: BTreeMap<String, String>,
    /// `role:builder`, `group:sales` and the like.
    pub marks: Vec<String>,
}

/// Whoever a file is used for. They are asked who they are when a policy binds,
/// which it seldom does.
pub trait Somebody: Send + Sync {
    fn asker(&self) -> Asker;
}

impl Somebody for Asker {
    fn asker(&self) -> Asker {
        self.clone()
    }
}

/// The layers before each governed table. A later layer sees what the one
/// before it lets through, and no more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Rules {
    pub(super) tables: Vec<(String, Vec<Layer>)>,
}

impl Rules {
    /// What binds somebody with these marks; `within` is what the app they are
    /// in says besides, for everybody.
    pub(in crate::store) fn of(
        policies: &[Policy],
        marks: &[String],
        within: &[(String, Layer)],
    ) -> Rules {
        let mut rules = Rules::default();
        let binding = policies
            .iter()
            .filter(|policy| !policy.free.iter().any(|mark| marks.contains(mark)));
        for policy in binding {
            rules.add(&policy.table, &policy.layer);
        }
        for (table, layer) in within {
            rules.add(table, layer);
        }
        rules
    }

    fn add(&mut self, table: &str, layer: &Layer) {
        let name = table.to_ascii_lowercase();
        match self.tables.iter_mut().find(|(known, _)| *known == name) {
            Some((_, layers)) => layers.push(layer.clone()),
            None => self.tables.push((name, vec![layer.clone()])),
        }
    }

    pub(in crate::store) fn governs(&self, table: &str) -> bool {
        { self.tables.iter() }.any(|(known, _)| known.eq_ignore_ascii_case(table))
    }

    pub(in crate::store) fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }
}

/// What binds a person, and who they are.
#[derive(Clone, Debug)]
pub(in crate::store) struct Bound {
    pub(in crate::store) rules: Arc<Rules>,
    pub(in crate::store) asker: Arc<Asker>,
}
