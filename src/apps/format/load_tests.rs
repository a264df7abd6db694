//! Claims about loading an app file: what is read, and what is said about mistakes.

use super::super::keys::{Key, KeyKind, KindSchema};
use super::*;
use crate::apps::format::{QueryKind, Source, schema};

/// As many kinds as the example needs, each nothing but its keys.
pub(crate) struct Few;

const LABEL: Key = Key::new("label", KeyKind::Text, "Its words.").required();

const THEN: &[Key] = &[
    Key::new("goto", KeyKind::Page, "The page to go to."),
    Key::new("toast", KeyKind::Text, "What to say."),
    Key::new("also", KeyKind::Tables(&[LABEL]), "More to do."),
];

const FEW: &[KindSchema] = &[
    KindSchema {
        name: "filter",
        doc: "Fields that set the address.",
        keys: &[Key::new("inputs", KeyKind::Inputs, "The parameters.").required()],
    },
    KindSchema {
        name: "chart",
        doc: "A picture of numbers.",
        keys: &[
            Key::new("query", KeyKind::ReadQuery, "The rows.").required(),
            Key::new("mark", KeyKind::OneOf(&["bar", "line"]), "Its form."),
            Key::new("x", KeyKind::Text, "The column below."),
            Key::new("y", KeyKind::Texts, "The columns drawn."),
        ],
    },
    KindSchema {
        name: "report",
        doc: "Rows as a table.",
        keys: &[
            Key::new("query", KeyKind::ReadQuery, "The rows.").required(),
            Key::new("columns", KeyKind::Texts, "The columns shown."),
            Key::new("format", KeyKind::TextTable, "How columns are written."),
            Key::new(
                "export",
                KeyKind::SomeOf(&["csv", "xlsx"]),
                "The files offered.",
            ),
            Key::new("empty", KeyKind::Text, "What to say without rows."),
        ],
    },
    KindSchema {
        name: "button",
        doc: "Goes to a page.",
        keys: &[
            Key::new("label", KeyKind::Text, "Its words."),
            Key::new("goto", KeyKind::Page, "The page."),
        ],
    },
    KindSchema {
        name: "form",
        doc: "Fields that are sent.",
        keys: &[
            Key::new("submit", KeyKind::WriteQuery, "The query.").required(),
            Key::new("labels", KeyKind::TextTable, "Names of fields."),
            Key::new("then", KeyKind::Table(THEN), "What follows."),
        ],
    },
];

impl Kinds for Few {
    fn check(&self, kind: &str, settings: &mut Settings<'_>, _: &AppOutline<'_>) -> bool {
        let found = FEW.iter().find(|known| known.name == kind);
        if let Some(known) = found {
            settings.finish(known.keys);
        }
        found.is_some()
    }

    fn schema(&self) -> Vec<KindSchema> {
        FEW.to_vec()
    }
}

const EXAMPLE: &str = include_str!("example.toml");

/// The example with `from` replaced by `to`, and what is then said about it as an error.
fn mistake(from: &str, to: &str) -> String {
    assert!(EXAMPLE.contains(from), "{from}");
    said(&EXAMPLE.replacen(from, to, 1))
}

