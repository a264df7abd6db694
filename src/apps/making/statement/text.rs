//! What was typed about a query, written into the text.

use std::fmt::Write;

use super::params::{guessed, names, sheet_of};
use crate::apps::editing::{Outline, Owner, Sheet, Unfit, let_write, param, params, query};
use crate::apps::format::{Problem, QUERY};
use crate::apps::making::guide::{Query, fresh, long, take_params};
use crate::base::written::edit::{Step, add_piece, find, line_of, parse, put, spelling};
use crate::data::sql_text::{Dialect, placeholders_in};
use crate::data::tables::Table;
use crate::web::{Faults, Fields};

/// What was typed.
pub(in crate::apps::making) struct Typed<'a> {
    pub(in crate::apps::making) name: &'a str,
    pub(in crate::apps::making) is_new: bool,
    /// The database, by its name under `uses`, and whose SQL it speaks.
    pub(in crate::apps::making) uses: &'a str,
    pub(in crate::apps::making) dialect: Dialect,
    pub(in crate::apps::making) writes: bool,
    pub(in crate::apps::making) sql: &'a str,
    /// The tables there, as far as they are known.
    pub(in crate::apps::making) tables: &'a [Table],
    pub(in crate::apps::making) fields: &'a Fields,
}

impl<'a> Typed<'a> {
    /// The value of another query that one of this is to be the same as.
    fn same(&self, name: &str) -> Option<&'a str> {
        let said = self.fields.get(&format!("p.{name}.same_as"));
        said.map(str::trim).filter(|other| !other.is_empty())
    }
}

/// The fields about a query besides its statement.
pub(in crate::apps::making) fn sheet(name: &str, writes: bool) -> Sheet {
    let keys: &[&str] = if writes {
        &["expect", "audit"]
    } else {
        &["paging"]
    };
    Sheet::of(query(name), QUERY).only(keys)
}

/// The text with the query as it was typed, or what is wrong, by field.
pub(in crate::apps::making) fn written(text: &str, typed: &Typed<'_>) -> Result<String, Faults> {
    let unfit = |unfit: Unfit| match unfit {
        Unfit::Field(name, why) => Faults::of(&name, why),
        other => Faults::of("", other.to_string()),
    };
    if typed.is_new {
        fresh(text, typed.name).map_err(unfit)?;
    }
    let text = begun(text, typed).map_err(unfit)?;
    let text = same(&text, typed).map_err(unfit)?;
    let mut sheets = vec![sheet(typed.name, typed.writes)];
    let own = { names(&text, typed.name).into_iter() }.filter(|name| typed.same(name).is_none());
    sheets.extend(own.map(|name| sheet_of(typed.name, &name)));
    let mut faults = Faults::default();
    for (name, why) in { sheets.iter() }.flat_map(|sheet| sheet.faults(&text, typed.fields)) {
        faults.add(&name, why);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut filled = text;
    for sheet in sheets {
        filled = sheet.write(&filled, typed.fields).map_err(unfit)?;
    }
    Ok(filled)
}

/// The text with the statement and the values it has.
pub(in crate::apps::making) fn begun(text: &str, typed: &Typed<'_>) -> Result<String, Unfit> {
    let (name, sql) = (typed.name, typed.sql);
    let field = |why: &str| Unfit::Field("sql".to_owned(), why.to_owned());
    if sql.is_empty() {
        return Err(field("write a statement"));
    }
    let found = placeholders_in(typed.dialect, sql).map_err(|error| field(&error.message))?;
    let mut new = text.to_owned();
    if typed.is_new {
        let kind = if typed.writes { "write" } else { "read" };
        let expect = if typed.writes { "expect = 1\n" } else { "" };
        let (uses, sql) = (spelling::text(typed.uses, None), long(sql));
        let mut piece =
            format!("[query.{name}]\nuse  = {uses}\nkind = \"{kind}\"\nsql  = {sql}\n{expect}");
        if !found.is_empty() {
            let _ = write!(piece, "\n[query.{name}.param]\n");
        }
        new = add_piece(&new, &[Step::key("query")], &piece)?;
    } else {
        let old = Query::of(text, name).ok_or_else(|| Unfit::Missing(name.to_owned()))?;
        if old.sql.trim() != sql {
            new = put(&new, &query(name), "sql", &long(sql))?;
        }
        if old.uses != typed.uses {
            let uses = spelling::text(typed.uses, None);
            new = put(&new, &query(name), "use", &uses)?;
        }
    }
    if typed.writes {
        new = let_write(&new, typed.uses)?;
    }
    let mut wanted: Vec<(String, String)> = Vec::new();
    for place in found {
        if !wanted.iter().any(|(known, _)| *known == place.name) {
            let settings = guessed(&place.name, typed.writes, (sql, typed.tables));
            wanted.push((place.name, settings));
        }
    }
    take_params(&new, name, &wanted)
}

/// What is wrong with a text that is not kept, each at its field.
pub(in crate::apps::making) fn at_fields(
    (text, of, writes): (&str, &str, bool),
    problems: &[Problem],
) -> Faults {
    let outline = Outline::of(text).ok();
    let own = sheet(of, writes);
    let values: Vec<(String, usize)> = { names(text, of).into_iter() }
        .filter_map(|name| {
            let line = line_of(text, &param(of, &name))?;
            Some((format!("p.{name}.from"), line))
        })
        .collect();
    let mut faults = Faults::default();
    for problem in problems {
        let owner = { outline.as_ref() }.and_then(|outline| outline.owner(problem.line));
        let value = values.iter().find(|(_, line)| *line == problem.line);
        match (owner, value) {
            (Some(Owner::Query(name)), Some((field, _))) if name == of => {
                faults.add(field, problem.message.clone());
            }
            (Some(Owner::Query(name)), None) if name == of => {
                let field = own.field_at(text, problem.line);
                faults.add(&field.unwrap_or_default(), problem.message.clone());
            }
            _ => faults.add("", problem.to_string()),
        }
    }
    faults
}

/// Values that are to be the same as another query's. Each says that and nothing beside it.
fn same(text: &str, typed: &Typed<'_>) -> Result<String, Unfit> {
    let path = params(typed.name);
    let mut new = text.to_owned();
    for name in names(text, typed.name) {
        let Some(other) = typed.same(&name) else {
            continue;
        };
        let own = param(typed.name, &name);
        let toml = parse(&new)?;
        let held = find(toml.as_table(), &own).and_then(|at| at.body.text("same_as"));
        if held == Some(other) {
            continue;
        }
        let settings = format!("{{ same_as = {} }}", spelling::text(other, None));
        new = put(&new, &path, &name, &settings)?;
    }
    Ok(new)
}
