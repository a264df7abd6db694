//! Claims about differences in words.

use super::*;

const TEXT: &str = r#"format = 1
id = "desk"
title = "Desk"
[uses.main]
kind = "sqlite"
needs = ["read", "write"]
[access]
open = ["group:ops"]
[policy.own]
on = "main.orders"
rows = "region = ctx('user.region')"
mask = { email = "null" }
[query.list]
use = "main"
kind = "read"
sql = "select name from orders where (:q is null or name = :q)"
param.q = { from = "url.q", type = "text", null = true }
[query.add]
use = "main"
kind = "write"
expect = 1
sql = "insert into orders (name) values (:name)"
param.name = { from = "form.name", type = "text" }
[page.home]
title = "Home"
path = "/"
[page.home.widget.list]
type = "report"
at = [1, 1, 12]
query = "list"
columns = ["name"]   # one
"#;

/// The changes when `from` becomes `to`, a line each: heading, sign, text.
fn said(from: &str, to: &str) -> Vec<String> {
    assert!(TEXT.contains(from), "{from}");
    let groups = between(TEXT, &TEXT.replace(from, to)).unwrap();
    let lines = groups.iter().flat_map(|group| {
        let changes = group.changes.iter();
        changes.map(move |one| format!("{}: {} {}", group.title, one.sign.word(), one.text))
    });
    lines.collect()
}

#[test]
fn who_may_open_it_is_said_plainly() {
    assert_eq!(
        said("[\"group:ops\"]", "[\"group:ops\", \"group:sales\"]"),
        ["Who may do what: added who may open: group sales"]
    );
    assert_eq!(
        said("open = [\"group:ops\"]", ""),
        [
            "Who may do what: removed who may open: group ops",
            "Who may do what: added who may open: whoever the page Sharing does not keep out",
        ]
    );
    assert_eq!(
        said("open = ", "publish = [\"person:ada@example.org\"]\nopen = "),
        [
            "Who may do what: removed who may publish: whoever the page Sharing does not keep out",
            "Who may do what: added who may publish: person ada@example.org",
        ]
    );
}

#[test]
fn a_policy_that_goes_or_lets_more_through_is_said_plainly() {
    assert_eq!(
        said("rows = \"region = ctx('user.region')\"\n", ""),
        [
            "Who sees which rows and columns: changed the policy own, rows: “region = ctx('user.region')” before, every row now"
        ]
    );
    assert_eq!(
        said("mask = { email = \"null\" }\n", ""),
        [
            "Who sees which rows and columns: removed the policy own masks email no more: it is seen as it is"
        ]
    );
    let gone = said(
        "[policy.own]\non = \"main.orders\"\nrows = \"region = ctx('user.region')\"\nmask = { email = \"null\" }\n",
        "",
    );
    assert_eq!(gone.len(), 1);
    assert!(
        gone[0]
            .contains("removed the policy own on main.orders: this app lets everybody see there")
    );
}

#[test]
fn queries_and_their_parameters_are_named() {
    assert_eq!(
        said("select name from", "select  name\\nfrom"),
        Vec::<String>::new(),
        "how it is laid out is no difference"
    );
    assert_eq!(
        said("select name from", "select name, id from"),
        ["Queries: changed the query list, its statement"]
    );
    assert_eq!(
        said("from = \"form.name\"", "from = \"user.name\""),
        [
            "Queries: changed the query add, the parameter name: from a form as name before, from the person as name now"
        ]
    );
    assert_eq!(
        said("expect = 1\n", ""),
        ["Queries: changed the query add, rows it changes: 1 before, any number now"]
    );
    let limits = said(
        "type = \"text\", null = true",
        "type = \"text\", null = true, max = 5",
    );
    assert_eq!(
        limits,
        ["Queries: changed the query list, the parameter q, what it may be"]
    );
}

#[test]
fn pages_and_widgets_are_named_with_what_changed_of_them() {
    assert_eq!(
        said("[1, 1, 12]", "[2, 1, 6]"),
        [
            "Pages and widgets: changed the page “Home”, the report list, its place: row 1, column 1, 12 wide before, row 2, column 1, 6 wide now"
        ]
    );
    assert_eq!(
        said("[\"name\"]   # one", "[\"name\", \"id\"]"),
        [
            "Pages and widgets: changed the page “Home”, the report list, columns: “[\"name\"]” before, “[\"name\", \"id\"]” now"
        ]
    );
    assert_eq!(
        said("   # one", "   # another"),
        Vec::<String>::new(),
        "a comment is no difference"
    );
    assert_eq!(
        said(
            "[page.home]",
            "[page.more]\ntitle = \"More\"\npath = \"/more\"\n[page.home]"
        ),
        ["Pages and widgets: added the page “More” at /more, with 0 widgets"]
    );
}

#[test]
fn who_may_do_what_stands_before_everything_else() {
    let new = TEXT
        .replace("Desk", "Orders")
        .replace("group:ops", "group:sales");
    let titles: Vec<_> = between(TEXT, &new)
        .unwrap()
        .iter()
        .map(|group| (group.title, group.is_grave))
        .collect();
    assert_eq!(titles, [("Who may do what", true), ("The app", false)]);
}

#[test]
fn what_does_not_load_has_no_difference_in_words() {
    assert_eq!(between(TEXT, "format = 1"), None);
    assert_eq!(between(TEXT, TEXT), Some(Vec::new()));
}
