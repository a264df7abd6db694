//! Claims about apps made from several tables: nothing is said against them, their
//! statements run, and what they refuse they refuse whole.

use super::{Family, family_text, outline};
use crate::apps::format::{App, QueryKind};
use crate::apps::making::generate::Shape;
use crate::apps::making::generate::shape::Called;
use crate::apps::making::generate::tests::{facts, memory, shape};
use crate::apps::widgets::Known;
use crate::data::ColumnType::{Boolean, Date, Integer, Number, Text};
use crate::data::tables::Reference;
use crate::store::Connection;

/// The same, whose rows are called by that column and whose other columns name rows.
fn related(mut shape: Shape, called: &str, references: &[(&str, &str)]) -> Shape {
    shape.called = Some(called)
        .filter(|called| !called.is_empty())
        .map(|called| Called {
            column: called.to_owned(),
            is_unique: called != "note",
        });
    let references = references.iter().map(|(column, to)| Reference {
        column: (*column).to_owned(),
        to: (*to).to_owned(),
    });
    shape.table.references = references.collect();
    shape
}

fn customers() -> Shape {
    let columns = vec![
        facts("name", Text, &[]),
        facts("city", Text, &["Bern", "Graz", "Ulm"]),
        facts("is_active", Boolean, &[]),
    ];
    related(shape("customers", "id", columns), "name", &[])
}

fn orders() -> Shape {
    let columns = vec![
        facts("customer_id", Integer, &[]),
        facts("status", Text, &["new", "paid", "sent"]),
        facts("day", Date, &[]),
        facts("amount", Number, &[]),
        facts("note", Text, &[]),
    ];
    related(
        shape("orders", "id", columns),
        "note",
        &[("customer_id", "customers")],
    )
}

fn lines() -> Shape {
    let mut article = facts("article_id", Integer, &[]);
    article.filled = 3;
    let columns = vec![
        facts("order_id", Integer, &[]),
        article,
        facts("pieces", Integer, &[]),
    ];
    let references = [("order_id", "orders"), ("article_id", "articles")];
    related(shape("order_lines", "id", columns), "", &references)
}

fn articles() -> Shape {
    let columns = vec![facts("title", Text, &[]), facts("price", Number, &[])];
    related(shape("articles", "article_no", columns), "title", &[])
}

/// Two columns that name rows of one table, one that names rows of its own, names that
/// are words of SQL and of the app.
fn odd() -> Vec<Shape> {
    let columns = vec![
        facts("group_id", Integer, &[]),
        facts("other_group_id", Integer, &[]),
        facts("group", Text, &[]),
        facts("id", Text, &[]),
        facts("parent", Text, &[]),
        facts("search", Text, &[]),
        facts("since", Date, &[]),
    ];
    let orders = [("group_id", "group"), ("other_group_id", "group")];
    let own = vec![facts("home", Text, &[]), facts("group_id", Integer, &[])];
    vec![
        related(shape("order", "row_id", columns), "group", &orders),
        related(shape("group", "key", own), "home", &[("group_id", "group")]),
        related(
            shape("orders", "id", vec![facts("name", Text, &[])]),
            "name",
            &[],
        ),
        related(
            shape("home", "id", vec![facts("name", Text, &[])]),
            "name",
            &[],
        ),
    ]
}

/// So many tables, each naming rows of the one before.
fn chain(many: usize) -> Vec<Shape> {
    let name = |at: usize| format!("a_long_name_of_a_table_that_goes_on_and_on_to_its_end_{at}");
    let each = (0..many).map(|at| {
        let mut columns = vec![facts("name", Text, &[]), facts("day", Date, &[])];
        let before = at.checked_sub(1).map(name);
        columns.extend(before.iter().map(|_| facts("before_id", Integer, &[])));
        let before: Vec<(&str, &str)> = { before.iter() }
            .map(|before| ("before_id", before.as_str()))
            .collect();
        related(shape(&name(at), "id", columns), "name", &before)
    });
    each.collect()
}

fn families() -> Vec<Vec<Shape>> {
    let shop = || vec![customers(), orders(), lines(), articles()];
    let mut empty = shop();
    for shape in &mut empty {
        shape.rows = 0;
        for facts in &mut shape.columns {
            (facts.filled, facts.values) = (0, Vec::new());
        }
    }
    let mut all = vec![shop(), odd(), empty];
    all.extend((1..=12).map(chain));
    all
}

