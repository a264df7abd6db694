//! The tables of an API as whoever connects it describes them: what is asked for, where the
//! rows lie in the answer, how it goes on, and which columns a row has.

use toml_edit::{Document, Item};

use super::{link, sql};
use crate::base::json::Path;
use crate::base::text::title;
use crate::base::written::{Section, suggestion, syntax};
use crate::data::ColumnType;
use crate::data::tables::{Table, TableColumn, TableName};

/// Bytes of a description.
const LONGEST: usize = 64 << 10;
const TABLES: usize = 50;
const COLUMNS: usize = 200;
/// Letters of a value's name in a query.
const SENT: usize = 60;

/// All that can be asked there.
#[derive(Clone, Debug, Default)]
pub(super) struct Described {
    pub(super) tables: Vec<Shape>,
}

/// A table that an API has.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) name: String,
    /// Path and query below the address, with the first `/`.
    pub(super) get: String,
    /// Where the list of its rows lies.
    pub(super) rows: Path,
    pub(super) turn: Turn,
    pub(super) columns: Vec<Taken>,
}

/// How the next page of a table is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// There is one.
    Never,
    /// By the link that lies there, until there is none.
    Link(Path),
    /// By a number in the query, counted up until a page has no rows.
    Count { send: String, from: i64 },
    /// By what lies at `take`, sent in the query, until there is nothing.
    Cursor { take: Path, send: String },
}

/// A column, and where its value lies in a row.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) name: String,
    pub(super) path: Path,
    pub(super) sort: Sort,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Integer,
    /// Any number, never made shorter.
    Decimal,
    Text,
    Boolean,
    Date,
    DateTime,
}

impl Sort {
    const ALL: [(&'static str, Sort); 6] = [
        ("integer", Sort::Integer),
        ("decimal", Sort::Decimal),
        ("text", Sort::Text),
        ("boolean", Sort::Boolean),
        ("date", Sort::Date),
        ("datetime", Sort::DateTime),
    ];

    pub(super) fn name(self) -> &'static str {
        let found = Sort::ALL.iter().find(|(_, sort)| *sort == self);
        found.map_or("text", |(name, _)| name)
    }

    fn named(name: &str) -> Option<Sort> {
        let found = Sort::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, sort)| *sort)
    }

    /// What such a column holds here.
    pub(super) fn kind(self) -> ColumnType {
        match self {
            Sort::Integer => ColumnType::Integer,
            Sort::Decimal => ColumnType::Number,
            Sort::Text => ColumnType::Text,
            Sort::Boolean => ColumnType::Boolean,
            Sort::Date => ColumnType::Date,
            Sort::DateTime => ColumnType::DateTime,
        }
    }
}

impl Shape {
    /// The same as tables of ours are told.
    pub(super) fn table(&self) -> Table {
        let columns = self.columns.iter().map(|column| TableColumn {
            name: column.name.clone(),
            title: title(&column.name),
            kind: column.sort.kind(),
        });
        Table {
            name: self.name.clone(),
            title: title(&self.name),
            key: String::new(),
            columns: columns.collect(),
            references: Vec::new(),
        }
    }
}

impl Described {
    /// Reads a description.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong with it, with its line, and what to write.
    pub(super) fn read(text: &str) -> Result<Described, String> {
        if text.len() > LONGEST {
            return Err(format!("it has more than {} KB", LONGEST >> 10));
        }
        let toml = Document::parse(text).map_err(|error| {
            let problem = syntax(text, &error);
            format!("line {}: {}", problem.line, problem.message)
        })?;
        let mut root = Section::new(toml.as_table(), 0);
        let names: Vec<&str> = root.entries().into_iter().map(|(name, _)| name).collect();
        if names.is_empty() {
            return Err("describe at least one table, such as [orders]".to_owned());
        }
        if names.len() > TABLES {
            return Err(format!("it describes more than {TABLES} tables"));
        }
        let mut tables = Vec::new();
        for name in names {
            if let Err(error) = TableName::parse(name) {
                root.error(name, error.to_string());
            } else if name.starts_with(sql::OURS) {
                root.error(name, format!("`{name}` is a name Onsight keeps for itself"));
            }
            tables.extend(root.one(name, |table| shape(name, table)));
        }
        match root.finish().into_problems(text).into_iter().next() {
            Some(problem) => Err(format!("line {}: {}", problem.line, problem.message)),
            None => Ok(Described { tables }),
        }
    }
}

