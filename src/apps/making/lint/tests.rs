//! Claims about the rules: what each finds, and what it lets be.

use super::facts::Asked;
use super::*;
use crate::apps::widgets::Known;
use crate::data::ColumnType;
use crate::data::tables::TableColumn;

const HEAD: &str = "format = 1\nid = \"desk\"\ntitle = \"Desk\"\n[uses.main]\nkind = \"sqlite\"\nneeds = [\"read\", \"write\"]\n[page.home]\ntitle = \"Home\"\npath = \"/\"\n";
const LIST: &str =
    "[page.home.widget.list]\ntype = \"report\"\nat = [1, 1, 12]\nquery = \"list\"\n";

fn table(name: &str, columns: &[&str]) -> Table {
    let column = |name: &&str| TableColumn {
        name: (*name).to_owned(),
        title: (*name).to_owned(),
        kind: ColumnType::Text,
    };
    Table {
        name: name.to_owned(),
        title: "People".to_owned(),
        key: "id".to_owned(),
        columns: columns.iter().map(column).collect(),
        references: Vec::new(),
    }
}

/// A long table without an index, in an app that everybody opens.
fn facts(query: &str, columns: &[&str], scans: &[&str]) -> Facts {
    let shown = |name: &&str| Shown {
        name: (*name).to_owned(),
        from: Some(("people".to_owned(), (*name).to_owned())),
    };
    let asked = Asked {
        columns: columns.iter().map(shown).collect(),
        scans: scans.iter().map(|&line| line.to_owned()).collect(),
    };
    Facts {
        is_open: true,
        rows: [("people".to_owned(), 10_000)].into(),
        indexed: [("people".to_owned(), vec!["id".to_owned()])].into(),
        asked: [(query.to_owned(), asked)].into(),
    }
}

/// The ids of what is found in the rest of the app, of one rule.
fn found(rule: &str, rest: &str, facts: &Facts) -> Vec<Finding> {
    let text = format!("{HEAD}{rest}");
    let app = App::parse(&text, &Known).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    let tables = [table(
        "people",
        &["id", "name", "email", "salary", "status"],
    )];
    let all = look(&app, &tables, facts).into_iter();
    all.filter(|finding| finding.rule() == rule).collect()
}

