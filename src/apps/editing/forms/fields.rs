//! The fields of a form or of a list: another one, in another order, one less.

use std::fmt::Write;

use super::super::pages::{Way, without};
use super::super::parts::{params, query};
use super::columns;
use super::parts::{Part, asked};
use super::words::{held, unsaid};
use crate::base::written::edit::{
    Step, Unfit, add_piece, elements, exchange_keys, find, listed, parse, put, set_list, spelled,
    spelling,
};

/// A column of the table that people are to fill in.
pub struct NewField<'a> {
    /// The column, which the field is called like.
    pub name: &'a str,
    /// The column as a statement spells it.
    pub column: &'a str,
    /// The settings of its parameter, in braces.
    pub settings: &'a str,
}

fn at_column(why: String) -> Unfit {
    Unfit::Field("column".to_owned(), why)
}

/// Another statement for a query, spelled like the one before it.
fn say(text: &str, of: &str, sql: &str) -> Result<String, Unfit> {
    let path = query(of);
    let before = held(text, &path, "sql").map(|(_, spelled)| spelled);
    put(text, &path, "sql", &spelling::text(sql, before.as_deref()))
}

/// A field before the one before it, or behind the one behind it; in each query that
/// takes it. Nothing changes at the ends.
pub fn move_field(
    text: &str,
    form: (&str, &str),
    (list, name): (&str, &str),
    way: Way,
) -> Result<String, Unfit> {
    let part = Part::of(text, form, list)?;
    part.field(name)?;
    let mut new = text.to_owned();
    for of in part.takers() {
        let fields = asked(parse(&new)?.as_table(), of);
        let Some(at) = fields.iter().position(|field| field.name == name) else {
            continue;
        };
        let other = match way {
            Way::Up => at.checked_sub(1),
            Way::Down => Some(at + 1).filter(|next| *next < fields.len()),
        };
        if let Some(other) = other {
            new = exchange_keys(&new, &params(of), &fields[at].param, &fields[other].param)?;
        }
    }
    Ok(new)
}

/// One more field, behind the others: in the statements, and asked for.
pub fn add_field(
    text: &str,
    form: (&str, &str),
    list: &str,
    new: &NewField<'_>,
) -> Result<String, Unfit> {
    let part = Part::of(text, form, list)?;
    let mut text = text.to_owned();
    for (at, of) in part.takers().enumerate() {
        let (sql, _) =
            held(&text, &query(of), "sql").ok_or_else(|| Unfit::Missing(of.to_owned()))?;
        let toml = parse(&text)?;
        let is_taken =
            find(toml.as_table(), &params(of)).is_some_and(|all| all.body.get(new.name).is_some());
        drop(toml);
        if is_taken {
            let why = format!(
                "`{of}` has a parameter `{}` already; add the field in the text",
                new.name
            );
            return Err(at_column(why));
        }
        let sql = columns::with(&sql, new.column, new.name).ok_or_else(|| {
            at_column(format!("`{of}` is written by hand, and there is no plain list to put a column into; add it in the text"))
        })?;
        text = say(&text, of, &sql)?;
        let settings = if at == 0 {
            new.settings.to_owned()
        } else {
            let same = format!("{}.{}", part.submit, new.name);
            format!("{{ same_as = {} }}", spelling::text(&same, None))
        };
        text = ask(&text, of, (new.name, &settings))?;
    }
    let loaded = held(&text, &query(&part.load), "sql");
    let more = loaded.and_then(|(sql, _)| {
        let more = columns::with(&sql, new.column, new.name)?;
        (more != sql).then_some(more)
    });
    match more {
        Some(more) => say(&text, &part.load, &more),
        None => Ok(text),
    }
}