fn shape(name: &str, table: &mut Section<'_>) -> Shape {
    let get = table.needed_text("get");
    if table.has("get")
        && let Err(why) = link::check(get)
    {
        table.error("get", why);
    }
    let rows = path(table, "rows").unwrap_or_default();
    let turn = turn(table, get);
    let mut columns = Vec::new();
    if !table.has("columns") {
        table.error(
            "columns",
            format!("name the columns under [{name}.columns]"),
        );
    }
    table.one("columns", |section| columns = all(section));
    Shape {
        name: name.to_owned(),
        get: get.to_owned(),
        rows,
        turn,
        columns,
    }
}

/// The path that is written at that key.
fn path<'a>(section: &mut Section<'a>, key: &'a str) -> Option<Path> {
    let text = section.text(key)?;
    let path = Path::parse(text);
    if path.is_none() {
        let why = format!("`{text}` is no path; write names with points between, like data.items");
        section.error(key, why);
    }
    path
}

fn turn(table: &mut Section<'_>, get: &str) -> Turn {
    let ways = ["next", "page", "cursor"];
    let said: Vec<&str> = { ways.into_iter() }.filter(|key| table.has(key)).collect();
    if let [_, second, ..] = said.as_slice() {
        table.error(second, "say one of `next`, `page` and `cursor`");
    }
    let next = path(table, "next");
    let page = table.text("page");
    let from = table.integer("from");
    let cursor = table.one("cursor", |cursor| {
        let take = path(cursor, "take");
        for key in ["take", "send"] {
            if !cursor.has(key) {
                cursor.error(key, format!("`{key}` is missing here; add it"));
            }
        }
        let send = cursor.text("send").unwrap_or_default();
        sent(cursor, "send", (send, get));
        (take.unwrap_or_default(), send.to_owned())
    });
    if from.is_some() && page.is_none() {
        table.error("from", "`from` belongs to `page`");
    }
    if let Some(send) = page {
        sent(table, "page", (send, get));
        let (send, from) = (send.to_owned(), from.unwrap_or(1));
        return Turn::Count { send, from };
    }
    if let Some((take, send)) = cursor {
        return Turn::Cursor { take, send };
    }
    next.map_or(Turn::Never, Turn::Link)
}

/// The name of a value that is put into the query.
fn sent<'a>(section: &mut Section<'a>, key: &'a str, (name, get): (&str, &str)) {
    let is_sign = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !section.has(key) {
        return;
    }
    if name.is_empty() || name.len() > SENT || !name.chars().all(is_sign) {
        let why = format!("`{name}` cannot be the name of a value in the query, like page");
        section.error(key, why);
    } else if link::names(get, name) {
        section.error(
            key,
            format!("`get` says `{name}` already; leave it out there"),
        );
    }
}

fn all(section: &mut Section<'_>) -> Vec<Taken> {
    let names = section.entries();
    if names.is_empty() || names.len() > COLUMNS {
        let at = names.first().map_or("", |(name, _)| *name);
        section.error(at, format!("name 1 to {COLUMNS} columns"));
    }
    let names = names.into_iter();
    names
        .filter_map(|(name, item)| column(section, (name, item)))
        .collect()
}

