//! Equipment, places, checks and loans.

use super::Template;

pub(super) static KIND: Template = Template {
    name: "equipment",
    title: "Equipment register",
    about: "What there is, where it stands, who has it and when it has to be checked.",
    app: include_str!("app.toml"),
    tables: include_str!("tables.toml"),
};