/// Takes a field out: of what is asked, of the statements, and of what is said of it.
pub fn remove_field(
    text: &str,
    form: (&str, &str),
    (list, name): (&str, &str),
) -> Result<String, Unfit> {
    let part = Part::of(text, form, list)?;
    part.field(name)?;
    if part.fields.len() < 2 {
        let why = "it is the only field; remove the list or the form instead".to_owned();
        return Err(at_column(why));
    }
    // What is the same as something else is known as long as that is there.
    let takers = takers_of(text, &part, name)?;
    let mut new = text.to_owned();
    for (of, param) in &takers {
        new = not_asked(&new, of, param)?;
    }
    for table in ["labels", "help", "when", "compute"] {
        new = unsaid(&new, &part.path, (table, name))?;
    }
    new = not_chosen(&new, &part.path, name)?;
    not_prefilled(&new, &part.path, name)
}

/// The queries that take a field, each with its parameter.
fn takers_of(text: &str, part: &Part, name: &str) -> Result<Vec<(String, String)>, Unfit> {
    let toml = parse(text)?;
    let taken = |of: &str| {
        let mut fields = asked(toml.as_table(), of).into_iter();
        let field = fields.find(|field| field.name == name)?;
        Some((of.to_owned(), field.param))
    };
    Ok(part.takers().filter_map(taken).collect())
}

fn not_asked(text: &str, of: &str, param: &str) -> Result<String, Unfit> {
    let (sql, _) = held(text, &query(of), "sql").ok_or_else(|| Unfit::Missing(of.to_owned()))?;
    let sql = columns::without(&sql, param).ok_or_else(|| {
        at_column(format!(
            "`{of}` does something of its own with `:{param}`; take it out in the text"
        ))
    })?;
    let text = say(text, of, &sql)?;
    without(&text, &params(of), param)
}

/// A parameter behind the others: on a line, or under a heading where they have theirs.
fn ask(text: &str, of: &str, (name, settings): (&str, &str)) -> Result<String, Unfit> {
    match put(text, &params(of), name, settings) {
        Err(Unfit::Shape(_)) => {}
        done => return done,
    }
    let source = format!("x = {settings}");
    let toml = parse(&source)?;
    let found = find(toml.as_table(), &[Step::key("x")]);
    let mut piece = format!("[query.{}.param.{}]\n", spelled(of), spelled(name));
    for (key, item) in found.iter().flat_map(|found| found.body.table().iter()) {
        let value = item.as_value().and_then(toml_edit::Value::span);
        let value = value.map_or("", |span| &source[span]);
        let _ = writeln!(piece, "{} = {value}", spelled(key));
    }
    add_piece(text, &params(of), &piece)
}

/// The number of the entry in `choices` that a field has.
pub(super) fn chosen_at(text: &str, path: &[Step], name: &str) -> Option<usize> {
    let toml = parse(text).ok()?;
    let all = listed(find(toml.as_table(), path)?.body.get("choices")?);
    all.iter().position(|one| one.text("field") == Some(name))
}

/// Takes the choices of a field out, and the list with the last of them.
pub(super) fn not_chosen(text: &str, path: &[Step], name: &str) -> Result<String, Unfit> {
    let Some(at) = chosen_at(text, path, name) else {
        return Ok(text.to_owned());
    };
    if elements::count(text, path, "choices") == 1 && held_list(text, path, "choices") {
        return without(text, path, "choices");
    }
    elements::remove(text, path, "choices", at)
}

/// Is it written in brackets?
fn held_list(text: &str, path: &[Step], key: &str) -> bool {
    let Ok(toml) = parse(text) else { return false };
    let at = find(toml.as_table(), path);
    at.is_some_and(|at| at.body.get(key).is_some_and(toml_edit::Item::is_array))
}

fn not_prefilled(text: &str, path: &[Step], name: &str) -> Result<String, Unfit> {
    let toml = parse(text)?;
    let at = find(toml.as_table(), path);
    let list = at.and_then(|at| at.body.get("prefill")?.as_array());
    let names: Option<Vec<String>> = list.map(|list| {
        let names = list.iter().filter_map(toml_edit::Value::as_str);
        names.map(str::to_owned).collect()
    });
    let Some(names) = names.filter(|names| names.iter().any(|one| one == name)) else {
        return Ok(text.to_owned());
    };
    let left: Vec<String> = names.into_iter().filter(|one| one != name).collect();
    if left.is_empty() {
        without(text, path, "prefill")
    } else {
        set_list(text, path, "prefill", &left)
    }
}