/// `{ path = "customer.name", type = "text" }`, or its type alone where it lies under its
/// own name.
fn column<'a>(section: &mut Section<'a>, (name, item): (&'a str, &'a Item)) -> Option<Taken> {
    if let Err(error) = TableName::column(name) {
        section.error(name, error.to_string());
    }
    let (path, kind) = if item.is_str() {
        let kind = section.text(name).unwrap_or_default();
        (Path::parse(name), kind)
    } else {
        let read = section.one(name, |column| {
            let own = path(column, "path").or_else(|| Path::parse(name));
            (own, column.needed_text("type"))
        });
        read?
    };
    let sort = Sort::named(kind);
    if sort.is_none() && !kind.is_empty() {
        let known = Sort::ALL.map(|(name, _)| name);
        let near = suggestion(kind, &known);
        section.error(name, format!("`{kind}` is no type of a column{near}"));
    }
    Some(Taken {
        name: name.to_owned(),
        path: path?,
        sort: sort?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDERS: &str = include_str!("example.toml");

    #[test]
    fn a_description_is_read_whole() {
        let described = Described::read(ORDERS).unwrap();
        let [orders] = described.tables.as_slice() else {
            panic!("there is one");
        };
        assert_eq!(orders.get, "/orders");
        assert_eq!(Some(orders.rows.clone()), Path::parse("data.items"));
        assert_eq!(orders.turn, Turn::Link(Path::parse("links.next").unwrap()));
        let told = orders.table();
        let told: Vec<&str> = told.columns.iter().map(|one| one.kind.name()).collect();
        assert_eq!(told, ["integer", "text", "number", "datetime"]);

        let other = "[a]\nget = \"/a\"\npage = \"p\"\nfrom = 0\ncolumns = { x = \"text\" }\n\
            [b]\nget = \"/b\"\ncursor = { take = \"c\", send = \"after\" }\ncolumns = { x = \"text\" }";
        let described = Described::read(other).unwrap();
        let send = "p".to_owned();
        assert_eq!(described.tables[0].turn, Turn::Count { send, from: 0 });
        assert_eq!(described.tables[0].rows, Path::default());
        assert!(matches!(&described.tables[1].turn, Turn::Cursor { send, .. } if send == "after"));
    }

    #[test]
    fn a_table_that_lacks_something_is_said_with_its_line() {
        for (text, said) in [
            ("", "describe at least one table"),
            ("[t", "line 1: this is not TOML"),
            ("[Orders]\nget = \"/\"", "line 1: `Orders` cannot be a name"),
            (
                "[onsight_columns]\nget = \"/\"",
                "line 1: `onsight_columns` is a name",
            ),
            ("[t]", "line 1: `get` is missing"),
            (
                "[t]\nget = \"/a\"",
                "line 1: name the columns under [t.columns]",
            ),
        ] {
            let error = Described::read(text).unwrap_err();
            assert!(error.starts_with(said), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let columns = "\n[t.columns]\nid = \"integer\"";
        for (line, said) in [
            (
                "get = \"https://evil.example/\"",
                "line 2: begin `get` with a /",
            ),
            ("get = \"//evil.example/\"", "line 2: begin `get` with a /"),
            ("get = \"/a/../b\"", "line 2: an address has no spaces"),
            (
                "get = \"/a\"\nrow = \"x\"",
                "line 3: unknown key `row`; did you mean `rows`?",
            ),
            ("get = \"/a\"\nrows = \"a..b\"", "line 3: `a..b` is no path"),
            (
                "get = \"/a?page=1\"\npage = \"page\"",
                "line 3: `get` says `page` already",
            ),
            (
                "get = \"/a\"\npage = \"a&b\"",
                "line 3: `a&b` cannot be the name",
            ),
            ("get = \"/a\"\nfrom = 1", "line 3: `from` belongs to `page`"),
            (
                "get = \"/a\"\nnext = \"n\"\npage = \"p\"",
                "line 4: say one of",
            ),
            (
                "get = \"/a\"\ncursor = { take = \"a\" }",
                "line 3: `send` is missing",
            ),
        ] {
            let error = Described::read(&format!("[t]\n{line}{columns}")).unwrap_err();
            assert!(error.starts_with(said), "{line}: {error}");
        }
        for (column, said) in [
            ("Id = \"text\"", "line 4: `Id` cannot be a name"),
            ("id = \"money\"", "line 4: `money` is no type of a column"),
            ("id = { path = \"x\" }", "line 4: `type` is missing"),
            ("id = 7", "line 4: `id` needs a table"),
            ("", "line 3: name 1 to 200 columns"),
        ] {
            let text = format!("[t]\nget = \"/a\"\n[t.columns]\n{column}");
            let error = Described::read(&text).unwrap_err();
            assert!(error.starts_with(said), "{column}: {error}");
        }
    }
}
