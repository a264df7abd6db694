//! Customers, articles, orders and their lines.

use super::Template;

pub(super) static KIND: Template = Template {
    name: "orders",
    title: "Orders desk",
    about: "Customers, articles and orders with their lines: what is due, and what came in by month.",
    app: include_str!("app.toml"),
    tables: include_str!("tables.toml"),
};
