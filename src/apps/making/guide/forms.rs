//! Forms for whoever knows no SQL: a table becomes the queries that add, read, change and
//! remove its rows, and the form or the list of lines that sends to them.

use std::fmt::Write;

use super::text::{long, source};
use crate::apps::editing::{self, NewWidget, Outline, Unfit};
use crate::apps::format::KindSchema;
use crate::apps::making::generate::sql::name as spelled_column;
use crate::apps::making::generate::{Parts, Shape, asked};
use crate::base::text::{identifier, one_of, title};
use crate::base::written::edit::{Entry, Step, add_piece, spelled, spelling};

/// A list of lines that is to be.
pub(in crate::apps::making) struct NewLines<'a> {
    pub(in crate::apps::making) shape: &'a Shape,
    /// The column that holds the key of the row above.
    pub(in crate::apps::making) over: &'a str,
    /// What the list is called in the text.
    pub(in crate::apps::making) id: &'a str,
    /// The list whose lines have it below each; empty below the form.
    pub(in crate::apps::making) within: &'a str,
    /// Lines that are there are shown, changed and removed as well.
    pub(in crate::apps::making) changes: bool,
}

/// A query that is to be.
struct NewQuery<'a> {
    name: &'a str,
    uses: &'a str,
    /// Nothing where it reads.
    audit: Option<String>,
    writes: bool,
    sql: String,
    params: Vec<(String, String)>,
}

impl NewQuery<'_> {
    fn put(&self, text: &str) -> Result<String, Unfit> {
        let name = self.name;
        let kind = if self.writes { "write" } else { "read" };
        let (uses, sql) = (spelling::text(self.uses, None), long(&self.sql));
        let mut piece = format!("[query.{name}]\nuse    = {uses}\nkind   = \"{kind}\"\n");
        if let Some(audit) = &self.audit {
            let _ = writeln!(piece, "audit  = {}", spelling::text(audit, None));
        }
        if self.writes {
            piece.push_str("expect = 1\n");
        }
        let _ = write!(piece, "sql    = {sql}\n\n[query.{name}.param]\n");
        for (param, settings) in &self.params {
            let _ = writeln!(piece, "{} = {settings}", spelled(param));
        }
        add_piece(text, &[Step::key("query")], &piece)
    }
}

/// The names of queries, none of which is there yet.
fn free(text: &str, wanted: &[String]) -> Result<Vec<String>, Unfit> {
    let outline = Outline::of(text)?;
    let is_free = |names: &[String]| {
        let mut all = outline.queries.iter();
        !all.any(|query| names.contains(&query.name))
    };
    let numbered = |number: u32| -> Vec<String> {
        let each = wanted.iter();
        if number == 1 {
            each.cloned().collect()
        } else {
            each.map(|name| format!("{name}_{number}")).collect()
        }
    };
    let found = (1..=9_999).map(numbered).find(|names| is_free(names));
    Ok(found.unwrap_or_default())
}

/// The text with a source of this workspace's own tables that may be written.
fn writing(text: &str) -> Result<(String, String), Unfit> {
    let (text, uses) = source(text)?;
    let text = editing::let_write(&text, &uses)?;
    Ok((text, uses))
}

/// The settings of the parameter that asks for a column of a table.
pub(in crate::apps::making) fn asked_for(shape: &Shape, column: &str) -> Option<String> {
    let all = asked(&Parts::of(shape)).into_iter();
    let mut found = all.filter(|(name, _)| name == column);
    found.next().map(|(_, settings)| settings)
}

/// A column as a statement spells it.
pub(in crate::apps::making) fn column(name: &str) -> String {
    spelled_column(name)
}

/// What one row is called, as a name.
fn one(shape: &Shape) -> String {
    let one = one_of(&shape.table.title).map(|one| identifier(&one));
    one.filter(|one| !one.is_empty())
        .unwrap_or_else(|| identifier(&shape.table.name))
}

fn nothing_to_ask(shape: &Shape) -> Unfit {
    let why = format!(
        "{} has no column to fill in; add one first",
        shape.table.title
    );
    Unfit::Field("from".to_owned(), why)
}

