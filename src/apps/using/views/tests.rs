//! What a view keeps of an address, and what of it a changed page still shows.

use super::{Told, Words};
use crate::apps::format::{App, Context};
use crate::apps::widgets::Known;
use crate::base::Time;
use crate::web::Fields;

const CONTEXT: Context<'_> = Context {
    now: Time(1_800_000_000_000),
    user: None,
    app: "desk",
};

const QUERY: &str = r#"
format = 1
id = "desk"
title = "Desk"
[uses.main]
kind = "sqlite"
[query.list]
use = "main"
kind = "read"
sql = "select id, name, amount from orders where (:status is null or status in (:status)) and (:q is null or name like :q)"
paging = { size = 2, sort = ["name", "amount"], default = "name", key = "id" }
[query.list.param]
status = { from = "url.status", type = "list<enum>", values = ["new", "paid"], null = true }
q = { from = "url.q", type = "text", max = 20, null = true }
[page.home]
title = "Orders"
path = "/"
[page.home.widget.list]
type = "report"
at = [1, 1, 12]
query = "list"
hidden = ["amount"]
[page.home.widget.parts]
type = "tabs"
at = [2, 1, 12]
tabs = [{ label = "One", widgets = ["words"] }]
[page.home.widget.words]
type = "text"
at = [3, 1, 12]
text = "Words"
"#;

/// A second table with its own order, below the first.
const SECOND: &str = r#"
[page.home.widget.again]
type = "report"
at = [4, 1, 12]
query = "list"
"#;

fn app(text: &str) -> App {
    App::parse(text, &Known).unwrap()
}

fn keep(text: &str, query: &str) -> String {
    let app = app(text);
    Words::of(&app, &app.pages[0]).keep(&Fields::parse(query))
}

fn tell(text: &str, kept: &str) -> (String, String) {
    let app = app(text);
    let Told { query, gone } = Words::of(&app, &app.pages[0]).tell(kept, &CONTEXT);
    (query, gone.join(", "))
}

#[test]
fn filters_order_columns_and_tabs_are_kept_and_nothing_else() {
    let kept = keep(
        QUERY,
        "status=new&status=paid&q=&sort=-amount&after=%5B3%2C%22Secret%22%2C1%5D&list.edit=name.ab&list.columns=all&parts=1&_view=x&other=1",
    );

    assert_eq!(
        kept,
        "status=new&status=paid&list.sort=-amount&list.columns=all&parts=1"
    );
    assert_eq!(keep(QUERY, ""), "");
}

#[test]
fn a_view_is_shown_as_it_was_kept() {
    let kept = keep(QUERY, "sort=-amount&q=a%26b&status=new");

    assert_eq!(
        tell(QUERY, &kept),
        ("sort=-amount&q=a%26b&status=new".to_owned(), String::new())
    );
}

#[test]
fn an_order_stays_that_of_its_table_when_another_comes() {
    let kept = keep(QUERY, "sort=name");
    let two = [QUERY, SECOND].concat();

    assert_eq!(tell(&two, &kept).0, "list.sort=name");
    assert_eq!(keep(&two, "list.sort=name&sort=name"), kept);
}

#[test]
fn what_the_page_has_no_more_is_said_and_the_rest_is_shown() {
    let kept = "region=north&list.sort=weight&old.sort=name&q=bolt&old.columns=all&q=x";
    let (query, gone) = tell(QUERY, kept);

    assert_eq!(query, "q=bolt&q=x");
    assert_eq!(
        gone,
        "“Region”, the order by “Weight”, the order of a table, the columns of a table"
    );
}

#[test]
fn a_value_that_its_filter_takes_no_more_is_left_out() {
    let (query, gone) = tell(QUERY, "status=new&status=lost&list.sort=name");

    assert_eq!(query, "sort=name");
    assert_eq!(gone, "the value of “Status”");
}

#[test]
fn what_is_kept_is_told_in_words() {
    let said = Words::said("status=new&list.sort=-amount&list.columns=all");

    let said: Vec<String> = said
        .into_iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    assert_eq!(
        said,
        ["Status: new", "Order: Amount, downwards", "Columns: all"]
    );
}