fn made(shapes: Vec<Shape>) -> (String, App) {
    let family = Family::of(shapes);
    let text = family_text("made", &family.title(), &family);
    let app = App::parse(&text, &Known);
    let app = app.unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    (text, app)
}

fn database(shapes: &[Shape]) -> Connection {
    let conn = memory();
    for shape in shapes {
        let columns: Vec<String> = { shape.table.columns.iter() }
            .map(|column| {
                let key = if column.name == shape.table.key {
                    " primary key"
                } else {
                    ""
                };
                format!("\"{}\" {}{key}", column.name, column.kind.storage())
            })
            .collect();
        let name = &shape.table.name;
        conn.execute_batch(&format!(
            "create table \"{name}\" ({}) strict",
            columns.join(", ")
        ))
        .unwrap();
    }
    conn
}

#[test]
fn an_app_made_from_one_to_twelve_tables_has_no_problem() {
    for shapes in families() {
        let tables = shapes.len();
        let links: usize = { shapes.iter() }
            .map(|shape| shape.table.references.len())
            .sum();

        let (text, app) = made(shapes);

        assert!(app.problems.is_empty(), "{:?}\n{text}", app.problems);
        assert_eq!(app.pages.len(), 1 + 4 * tables + links);
        assert_eq!(app.menu().len(), 1 + tables);
    }
}

#[test]
fn its_statements_run_and_do_what_they_are_for() {
    for shapes in families() {
        let conn = database(&shapes);
        for query in &made(shapes).1.queries {
            let prepared = conn.prepare(&query.sql);
            let statement = prepared.unwrap_or_else(|error| panic!("{error}\n{}", query.sql));
            assert_eq!(statement.readonly(), query.kind == QueryKind::Read);
        }
    }
}

#[test]
fn every_page_is_reached_from_another() {
    for shapes in families() {
        let (text, app) = made(shapes);
        for page in app.pages.iter().filter(|page| !page.menu) {
            let goto = format!("goto = \"{}\"", page.id);
            let bare = format!("goto  = \"{}\"", page.id);
            assert!(text.contains(&goto) || text.contains(&bare), "{}", page.id);
        }
    }
}

#[test]
fn a_row_is_added_only_where_exactly_one_is_called_so() {
    let shapes = vec![customers(), orders()];
    let conn = database(&shapes);
    conn.execute_batch("insert into customers (name) values ('Ada'), ('Bob'), ('Bob')")
        .unwrap();
    let (_, app) = made(shapes);
    let add = |query: &str, given: &[(&str, &str)]| {
        let mut statement = conn.prepare(&app.query(query).unwrap().sql).unwrap();
        for (name, value) in given {
            let at = statement.parameter_index(name).unwrap().unwrap();
            statement.raw_bind_parameter(at, value).unwrap();
        }
        statement.raw_execute().unwrap()
    };

    assert_eq!(
        add("add_order", &[(":customer", "Ada"), (":status", "new")]),
        1
    );
    assert_eq!(
        add("add_order", &[(":customer", "Bob"), (":status", "new")]),
        0
    );
    assert_eq!(
        add("add_order", &[(":customer", "Eve"), (":status", "new")]),
        0
    );
    assert_eq!(add("add_order_to_customer", &[(":parent", "2")]), 1);
    assert_eq!(add("add_order_to_customer", &[(":parent", "9")]), 0);
    // What something belongs to stays.
    assert_eq!(add("remove_customer", &[(":id", "1")]), 0);
    assert_eq!(add("remove_customer", &[(":id", "3")]), 1);
}

#[test]
fn it_reads_as_a_person_would_have_written_it() {
    let shapes = vec![customers(), orders()];
    insta::assert_snapshot!(made(shapes).0);
}

#[test]
fn what_will_be_made_is_said_in_words() {
    let family = Family::of(vec![customers(), orders(), lines(), articles()]);
    let said: Vec<String> = outline(&family)
        .iter()
        .map(|one| format!("{}: {}", one.title, one.pages.join("; ")))
        .collect();

    insta::assert_snapshot!(said.join("\n"));
    assert_eq!(family.title(), "Customers, orders and more");
}