fn insert(shape: &Shape, columns: &[&str]) -> String {
    let names: Vec<String> = columns.iter().map(|one| spelled_column(one)).collect();
    let values: Vec<String> = columns.iter().map(|one| format!(":{one}")).collect();
    let table = spelled_column(&shape.table.name);
    let (names, values) = (names.join(", "), values.join(", "));
    format!("insert into {table} ({names})\nvalues ({values})")
}

fn update(shape: &Shape, columns: &[&str]) -> String {
    let each = columns.iter();
    let sets: Vec<String> = each
        .map(|one| format!("{} = :{one}", spelled_column(one)))
        .collect();
    format!(
        "update {}\n   set {}\n where {}",
        spelled_column(&shape.table.name),
        sets.join(",\n       "),
        is_key(shape)
    )
}

fn select(shape: &Shape, columns: &[&str], rest: &str) -> String {
    let key = shape.table.key.as_str();
    let all: Vec<String> = [key]
        .iter()
        .chain(columns)
        .map(|one| spelled_column(one))
        .collect();
    let table = spelled_column(&shape.table.name);
    format!("select {}\n  from {table}\n where {rest}", all.join(", "))
}

fn is_key(shape: &Shape) -> String {
    let key = &shape.table.key;
    format!("{} = :{key}", spelled_column(key))
}

/// The key of a row, from somewhere.
fn by_key(shape: &Shape, from: &str, more: &str) -> (String, String) {
    let key = &shape.table.key;
    let settings = format!("{{ from = \"{from}.{key}\", type = \"int\"{more} }}");
    (key.clone(), settings)
}

fn same(of: &str, fields: &[(String, String)]) -> Vec<(String, String)> {
    let each = fields.iter();
    each.map(|(name, _)| (name.clone(), format!("{{ same_as = \"{of}.{name}\" }}")))
        .collect()
}

/// What people call the columns where that is not what their names say.
fn labels(shape: &Shape, fields: &[(String, String)]) -> Option<String> {
    let each = fields.iter().filter_map(|(name, _)| {
        let column = shape.table.column(name)?;
        let said = (column.title != title(name)).then_some(&column.title)?;
        Some(format!(
            "{} = {}",
            spelled(name),
            spelling::text(said, None)
        ))
    });
    let all: Vec<String> = each.collect();
    (!all.is_empty()).then(|| format!("{{ {} }}", all.join(", ")))
}

/// A form on a page that adds rows to a table, and changes the one that the address names.
/// Gives its id.
pub(in crate::apps::making) fn add_form(
    text: &str,
    page: &str,
    (shape, kind): (&Shape, KindSchema),
) -> Result<(String, String), Unfit> {
    let fields = asked(&Parts::of(shape));
    if fields.is_empty() {
        return Err(nothing_to_ask(shape));
    }
    let (mut text, uses) = writing(text)?;
    let one = one(shape);
    let wanted = ["add", "one", "change"].map(|verb| format!("{verb}_{one}"));
    let names = free(&text, &wanted)?;
    let [add, load, change] = names.as_slice() else {
        return Err(nothing_to_ask(shape));
    };
    let columns: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    let key = by_key(shape, "url", "");
    let queries = [
        NewQuery {
            name: add,
            uses: &uses,
            audit: Some(format!("{one}.added")),
            writes: true,
            sql: insert(shape, &columns),
            params: fields.clone(),
        },
        NewQuery {
            name: load,
            uses: &uses,
            audit: None,
            writes: false,
            sql: select(shape, &columns, &is_key(shape)),
            params: vec![by_key(shape, "url", ", null = true")],
        },
        NewQuery {
            name: change,
            uses: &uses,
            audit: Some(format!("{one}.changed")),
            writes: true,
            sql: update(shape, &columns),
            params: same(add, &fields).into_iter().chain([key]).collect(),
        },
    ];
    for query in &queries {
        text = query.put(&text)?;
    }
    let begun = begun(shape, &names, &fields);
    let new = NewWidget {
        kind,
        begun: &begun,
        query: add,
        input: "",
        at: None,
    };
    editing::add_widget(&text, page, &new)
}

