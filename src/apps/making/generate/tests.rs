//! Claims about apps made from tables: they load without a word said against
//! them, and their queries run.

use super::shape::{Facts, Shape};
use super::{Parts, app_text};
use crate::apps::format::{App, AppOutline, Key, KeyKind, KindSchema, Kinds, QueryKind, Settings};
use crate::data::ColumnType::{self, Boolean, Date, DateTime, Integer, Number, Text};
use crate::data::tables::{Table, TableColumn};

/// The kinds an app is made with, each nothing but its keys.
struct Made;

const ROW: &[Key] = &[
    Key::new("goto", KeyKind::Page, "The page behind a row.").required(),
    Key::new("with", KeyKind::TextTable, "What it is told."),
];
const THEN: &[Key] = &[
    Key::new("goto", KeyKind::Page, "The page that follows."),
    Key::new("toast", KeyKind::Text, "What to say."),
];
const KINDS: &[KindSchema] = &[
    KindSchema {
        name: "filter",
        doc: "",
        keys: &[Key::new("inputs", KeyKind::Inputs, "").required()],
    },
    KindSchema {
        name: "stat",
        doc: "",
        keys: &[
            Key::new("query", KeyKind::ReadQuery, "").required(),
            Key::new("value", KeyKind::Text, "").required(),
            Key::new("label", KeyKind::Text, ""),
            Key::new("format", KeyKind::Text, ""),
        ],
    },
    KindSchema {
        name: "chart",
        doc: "",
        keys: &[
            Key::new("query", KeyKind::ReadQuery, "").required(),
            Key::new("mark", KeyKind::OneOf(&["bar", "line"]), ""),
            Key::new("x", KeyKind::Text, ""),
            Key::new("y", KeyKind::Texts, ""),
            Key::new("title", KeyKind::Text, ""),
        ],
    },
    KindSchema {
        name: "report",
        doc: "",
        keys: &[
            Key::new("query", KeyKind::ReadQuery, "").required(),
            Key::new("title", KeyKind::Text, ""),
            Key::new("columns", KeyKind::Texts, ""),
            Key::new("labels", KeyKind::TextTable, ""),
            Key::new("format", KeyKind::TextTable, ""),
            Key::new("export", KeyKind::SomeOf(&["csv", "xlsx"]), ""),
            Key::new("empty", KeyKind::Text, ""),
            Key::new("row", KeyKind::Table(ROW), ""),
        ],
    },
    KindSchema {
        name: "form",
        doc: "",
        keys: &[
            Key::new("submit", KeyKind::WriteQuery, "").required(),
            Key::new("load", KeyKind::ReadQuery, ""),
            Key::new("title", KeyKind::Text, ""),
            Key::new("labels", KeyKind::TextTable, ""),
            Key::new("then", KeyKind::Table(THEN), ""),
        ],
    },
    KindSchema {
        name: "button",
        doc: "",
        keys: &[
            Key::new("label", KeyKind::Text, "").required(),
            Key::new("goto", KeyKind::Page, ""),
            Key::new("run", KeyKind::WriteQuery, ""),
            Key::new("confirm", KeyKind::Text, ""),
            Key::new("style", KeyKind::OneOf(&["primary", "danger"]), ""),
            Key::new("then", KeyKind::Table(THEN), ""),
        ],
    },
];

impl Kinds for Made {
    fn check(&self, kind: &str, settings: &mut Settings<'_>, _: &AppOutline<'_>) -> bool {
        let found = KINDS.iter().find(|known| known.name == kind);
        if let Some(known) = found {
            settings.finish(known.keys);
        }
        found.is_some()
    }

    fn schema(&self) -> Vec<KindSchema> {
        KINDS.to_vec()
    }
}

pub(super) fn facts(name: &str, kind: ColumnType, values: &[&str]) -> Facts {
    let (least, most) = match kind {
        Date => ("2013-01-01", "2013-12-31"),
        DateTime => ("2013-01-01T05:00:00", "2013-02-01T05:00:00"),
        _ => ("1", "9"),
    };
    Facts {
        column: TableColumn {
            name: name.to_owned(),
            title: crate::base::text::title(name),
            kind,
        },
        filled: 10,
        least: least.to_owned(),
        most: most.to_owned(),
        longest: 12,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}

pub(super) fn shape(name: &str, key: &str, columns: Vec<Facts>) -> Shape {
    let named = columns.iter().map(|facts| facts.column.clone());
    let id = TableColumn {
        name: key.to_owned(),
        title: "Id".to_owned(),
        kind: Integer,
    };
    Shape {
        table: Table {
            name: name.to_owned(),
            title: crate::base::text::title(name),
            key: key.to_owned(),
            columns: [id].into_iter().chain(named).collect(),
            references: Vec::new(),
        },
        rows: 10,
        columns,
        called: None,
    }
}

/// Tables of very different kinds.
fn shapes() -> Vec<Shape> {
    vec![
        shape(
            "penguins",
            "id",
            vec![
                facts("species", Text, &["Adelie", "Chinstrap", "Gentoo"]),
                facts("bill_length_mm", Number, &[]),
                facts("year", Integer, &["2007", "2008", "2009"]),
            ],
        ),
        shape(
            "orders",
            "order_no",
            vec![
                facts("customer", Text, &[]),
                facts("email", Text, &[]),
                facts("status", Text, &["new", "it's \"paid\"", "back\\slash"]),
                facts("amount", Number, &[]),
                facts("created", Date, &[]),
                facts("is_paid", Boolean, &[]),
            ],
        ),
        // Names that are words of SQL, or that the app would have used itself.
        shape(
            "group",
            "key",
            vec![
                facts("order", Text, &["asc", "desc"]),
                facts("select", Text, &[]),
                facts("search", Text, &[]),
                facts("since", DateTime, &[]),
                facts("group", Integer, &[]),
            ],
        ),
        shape("notes", "id", vec![facts("text", Text, &[])]),
        shape("flags", "id", vec![facts("is_on", Boolean, &[])]),
        shape("points", "id", vec![facts("value", Number, &[])]),
        shape("moments", "id", vec![facts("at", DateTime, &[])]),
    ]
}

#[test]
fn an_app_made_from_any_table_has_no_problem() {
    for shape in shapes() {
        let text = app_text("made", &Parts::of(&shape));

        let app = App::parse(&text, &Made);

        let app = app.unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
        assert!(app.problems.is_empty(), "{:?}\n{text}", app.problems);
        assert_eq!(app.pages.len(), 3);
    }
}

#[test]
fn its_queries_run() {
    for shape in shapes() {
        let text = app_text("made", &Parts::of(&shape));
        let app = App::parse(&text, &Made).unwrap();
        let columns = shape.table.columns.iter();
        let columns: Vec<String> = columns
            .map(|column| format!("\"{}\" {}", column.name, column.kind.storage()))
            .collect();
        let conn = memory();
        let table = &shape.table.name;
        conn.execute_batch(&format!(
            "create table \"{table}\" ({})",
            columns.join(", ")
        ))
        .unwrap();

        for query in &app.queries {
            let prepared = conn.prepare(&query.sql);
            let statement = prepared.unwrap_or_else(|error| panic!("{error}\n{}", query.sql));
            assert_eq!(statement.readonly(), query.kind == QueryKind::Read);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "an empty database in memory")]
pub(super) fn memory() -> crate::store::Connection {
    crate::store::Connection::open_in_memory().unwrap()
}

#[test]
fn it_reads_as_a_person_would_have_written_it() {
    let shape = &shapes()[0];
    insta::assert_snapshot!(app_text("penguins", &Parts::of(shape)));
}