fn only(rule: &str, rest: &str, facts: &Facts) -> Finding {
    let mut all = found(rule, rest, facts);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn read(sql: &str, more: &str) -> String {
    format!("[query.list]\nuse = \"main\"\nkind = \"read\"\nsql = \"{sql}\"\n{more}")
}

fn write(sql: &str, more: &str) -> String {
    format!("[query.save]\nuse = \"main\"\nkind = \"write\"\nsql = \"{sql}\"\n{more}")
}

const FORM: &str = "[page.home.widget.form]\ntype = \"form\"\nat = [1, 1, 12]\nsubmit = \"save\"\n";

#[test]
fn a_form_for_everybody_that_asks_for_what_is_personal_is_found() {
    let with = |column: &str| {
        let param = format!("param.{column} = {{ from = \"form.{column}\", type = \"text\" }}\n");
        write(
            &format!("insert into people ({column}) values (:{column})"),
            &param,
        ) + FORM
    };
    let (open, mut closed) = (
        Facts {
            is_open: true,
            ..Facts::default()
        },
        Facts::default(),
    );
    closed.is_open = false;

    let pay = only("open_form", &with("salary"), &open);
    let mail = only("open_form", &with("email"), &open);

    assert_eq!(pay.weight, Weight::Must);
    assert_eq!(mail.weight, Weight::Should);
    assert_eq!(pay.place, "the form form on the page Home");
    assert!(
        pay.why.contains("`salary` (pay or a bank account)"),
        "{}",
        pay.why
    );
    assert!(found("open_form", &with("status"), &open).is_empty());
    assert!(found("open_form", &with("salary"), &closed).is_empty());
}

#[test]
fn personal_columns_for_everybody_are_found_unless_a_policy_narrows_them() {
    let list = read("select email, salary from people", "") + LIST;
    let facts_of = facts("list", &["email", "salary"], &[]);

    let seen = only("open_report", &list, &facts_of);
    assert_eq!(seen.weight, Weight::Must);
    assert!(
        !seen.why.contains("email"),
        "an address to be seen is no finding: {}",
        seen.why
    );
    let taken = only(
        "open_report",
        &format!("{list}export = [\"csv\"]\ncolumns = [\"email\"]\n"),
        &facts_of,
    );
    assert_eq!(taken.weight, Weight::Should);
    assert!(
        taken.why.contains("take along as a file `email`"),
        "{}",
        taken.why
    );

    let masked = "[policy.pay]\non = \"main.people\"\nmask = { salary = \"null\" }\n";
    assert!(found("open_report", &format!("{list}{masked}"), &facts_of).is_empty());
    let plain = read("select status from people", "") + LIST;
    assert!(found("open_report", &plain, &facts("list", &["status"], &[])).is_empty());
    let closed = Facts {
        is_open: false,
        ..facts_of
    };
    assert!(found("open_report", &list, &closed).is_empty());
}

#[test]
fn all_rows_of_a_long_table_are_found_and_get_pages() {
    let facts_of = facts("list", &["id", "name"], &[]);
    let list = read("select id, name from people", "") + LIST;

    let all = only("unbounded", &list, &facts_of);
    let text = all.fix.unwrap().written(&format!("{HEAD}{list}")).unwrap();

    assert!(
        text.contains("paging = { size = 50, key = \"id\" }"),
        "{text}"
    );
    assert!(App::parse(&text, &Known).is_ok());
    for bounded in [
        read("select id, name from people limit 10", "") + LIST,
        read("select count(*) as name from people", "") + LIST,
        read("select id, name from people", "paging = { size = 20 }\n") + LIST,
    ] {
        assert!(
            found("unbounded", &bounded, &facts_of).is_empty(),
            "{bounded}"
        );
    }
    let mut short = facts_of.clone();
    short.rows.insert("people".to_owned(), 9_999);
    assert!(found("unbounded", &list, &short).is_empty());
}

#[test]
fn a_filter_that_walks_through_a_long_table_is_found() {
    let list = read(
        "select id from people where status = :status",
        "param.status = { from = \"url.status\", type = \"text\" }\n",
    ) + LIST;
    let scans = facts("list", &["id"], &["SCAN people"]);

    let walks = only("no_index", &list, &scans);
    assert_eq!(
        walks.fix,
        Some(Fix::Index {
            table: "people".to_owned(),
            column: "status".to_owned()
        })
    );
    assert!(found("no_index", &list, &facts("list", &["id"], &[])).is_empty());
    let mut indexed = scans.clone();
    indexed
        .indexed
        .insert("people".to_owned(), vec!["status".to_owned()]);
    assert!(found("no_index", &list, &indexed).is_empty());
    let mut short = scans;
    short.rows.insert("people".to_owned(), 999);
    assert!(found("no_index", &list, &short).is_empty());
}

#[test]
fn a_sort_column_without_an_index_is_found() {
    let sorted = |columns: &str| {
        read(
            "select id, status from people",
            &format!("paging = {{ size = 20, sort = [{columns}] }}\n"),
        ) + LIST
    };
    let facts_of = facts("list", &["id", "status"], &["SCAN people"]);

    assert_eq!(
        only("no_index", &sorted("\"status\""), &facts_of).id,
        "no_index:people:status"
    );
    assert!(
        found("no_index", &sorted("\"id\""), &facts_of).is_empty(),
        "the key is one"
    );
}

#[test]
fn a_query_nobody_names_is_found_and_taken_out() {
    let lone = read("select id from people", "");
    let facts_of = Facts::default();

    let unused = only("unused_query", &lone, &facts_of);
    let text = unused
        .fix
        .unwrap()
        .written(&format!("{HEAD}{lone}"))
        .unwrap();
    assert!(!text.contains("query.list"), "{text}");

    let tested = "[test.t]\nas = {}\nrun = \"list\"\nexpect = \"select 1\"\n";
    let copied = "[query.other]\nuse = \"main\"\nkind = \"read\"\nsql = \"select :q as q\"\nparam.q = { same_as = \"list.q\" }\n";
    let param = read(
        "select :q as q",
        "param.q = { from = \"url.q\", type = \"text\", null = true }\n",
    );
    assert!(found("unused_query", &format!("{lone}{LIST}"), &facts_of).is_empty());
    assert!(found("unused_query", &format!("{lone}{tested}"), &facts_of).is_empty());
    let of_two = only("unused_query", &format!("{param}{copied}"), &facts_of);
    assert_eq!(of_two.id, "unused_query:other");
}

#[test]
fn a_parameter_that_nothing_writes_into_the_address_is_found_and_goes_to_the_filter() {
    let list = read(
        "select id from people where (:q is null or name = :q) and (:s is null or status = :s)",
        "param.q = { from = \"url.q\", type = \"text\", null = true }\nparam.s = { from = \"url.state\", type = \"text\", null = true }\n",
    ) + LIST;
    let filter = "[page.home.widget.filter]\ntype = \"filter\"\nat = [2, 1, 12]\ninputs = [\"list.s\"]   # one\n";
    let button = "[page.home.widget.go]\ntype = \"button\"\nat = [3, 1, 3]\nlabel = \"New\"\ngoto = \"home\"\nwith = { state = \"new\" }\n";

    let both = found("unset_param", &list, &Facts::default());
    assert_eq!(both.len(), 2, "{both:?}");
    assert!(both[0].fix.is_none(), "there is no filter");
    let pressed = only("unset_param", &format!("{list}{button}"), &Facts::default());
    assert_eq!(pressed.id, "unset_param:list:q");
    let one = only("unset_param", &format!("{list}{filter}"), &Facts::default());
    let text = one
        .fix
        .unwrap()
        .written(&format!("{HEAD}{list}{filter}"))
        .unwrap();
    assert!(
        text.contains("inputs = [\"list.s\", \"list.q\"]   # one"),
        "{text}"
    );
}

#[test]
fn a_change_that_counts_nothing_is_found() {
    let add = write("insert into people (name) values ('x')", "") + FORM;
    let all = write("delete from people", "") + FORM;

    let one = only("no_expect", &add, &Facts::default());
    let text = one
        .fix
        .clone()
        .unwrap()
        .written(&format!("{HEAD}{add}"))
        .unwrap();
    assert!(text.contains("expect = 1"), "{text}");
    assert_eq!(one.weight, Weight::Should);
    let every = only("no_expect", &all, &Facts::default());
    assert_eq!((every.weight, every.fix), (Weight::Must, None));
    let counted = write("delete from people", "expect = 1\n") + FORM;
    assert!(found("no_expect", &counted, &Facts::default()).is_empty());
}

#[test]
fn a_page_nobody_gets_to_is_found_and_put_into_the_menu() {
    let page = "[page.lost]\ntitle = \"Lost\"\npath = \"/lost\"\nmenu = false   # not yet\n";
    let button = "[page.home.widget.go]\ntype = \"button\"\nat = [1, 1, 3]\nlabel = \"There\"\ngoto = \"lost\"\n";

    let lost = only("unreachable_page", page, &Facts::default());
    let text = lost.fix.unwrap().written(&format!("{HEAD}{page}")).unwrap();
    assert!(text.contains("menu = true   # not yet"), "{text}");
    let led = format!("{page}{button}");
    assert!(found("unreachable_page", &led, &Facts::default()).is_empty());
    let shown = page.replace("menu = false", "menu = true");
    assert!(found("unreachable_page", &shown, &Facts::default()).is_empty());
}

#[test]
fn what_weighs_most_comes_first() {
    let facts_of = facts("list", &["salary"], &[]);
    let text = read("select salary from people", "")
        + LIST
        + &write("delete from people where id = 1", "");
    let app = App::parse(&format!("{HEAD}{text}"), &Known).unwrap();

    let all = look(&app, &[table("people", &["id", "salary"])], &facts_of);
    let weights: Vec<Weight> = all.iter().map(|finding| finding.weight).collect();
    assert_eq!(weights[0], Weight::Must);
    assert!(weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
}
