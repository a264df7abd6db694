//! A question as a query of the app's text.

use std::fmt::Write;

use super::model::Guide;
use super::writing::{params, sql};
use crate::apps::editing::{self, Outline, Unfit, Used, query};
use crate::base::written::edit::{Step, add_piece, find, parse, put, spelled, spelling};
use crate::data::tables::Table;

/// A query of the text, as far as the guide cares.
pub(in crate::apps::making) struct Query {
    /// What it asks, by its name under `uses`.
    pub(in crate::apps::making) uses: String,
    pub(in crate::apps::making) sql: String,
    pub(in crate::apps::making) reads: bool,
}

impl Query {
    pub(in crate::apps::making) fn of(text: &str, name: &str) -> Option<Query> {
        let toml = parse(text).ok()?;
        let at = find(toml.as_table(), &query(name))?;
        Some(Query {
            uses: at.body.text("use").unwrap_or_default().to_owned(),
            sql: at.body.text("sql")?.to_owned(),
            reads: at.body.text("kind") != Some("write"),
        })
    }
}

/// The name under `uses` of this workspace's own tables; it is written if there is none.
pub(in crate::apps::making) fn source(text: &str) -> Result<(String, String), Unfit> {
    let ours = editing::uses(text)?.into_iter().find(Used::is_own);
    if let Some(ours) = ours {
        return Ok((text.to_owned(), ours.name));
    }
    let piece = "[uses.main]\nkind  = \"sqlite\"\nneeds = [\"read\"]\n";
    Ok((
        add_piece(text, &[Step::key("uses")], piece)?,
        "main".to_owned(),
    ))
}

/// Is that the name of a query to be?
pub(in crate::apps::making) fn fresh(text: &str, name: &str) -> Result<(), Unfit> {
    let field = |why: String| Unfit::Field("name".to_owned(), why);
    let outline = Outline::of(text)?;
    if outline.queries.iter().any(|query| query.name == name) {
        return Err(field(format!(
            "there is a query `{name}` already; choose another name"
        )));
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain);
    if !is_name || name.len() > 60 {
        let why =
            "begin with a small letter, and go on with small letters, digits, - and _, at most 60";
        return Err(field(why.to_owned()));
    }
    Ok(())
}

/// A new query of that name. `uses`: the database it asks; empty for the workspace's own.
pub(in crate::apps::making) fn add_query(
    text: &str,
    (name, uses): (&str, &str),
    (guide, table): (&Guide, &Table),
) -> Result<String, Unfit> {
    fresh(text, name)?;
    let (text, uses) = if uses.is_empty() {
        source(text)?
    } else {
        (text.to_owned(), uses.to_owned())
    };
    let sql = long(&sql(guide, table));
    let uses = spelling::text(&uses, None);
    let mut piece = format!("[query.{name}]\nuse  = {uses}\nkind = \"read\"\nsql  = {sql}\n");
    let params = params(guide, table);
    if !params.is_empty() {
        let _ = write!(piece, "\n[query.{name}.param]\n");
    }
    for (param, settings) in &params {
        let _ = writeln!(piece, "{} = {settings}", spelled(param));
    }
    add_piece(&text, &[Step::key("query")], &piece)
}

/// SQL over several lines, as one reads it best.
pub(in crate::apps::making) fn long(sql: &str) -> String {
    let plain = format!("'''\n{sql}\n'''");
    match spelling::read(&plain) {
        Some(read) if read.trim_end() == sql => plain,
        _ => spelling::text(sql, None),
    }
}

/// Another question under the same name. Parameters that it still has stay as they are.
pub(in crate::apps::making) fn change_query(
    text: &str,
    name: &str,
    (guide, table): (&Guide, &Table),
) -> Result<String, Unfit> {
    let path = query(name);
    let old = Query::of(text, name).ok_or_else(|| Unfit::Missing(name.to_owned()))?;
    let mut new = text.to_owned();
    let sql = sql(guide, table);
    if old.sql.trim() != sql {
        new = put(&new, &path, "sql", &long(&sql))?;
    }
    take_params(&new, name, &params(guide, table))
}

/// Gives a query these parameters and no others. Those that it has stay as they are.
pub(in crate::apps::making) fn take_params(
    text: &str,
    name: &str,
    wanted: &[(String, String)],
) -> Result<String, Unfit> {
    let mut new = text.to_owned();
    let inner = editing::params(name);
    let held = |text: &str| -> Vec<String> {
        let toml = parse(text).ok();
        let at = toml.as_ref().and_then(|toml| find(toml.as_table(), &inner));
        at.map_or_else(Vec::new, |at| {
            at.body
                .table()
                .iter()
                .map(|(key, _)| key.to_owned())
                .collect()
        })
    };
    let there = held(text);
    for (param, settings) in wanted.iter().filter(|(param, _)| !there.contains(param)) {
        new = put(&new, &inner, param, settings)?;
    }
    for param in there
        .iter()
        .filter(|one| !wanted.iter().any(|(known, _)| known == *one))
    {
        new = editing::without(&new, &inner, param)?;
    }
    Ok(new)
}
