//! Statements put around a query whose rows are choices.

use crate::data::sql_text::Dialect;

/// What is searched, and the value that is looked for.
pub(in crate::apps::render) const FIND: &str = "onsight__find";
pub(in crate::apps::render) const VALUE: &str = "onsight__value";

/// All of them: what is saved, and what people read.
pub(in crate::apps::render) fn first(query: &str, value: &str, label: &str) -> String {
    // Asked in the workspace's own database only.
    let own = |name| Dialect::Sqlite.quoted(name);
    let (value, label) = (own(value), own(label));
    format!("select {value}, {label} from (\n{query}\n)")
}

/// Those in whose label the words stand.
pub(in crate::apps::render) fn found(query: &str, value: &str, label: &str) -> String {
    let all = first(query, value, label);
    let label = Dialect::Sqlite.quoted(label);
    format!("{all} where instr(lower({label}), lower(:{FIND})) > 0")
}

/// The one with that value.
pub(in crate::apps::render) fn chosen(query: &str, value: &str, label: &str) -> String {
    let all = first(query, value, label);
    format!("{all} where {} = :{VALUE}", Dialect::Sqlite.quoted(value))
}
