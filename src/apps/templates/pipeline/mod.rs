//! Rows brought in, cleaned, and handed on.

use super::Template;

pub(super) static KIND: Template = Template {
    name: "pipeline",
    title: "Data pipeline",
    about: "Rows as they came, cleaned by a press into rows that may be used, with a log of the runs and files to take along.",
    app: include_str!("app.toml"),
    tables: include_str!("tables.toml"),
};
