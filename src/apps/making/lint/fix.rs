//! What puts a finding right at a press: an edit of the text, or an index.

use crate::apps::editing::Unfit;
use crate::base::written::edit::{Step, put, remove_named, set_list};

#[derive(Clone, Debug, PartialEq)]
pub(in crate::apps::making) enum Fix {
    /// Writes a value at a key.
    Put {
        path: Vec<Step>,
        key: &'static str,
        value: String,
    },
    /// Writes a list at a key.
    List {
        path: Vec<Step>,
        key: &'static str,
        values: Vec<String>,
    },
    /// Takes a named section out.
    Take {
        above: &'static str,
        name: String,
    },
    Index {
        table: String,
        column: String,
    },
}

impl Fix {
    /// What the button says.
    pub(in crate::apps::making) fn label(&self) -> String {
        match self {
            Fix::Put { key, value, .. } => format!("Write {key} = {value}"),
            Fix::List { key, .. } => format!("Add it to {key}"),
            Fix::Take { above, name } => format!("Take out the {above} {name}"),
            Fix::Index { table, column } => format!("Make an index on {table}.{column}"),
        }
    }

    /// The text with the change; the same text where it is no change of the text.
    pub(in crate::apps::making) fn written(&self, text: &str) -> Result<String, Unfit> {
        match self {
            Fix::Put { path, key, value } => put(text, path, key, value),
            Fix::List { path, key, values } => set_list(text, path, key, values),
            Fix::Take { above, name } => remove_named(text, &[Step::key(above)], name),
            Fix::Index { .. } => Ok(text.to_owned()),
        }
    }
}
