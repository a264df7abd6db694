//! A question as a query of the app's text.

use std::fmt::Write;

use super::model::Guide;
use super::writing::{params, sql};
use crate::apps::editing::{Outline, Unfit, query};
use crate::base::written::edit::{
    Step, add_piece, find, meaning, parse, put, remove_named, spelled, spelling, take,
};
use crate::data::tables::Table;

/// A query of the text, as far as the guide cares.
pub(in crate::apps::making) struct Query {
    pub(in crate::apps::making) sql: String,
    pub(in crate::apps::making) reads: bool,
}

impl Query {
    pub(in crate::apps::making) fn of(text: &str, name: &str) -> Option<Query> {
        let toml = parse(text).ok()?;
        let at = find(toml.as_table(), &query(name))?;
        Some(Query {
            sql: at.body.text("sql")?.to_owned(),
            reads: at.body.text("kind") != Some("write"),
        })
    }
}

/// The name under `uses` of this workspace's own tables; it is written if there is none.
fn source(text: &str) -> Result<(String, String), Unfit> {
    let all = meaning::of(text)?;
    let uses = all.get("uses").and_then(serde_json::Value::as_object);
    let ours = uses
        .into_iter()
        .flatten()
        .find(|(_, one)| one.get("kind").and_then(serde_json::Value::as_str) == Some("sqlite"));
    if let Some((name, _)) = ours {
        return Ok((text.to_owned(), name.clone()));
    }
    let piece = "[uses.main]\nkind  = \"sqlite\"\nneeds = [\"read\"]\n";
    Ok((
        add_piece(text, &[Step::key("uses")], piece)?,
        "main".to_owned(),
    ))
}

/// A new query of that name.
pub(in crate::apps::making) fn add_query(
    text: &str,
    name: &str,
    (guide, table): (&Guide, &Table),
) -> Result<String, Unfit> {
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
    let (text, uses) = source(text)?;
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
fn long(sql: &str) -> String {
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
    let mut inner = path.clone();
    inner.push(Step::key("param"));
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
    let (wanted, there) = (params(guide, table), held(text));
    for (param, settings) in wanted.iter().filter(|(param, _)| !there.contains(param)) {
        new = put(&new, &inner, param, settings)?;
    }
    for param in there
        .iter()
        .filter(|one| !wanted.iter().any(|(known, _)| known == *one))
    {
        new = match take(&new, &inner, param) {
            Err(Unfit::Shape(_)) => remove_named(&new, &inner, param)?,
            done => done?,
        };
    }
    Ok(new)
}