fn said(text: &str) -> String {
    let problems = App::parse(text, &Few).expect_err("it is wrong");
    let errors = problems
        .iter()
        .filter(|problem| problem.level == Level::Error);
    let lines = errors.map(ToString::to_string);
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_loads() {
    let app = App::parse(EXAMPLE, &Few).unwrap();

    let problems = app.problems.iter();
    let lines: Vec<String> = problems.map(|p| format!("{:?} {p}", p.level)).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    Refused 12:11: there is no role `publisher`; known here: admin, builder, user, auditor
    ");
    assert!(!app.is_publishable());
}

#[test]
fn the_example_is_read_whole() {
    let app = App::parse(EXAMPLE, &Few).unwrap();

    let titles: Vec<&str> = app.menu().iter().map(|page| page.title.as_str()).collect();
    assert_eq!(titles, ["Orders"]);
    assert_eq!(app.page_at("/new").unwrap().id, "new");
    let orders = app.page("orders").unwrap();
    let needed: Vec<&str> = app
        .queries_of(orders)
        .iter()
        .map(|q| q.name.as_str())
        .collect();
    assert_eq!(needed, ["by_month", "list_orders"]);
    let widgets: Vec<_> = orders
        .widgets
        .iter()
        .map(|w| (w.id.as_str(), w.at))
        .collect();
    assert_eq!(
        widgets,
        [
            ("filters", [1, 1, 12]),
            ("monthly", [2, 1, 5]),
            ("list", [2, 6, 7]),
            ("add", [3, 1, 3])
        ]
    );
    let followed = app.param("by_month.status").unwrap();
    assert_eq!(followed.source, Source::Url("status".into()));
    assert_eq!(followed.values, ["new", "paid", "shipped"]);
    let add = app.query("add_order").unwrap();
    assert_eq!(
        (add.kind, add.expect, add.params.len()),
        (QueryKind::Write, Some(1), 6)
    );
    assert_eq!(app.tests[1].with[1], ("q".into(), "' OR 1=1 --".into()));
}

#[test]
fn a_widget_is_read_again_when_it_is_shown() {
    let app = App::parse(EXAMPLE, &Few).unwrap();
    let page = app.page("new").unwrap();

    let mut settings = Settings::of(&page.widgets[0]);

    assert_eq!(settings.write_query("submit"), Some("add_order"));
    assert_eq!(settings.texts("labels")[0], ("customer", "Customer"));
    assert_eq!(
        settings.table("then", |then| then.page("goto")),
        Some(Some("orders"))
    );
}

#[test]
fn an_unknown_key_is_named_with_the_nearest() {
    insta::assert_snapshot!(mistake("columns =", "colums ="), @"90:1: unknown key `colums`; did you mean `columns`?");
    insta::assert_snapshot!(mistake("title = \"Orders\"", "titel = \"Orders\""), @"
    68:7: `title` is missing here; add it
    69:1: unknown key `titel`; did you mean `title`?
    ");
    insta::assert_snapshot!(mistake("max = 80", "maxx = 80"), @"34:48: unknown key `maxx`; did you mean `max`?");
    insta::assert_snapshot!(mistake("toast =", "tost ="), @"112:29: unknown key `tost`; did you mean `toast`?");
    insta::assert_snapshot!(mistake("kind  = \"sqlite\"", "kind  = \"sqlite\"\nzebra = 1"), @"7:1: unknown key `zebra`; known here: kind, needs");
}

#[test]
fn a_required_text_says_something() {
    insta::assert_snapshot!(mistake("path  = \"/new\"", "path  = \" \""), @"103:9: `path` is empty; fill it in");
    insta::assert_snapshot!(said("format = 1\nid = \"\"\ntitle = \"\"\nquery = 5\n[[page]]\n[uses]\na = 1"), @"
    2:6: `id` is empty; fill it in
    3:9: `title` is empty; fill it in
    4:9: `query` needs a table; found: integer
    5:3: `page` needs a table; found: array of tables
    7:5: `a` needs a table; found: integer
    ");
}

#[test]
fn a_list_leaves_room_for_its_placeholders() {
    let list = "email_0  = { from = \"form.x\", type = \"text\" }\nemail    = { from = \"form.email\", type = \"list<email>\"";

    insta::assert_snapshot!(
        said(&EXAMPLE.replace("email    = { from = \"form.email\", type = \"email\"", list).replace("(:customer, :email,", "(:customer, :email_0, :email,")),
        @"62:12: the list `email` is bound as `:email_0` and on; give `email_0` another name"
    );
}

#[test]
fn every_table_of_a_list_is_checked() {
    insta::assert_snapshot!(mistake("toast =", "also = [{ label = \"a\" }, { lable = \"b\" }], toast ="), @"
    112:54: `label` is missing here; add it
    112:56: unknown key `lable`; did you mean `label`?
    ");
    insta::assert_snapshot!(mistake("toast =", "also = [\"a\"], toast ="), @r#"112:36: `also` needs a list of tables, like [{ a = "b" }]; found: array"#);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = EXAMPLE
        .replace("format = 1\n", "format = 2\n")
        .replace("size = 50", "size = \"50\"")
        .replace("path  = \"/new\"", "path  = \"/\"")
        .replace("[page.orders.widget.add]", "[page.orders.widget.Add]")
        .replace("at     = [1, 1, 8]", "at     = [1, 6, 8]");

    insta::assert_snapshot!(said(&text), @"
    1:10: this version reads format 1, not 2; set `format = 1`
    29:19: `size` needs a whole number; found: string
    95:21: `Add` cannot be a name here; use a small letter, then small letters, digits, - and _, at most 60
    103:9: page `orders` has this path already; choose another
    109:10: the grid has 12 columns: from column 6 the width is 1 to 7
    ");
}

#[test]
fn toml_itself_can_be_wrong() {
    insta::assert_snapshot!(said("format = 1\nid = \"a\ntitle = 1"), @r#"2:8: this is not TOML: invalid basic string, expected `"`; see https://toml.io for how it is written"#);
    insta::assert_snapshot!(said("ä = \"ü\" x"), @"1:9: this is not TOML: unexpected key or value, expected newline, `#`; see https://toml.io for how it is written");
    insta::assert_snapshot!(said("id = \"a\"\nid = \"b\""), @"2:1: this is not TOML: duplicate key; see https://toml.io for how it is written");
    insta::assert_snapshot!(said(""), @"
    1:1: `format` is missing here; add it
    1:1: `id` is missing here; add it
    1:1: `title` is missing here; add it
    ");
}

#[test]
fn a_placeholder_and_its_parameter_need_each_other() {
    insta::assert_snapshot!(mistake("LIKE '%' || :q", "LIKE '%ü' || :qq"), @"27:45: `:qq` has no parameter; did you mean `:q`?");
    insta::assert_snapshot!(mistake("since  = { same_as = \"list_orders.since\" }", ""), @"42:22: `:since` has no parameter; declare it under [query.by_month.param]");
    insta::assert_snapshot!(mistake("me       =", "mee      ="), @"
    57:53: `:me` has no parameter; did you mean `:mee`?
    65:12: the statement has no `:mee`; use it there or remove it here
    ");
    insta::assert_snapshot!(mistake(" GROUP BY 1 ORDER BY 1", "; drop table orders"), @"43:3: a second statement begins here; a query is one statement, so give this one a query of its own");
    insta::assert_snapshot!(mistake("LIKE '%' || :q", "LIKE '%' || ?1"), @"27:44: values enter by name only; write `:name` instead of `?1`");
}

#[test]
fn same_as_leads_somewhere() {
    insta::assert_snapshot!(mistake("\"list_orders.status\" }", "\"list_orders.state\" }"), @"47:22: there is no parameter `list_orders.state`; did you mean `list_orders.status`?");
    insta::assert_snapshot!(mistake("same_as = \"list_orders.status\"", "same_as = \"by_month.status\""), @"47:22: `by_month.status` leads back to itself; give one of them `from` and `type`");
    insta::assert_snapshot!(mistake("same_as = \"list_orders.status\"", "same_as = \"list_orders.status\", null = true"), @"47:51: `same_as` takes everything over; remove `null`");
}

#[test]
fn what_a_widget_names_exists_and_fits() {
    insta::assert_snapshot!(mistake("query = \"by_month\"", "query = \"by_moth\""), @"81:9: there is no query `by_moth`; did you mean `by_month`?");
    insta::assert_snapshot!(mistake("query = \"by_month\"", "query = \"add_order\""), @r#"81:9: `add_order` writes; name a query of kind "read" here"#);
    insta::assert_snapshot!(mistake("submit = \"add_order\"", "submit = \"by_month\""), @r#"110:10: `by_month` reads; name a query of kind "write" here"#);
    insta::assert_snapshot!(mistake("goto  = \"new\"", "goto  = \"nwe\""), @"99:9: there is no page `nwe`; did you mean `new`?");
    insta::assert_snapshot!(mistake("\"list_orders.q\"]", "\"list_orders.p\"]"), @"76:54: there is no parameter `list_orders.p`; did you mean `list_orders.q`?");
    insta::assert_snapshot!(mistake("\"list_orders.q\"]", "\"add_order.email\"]"), @r#"76:54: a filter sets the address, and `add_order.email` does not come from there; give it `from = "url.email"`"#);
    insta::assert_snapshot!(mistake("type  = \"chart\"", "type  = \"chrat\""), @"79:9: there is no widget `chrat`; did you mean `chart`?");
    insta::assert_snapshot!(mistake("mark  = \"bar\"", "mark  = \"baar\""), @"82:9: `mark` cannot be `baar`; did you mean `bar`?");
    insta::assert_snapshot!(mistake("[\"csv\", \"xlsx\"]", "[\"csv\", \"pdf\"]"), @"92:11: `export` cannot be `pdf`; known here: csv, xlsx");
    insta::assert_snapshot!(mistake("submit = \"add_order\"", ""), @"107:18: `submit` is missing here; add it");
}

#[test]
fn widgets_stand_on_the_grid() {
    insta::assert_snapshot!(mistake("[3, 1, 3]", "[0, 1, 3]"), @"97:9: rows count from 1, columns from 1 to 12");
    insta::assert_snapshot!(mistake("[3, 1, 3]", "[3, 10, 4]"), @"97:9: the grid has 12 columns: from column 10 the width is 1 to 3");
    insta::assert_snapshot!(mistake("[3, 1, 3]", "[3, 13, 1]"), @"97:9: rows count from 1, columns from 1 to 12");
    insta::assert_snapshot!(mistake("[3, 1, 3]", "[3, 1]"), @"97:9: `at` needs [row, column, width], like [1, 1, 12]; found: array");
}

#[test]
fn parameters_keep_their_promises() {
    insta::assert_snapshot!(mistake("\"today-90d\"", "\"yesterday\""), @"33:58: `default` does not fit: must be a date like 2026-11-21, or relative like today-90d");
    insta::assert_snapshot!(mistake("null = true }", "null = true, default = \"old\" }"), @"32:108: `default` does not fit: choose one of: new, paid, shipped");
    insta::assert_snapshot!(mistake("\"url.status\"", "\"ulr.status\""), @"32:19: `ulr.status` is no source; write url, form, row, page, parent, user, server or app, a dot and a name, like url.status");
    insta::assert_snapshot!(mistake("\"server.now\"", "\"server.noww\""), @"66:21: there is no `server.noww`; did you mean `server.now`?");
    insta::assert_snapshot!(mistake("type = \"email\"", "type = \"mail\""), @"62:42: `type` cannot be `mail`; did you mean `email`?");
    insta::assert_snapshot!(mistake("scale = 2, min = 0,", "scale = 2, min = 9000000,"), @"63:86: `max` is below `min`, which is 9000000; exchange them");
    insta::assert_snapshot!(mistake("from = \"form.email\", ", ""), @"62:12: `email` needs `from`; or `same_as` with another query's parameter");
    insta::assert_snapshot!(mistake("max = 80", "scale = 80, values = [\"a\"]"), @r#"
    34:56: `scale` counts the digits of a decimal; remove it
    34:69: `values` belongs to the type "enum"; remove it or change the type
    "#);
    insta::assert_snapshot!(mistake("type = \"datetime\" }", "type = \"datetime\", default = \"now\" }"), @"66:64: what the server knows is never missing; remove `default`");
}

#[test]
fn a_page_follows_or_says_what_it_can_say() {
    for wrong in ["3", "\"4s\"", "\"often\"", "2026-11-21"] {
        let told = mistake(
            "path  = \"/new\"",
            &format!("path = \"/new\"\nlive = {wrong}"),
        );
        assert!(
            told.contains("`live` is true, false or how often"),
            "{told}"
        );
    }
    let text = EXAMPLE.replacen("path  = \"/new\"", "path = \"/new\"\nlive = \"30s\"", 1);
    let app = App::parse(&text, &Few).unwrap();
    assert!(app.pages.iter().any(|page| page.live.follows()));
}

#[test]
fn queries_keep_to_their_kind() {
    insta::assert_snapshot!(mistake("audit  = \"order.create\"", "paging = { size = 5 }"), @r#"53:10: `paging` belongs to queries of kind "read", and this one is to write; remove it"#);
    insta::assert_snapshot!(mistake("[\"read\", \"write\"]", "[\"read\"]"), @r#"51:10: `add_order` is to write; add "write" to `needs` of `uses.main`"#);
    insta::assert_snapshot!(mistake("use  = \"main\"", "use  = \"mian\""), @"20:8: `uses` has no `mian`; did you mean `main`?");
    insta::assert_snapshot!(mistake("\"-created_at\"", "\"-created\""), @"29:78: `created` is not among the `sort` columns; did you mean `created_at`?");
    insta::assert_snapshot!(mistake("size = 50", "size = 5000"), @"29:19: `size` is 1 to 1000 rows");
    insta::assert_snapshot!(mistake("path  = \"/new\"", "path  = \"new page\""), @"103:9: a path begins with / and has small letters, digits, - and _ between its slashes, like /new");
    insta::assert_snapshot!(mistake("\"main.orders\"", "\"orders\""), @"15:8: `on` names a table as datasource.table, with a datasource from `uses`");
}

#[test]
fn files_load_and_are_refused_at_publish() {
    let text = EXAMPLE.replace("type = \"email\"", "type = \"file\"");

    let app = App::parse(&text, &Few).unwrap();

    let found = app
        .problems
        .iter()
        .find(|p| p.message.starts_with("files"))
        .unwrap();
    assert_eq!((found.level, found.line), (Level::Refused, 62));
}

#[test]
fn the_schema_knows_the_keys_the_loader_knows() {
    let schema = schema(&Few);

    assert_eq!(schema["properties"]["format"]["const"], 1);
    let query = &schema["properties"]["query"]["additionalProperties"];
    assert_eq!(query["required"], serde_json::json!(["use", "kind", "sql"]));
    assert_eq!(
        query["properties"]["paging"]["properties"]["size"]["type"],
        "integer"
    );
    let page = &schema["properties"]["page"]["additionalProperties"];
    let widgets = &page["properties"]["widget"]["additionalProperties"]["oneOf"];
    assert_eq!(widgets[1]["properties"]["type"]["const"], "chart");
    assert_eq!(widgets[1]["additionalProperties"], false);
}

#[test]
fn a_torn_file_is_refused_and_nothing_worse() {
    for end in (0..EXAMPLE.len()).step_by(29) {
        let text = &EXAMPLE[..EXAMPLE.floor_char_boundary(end)];
        let _ = App::parse(text, &Few);
    }
    let lines: Vec<&str> = EXAMPLE.lines().collect();
    for without in 0..lines.len() {
        let mut kept = lines.clone();
        kept.remove(without);
        let _ = App::parse(&kept.join("\n"), &Few);
    }
}
