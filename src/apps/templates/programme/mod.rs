//! What a security programme keeps a record of.

use super::Template;

pub(super) static KIND: Template = Template {
    name: "programme",
    title: "Security programme",
    about: "The administrative side of security: people, checks, trainings, signatures, devices, suppliers, audits and findings, and what is overdue.",
    app: include_str!("app.toml"),
    tables: include_str!("tables.toml"),
};
