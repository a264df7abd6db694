//! Projects, their issues, and what was said about them.

use super::Template;

pub(super) static KIND: Template = Template {
    name: "issues",
    title: "Issue tracker",
    about: "Projects and what has to be done in them: a board, a list, comments on each issue.",
    app: include_str!("app.toml"),
    tables: include_str!("tables.toml"),
};