/// What a form says besides its kind and its place.
fn begun(shape: &Shape, names: &[String], fields: &[(String, String)]) -> String {
    let called = title(&one(shape));
    let mut lines = format!("title = {}\n", spelling::text(&called, None));
    for (key, query) in ["submit", "load", "change"].iter().zip(names) {
        let _ = writeln!(lines, "{key} = {}", spelling::text(query, None));
    }
    if shape.table.key != "id" {
        let _ = writeln!(lines, "key = {}", spelling::text(&shape.table.key, None));
    }
    if let Some(labels) = labels(shape, fields) {
        let _ = writeln!(lines, "labels = {labels}");
    }
    let toast = spelling::text(&format!("{called} saved"), None);
    let _ = writeln!(lines, "then = {{ toast = {toast} }}");
    lines
}

/// A list of lines below a form, with the queries it needs.
pub(in crate::apps::making) fn add_lines(
    text: &str,
    form: (&str, &str),
    new: &NewLines<'_>,
) -> Result<String, Unfit> {
    let (shape, over) = (new.shape, new.over);
    let mut fields = asked(&Parts::of(shape));
    fields.retain(|(name, _)| name != over);
    if fields.is_empty() {
        return Err(nothing_to_ask(shape));
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_name = new.id.starts_with(|c: char| c.is_ascii_lowercase()) && new.id.chars().all(plain);
    if !is_name || new.id.len() > 40 {
        let why =
            "begin with a small letter, and go on with small letters, digits and _, at most 40";
        return Err(Unfit::Field("name".to_owned(), why.to_owned()));
    }
    let (mut text, uses) = writing(text)?;
    let wanted = ["add", "list", "change", "remove"].map(|verb| format!("{verb}_{}", new.id));
    let names = free(&text, &wanted)?;
    for query in queries(new, (&uses, &names), &fields) {
        text = query.put(&text)?;
    }
    let text_of = |text: &str| spelling::text(text, None);
    let called = title(&one(shape));
    let mut entry: Entry = vec![("id".to_owned(), text_of(new.id))];
    let mut say = |key: &str, value: String| entry.push((key.to_owned(), value));
    if !new.within.is_empty() {
        say("within", text_of(new.within));
    }
    say("title", text_of(&shape.table.title));
    say("line", text_of(&called));
    let kept = if new.changes { names.len() } else { 1 };
    let keys = ["submit", "load", "change", "remove"];
    for (key, query) in keys.iter().zip(&names).take(kept) {
        say(key, text_of(query));
    }
    if shape.table.key != "id" {
        say("key", text_of(&shape.table.key));
    }
    if let Some(labels) = labels(shape, &fields) {
        say("labels", labels);
    }
    editing::add_list(&text, form, &entry)
}

fn queries<'a>(
    new: &NewLines<'_>,
    (uses, names): (&'a str, &'a [String]),
    fields: &[(String, String)],
) -> Vec<NewQuery<'a>> {
    let (shape, over) = (new.shape, new.over);
    let [add, load, change, remove] = names else {
        return Vec::new();
    };
    let columns: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    let all: Vec<&str> = [over].into_iter().chain(columns.iter().copied()).collect();
    let above = || {
        let settings = "{ from = \"parent.id\", type = \"int\" }".to_owned();
        (over.to_owned(), settings)
    };
    let key = || by_key(shape, "row", "");
    let writes = |name: &'a str, sql: String, params: Vec<(String, String)>| NewQuery {
        name,
        uses,
        audit: None,
        writes: true,
        sql,
        params,
    };
    let asked = [above()]
        .into_iter()
        .chain(fields.iter().cloned())
        .collect();
    let mut made = vec![writes(add, insert(shape, &all), asked)];
    if !new.changes {
        return made;
    }
    let (column, by) = (spelled_column(over), spelled_column(&shape.table.key));
    let sql = select(
        shape,
        &columns,
        &format!("{column} = :{over}\n order by {by}"),
    );
    made.push(NewQuery {
        writes: false,
        ..writes(load, sql, vec![above()])
    });
    let params = same(add, fields).into_iter().chain([key()]).collect();
    made.push(writes(change, update(shape, &columns), params));
    let table = spelled_column(&shape.table.name);
    let sql = format!("delete from {table}\n where {}", is_key(shape));
    made.push(writes(remove, sql, vec![key()]));
    made
}
