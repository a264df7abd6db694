//! A statement that was typed, as it stands in the text.

use super::*;
use crate::apps::editing::Offer;
use crate::data::ColumnType;
use crate::data::sql_text::Dialect;
use crate::data::tables::{Table, TableColumn};
use crate::web::Fields;

const TEXT: &str = r#"format = 1
id = "a"
title = "A"

[uses.shop] # the one in the basement
kind  = "postgres"
needs = ["read"]

# All of them
[query.orders]
use  = "shop"
kind = "read"
sql  = "select * from orders where (:status is null or status = :status)"

[query.orders.param]
status = { from = "url.status", type = "text", null = true } # what people choose
"#;

fn tables() -> Vec<Table> {
    let column = |name: &str, kind| TableColumn {
        name: name.to_owned(),
        title: name.to_owned(),
        kind,
    };
    vec![Table {
        name: "orders".to_owned(),
        title: "orders".to_owned(),
        key: String::new(),
        columns: vec![
            column("id", ColumnType::Integer),
            column("amount", ColumnType::Number),
        ],
        references: Vec::new(),
    }]
}

/// What comes of it: the text, or each fault with its field.
fn of(text: &str, (name, is_new, writes): (&str, bool, bool), sql: &str, fields: &str) -> String {
    let typed = Typed {
        name,
        is_new,
        uses: "shop",
        dialect: Dialect::Postgres,
        writes,
        sql,
        tables: &tables(),
        fields: &Fields::parse(fields),
    };
    written(text, &typed).unwrap_or_else(|faults| {
        let each = faults.iter().map(|(name, why)| format!("{name}: {why}\n"));
        each.collect()
    })
}

#[test]
fn a_new_statement_comes_with_its_values_and_may_change_rows() {
    let sql = "insert into orders (customer, amount, at)\nvalues (:customer, :amount, :now)";
    let made = of(TEXT, ("add", true, true), sql, "p.customer.max=60");

    insta::assert_snapshot!(made.strip_prefix(&TEXT[..TEXT.find("needs").unwrap()]).unwrap(), @r#"
    needs = ["read", "write"]

    # All of them
    [query.orders]
    use  = "shop"
    kind = "read"
    sql  = "select * from orders where (:status is null or status = :status)"

    [query.orders.param]
    status = { from = "url.status", type = "text", null = true } # what people choose

    [query.add]
    use  = "shop"
    kind = "write"
    sql  = '''
    insert into orders (customer, amount, at)
    values (:customer, :amount, :now)
    '''
    expect = 1

    [query.add.param]
    customer = { from = "form.customer", type = "text", max = 60 }
    amount = { from = "form.amount", type = "decimal" }
    now = { from = "server.now", type = "datetime" }
    "#);
    let app = crate::apps::format::App::parse(
        &format!("{made}[page.home]\ntitle = \"Home\"\npath = \"/\"\n"),
        &crate::apps::widgets::Known,
    );
    assert_eq!(app.unwrap().query("add").unwrap().expect, Some(1));
}

#[test]
fn what_is_not_changed_stays() {
    let sql = "select * from orders where (:status is null or status = :status)";
    let same = of(
        TEXT,
        ("orders", false, false),
        sql,
        "p.status.from=url.status",
    );
    let more = format!("{sql}\n   and (:id is null or id = :id)");
    let fields = "k.paging.size=20&p.status.type=enum&p.status.values.is=1&p.status.values=new&p.status.values=sent";
    let changed = of(TEXT, ("orders", false, false), &more, fields);
    let fewer = of(&changed, ("orders", false, false), "select 1", "");

    assert_eq!(same, TEXT);
    let held = params((&changed, "orders"), &Offer::default(), None);
    let told: Vec<String> = { held.iter() }
        .map(|one| format!("{} {}", one.name, one.fields[0].value()))
        .collect();
    assert_eq!(told, ["status url.status", "id url.id"]);
    assert!(
        changed.contains("status = { from = \"url.status\", type = \"enum\", null = true, values = [\"new\", \"sent\"] } # what people choose\nid = { from = \"url.id\", type = \"int\", null = true }"),
        "{changed}"
    );
    assert!(changed.contains("paging = { size = 20 }"), "{changed}");
    assert!(!fewer.contains("url.status"), "{fewer}");
    assert!(fewer.contains("# All of them"), "{fewer}");
}

#[test]
fn a_value_can_be_the_same_as_one_of_another_query() {
    let sql = "select count(*) as n from orders where (:status is null or status = :status)";
    let fields = "p.status.from=url.status&p.status.type=text&p.status.same_as=orders.status";
    let made = of(TEXT, ("figures", true, false), sql, fields);

    assert!(
        made.contains("status = { same_as = \"orders.status\" }"),
        "{made}"
    );
    let again = of(&made, ("figures", false, false), sql, fields);
    assert_eq!(again, made);
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let told = [
        of(TEXT, ("orders", true, false), "select 1", ""),
        of(TEXT, ("New", true, false), "select 1", ""),
        of(TEXT, ("new", true, false), "", ""),
        of(TEXT, ("new", true, false), "select 'a", ""),
        of(TEXT, ("new", true, false), "select 1; select 2", ""),
        of(TEXT, ("new", true, false), "select :a", "p.a.min=few"),
        of(TEXT, ("gone", false, false), "select 1", ""),
    ];

    insta::assert_snapshot!(told.concat(), @r"
    name: there is a query `orders` already; choose another name
    name: begin with a small letter, and go on with small letters, digits, - and _, at most 60
    sql: write a statement
    sql: this quote is never closed; end it, and double a quote that is meant to be inside
    sql: a second statement begins here; a query is one statement, so give this one a query of its own
    p.a.min: write a number, such as 5 or 0.5
    : `gone` is not there any more; open the page anew
    ");
}
