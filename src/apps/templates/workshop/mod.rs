//! A workshop: customers, vehicles, job cards and parts.

use super::Template;

pub(super) static KIND: Template = Template {
    name: "workshop",
    title: "Service shop",
    about: "Customers, their vehicles, job cards and the parts used: whose service is due, and what is planned.",
    app: include_str!("app.toml"),
    tables: include_str!("tables.toml"),
};
