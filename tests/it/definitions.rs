//! JSON definitions of another builder: every key is accounted for once, what comes
//! out loads, and nothing that is sent makes it fall over.

use std::collections::BTreeSet;

use axum::body::Body;
use onsight::apps;
use onsight::apps::format::Level;
use onsight::apps::intake::{Brought, Converted, Engine, convert};
use serde_json::Value;

use crate::support::{Answer, TestSite, Visitor};

fn of(name: &str, text: &str, engine: Engine) -> Converted {
    let file = Brought {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    convert(&[file], engine).unwrap_or_else(|why| panic!("{why}"))
}

/// Where each key of a value stands, as JSON pointers.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                let segment = name.replace('~', "~0").replace('/', "~1");
                let pointer = format!("{at}/{segment}");
                out.push(pointer.clone());
                pointers(inner, &pointer, out);
            }
        }
        Value::Array(all) => {
            for (index, inner) in all.iter().enumerate() {
                pointers(inner, &format!("{at}/{index}"), out);
            }
        }
        _ => {}
    }
}

/// Each key is in the account exactly once, with something said of it.
fn whole(text: &str, converted: &Converted) {
    let mut wanted = Vec::new();
    pointers(&serde_json::from_str(text).unwrap(), "", &mut wanted);
    let lines = converted.account.lines();
    let mut found: Vec<String> = lines
        .iter()
        .map(|line| line.place.pointer.clone())
        .collect();
    wanted.sort();
    found.sort();
    assert_eq!(found, wanted);
    for line in lines {
        let said = line.to.len() + line.notes.len() + line.refusals.len();
        assert!(said > 0, "nothing is said of {}", line.place);
    }
}

/// It loads, and could be published as far as the text says.
fn loads(converted: &Converted) {
    let problems = apps::check(&converted.text);
    let heavy: Vec<_> = problems
        .iter()
        .filter(|problem| problem.level != Level::Note)
        .collect();
    assert!(heavy.is_empty(), "{heavy:?}\n{}", converted.text);
}

fn example(name: &str) -> Converted {
    let text = std::fs::read_to_string(format!("tests/it/definitions/{name}.json")).unwrap();
    for engine in [Engine::Mysql, Engine::Sqlite] {
        let converted = of(&format!("{name}.json"), &text, engine);
        whole(&text, &converted);
        loads(&converted);
    }
    of(&format!("{name}.json"), &text, Engine::Sqlite)
}

fn seen(name: &str) {
    let converted = example(name);
    insta::with_settings!({ snapshot_path => "definitions/snapshots", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, format!("{}\n\n{}", converted.account, converted.text));
    });
}

#[test]
fn an_issue_tracker() {
    seen("issues");
}

#[test]
fn a_survey_form_with_rules() {
    seen("survey");
}

#[test]
fn an_expense_report() {
    seen("expenses");
}

#[test]
fn a_repair_shop_with_sub_forms() {
    seen("repairs");
}

#[test]
fn a_rent_ledger() {
    seen("rent");
}

#[test]
fn a_public_report_with_links() {
    seen("public");
}

#[test]
fn a_dashboard_with_global_filters() {
    seen("dashboard");
}

#[test]
fn an_application_with_three_pages() {
    seen("application");
}

#[test]
fn a_trigger() {
    seen("trigger");
}

#[test]
fn a_job() {
    seen("job");
}

#[test]
fn files_that_refer_to_each_other_become_one_app() {
    let page = r#"{"id": 1, "name": "Home", "widget_groups": [{"widgets": [{"type": "report", "code": "all"}]}]}"#;
    let report = r#"{"code": "all", "name": "All", "sql": "select 1 as one"}"#;
    let files = [("page.json", page), ("report.json", report)].map(|(name, text)| Brought {
        name: name.to_owned(),
        text: text.to_owned(),
    });

    let converted = convert(&files, Engine::Sqlite).unwrap();

    loads(&converted);
    assert!(
        converted.text.contains("[page.home.widget.all-rows]"),
        "{}",
        converted.text
    );
    assert!(!converted.text.contains("[page.all]"), "{}", converted.text);
    let places: Vec<String> = { converted.account.lines().iter() }
        .map(|line| line.place.to_string())
        .collect();
    assert!(
        places.contains(&"report.json:1 /code".to_owned()),
        "{places:?}"
    );
}

/// Values and keys that mean something to somebody.
const TEXTS: &[&str] = &[
    "",
    "a",
    "issues",
    "select {{a}} from t",
    "select '{{a}} x' as b; select 1",
    "{{current_user}}",
    "report",
    "form",
    "html",
    "<p onclick=x>Hi</p>",
    "'''\n\"\\",
    "field",
    "text",
    "select",
    "update t set a = 1",
    "ü🦀\u{202e}",
    "1",
    "x y",
    "\u{0}",
    "a\nb",
    "hidden",
    "checkbox",
    "id",
];
const KEYS: &[&str] = &[
    "id",
    "code",
    "name",
    "sql",
    "columns",
    "links",
    "args",
    "type",
    "report_id",
    "form_id",
    "filter_menu",
    "page_size",
    "widget_groups",
    "widgets",
    "cols",
    "html",
    "inputs",
    "input_category",
    "input_type",
    "column",
    "options",
    "label",
    "value",
    "table",
    "rules",
    "nav_links",
    "page_id",
    "default_page_id",
    "forms",
    "reports",
    "pages",
    "applications",
    "trigger_type",
    "job_definition",
    "isRequired",
    "minLength",
    "maxLength",
    "join_criteria_main_table_column",
    "join_criteria_sub_table_column",
    "pre_html",
    "report_column",
    "is_public",
    "hidden",
    "json",
    "x/~y",
    "datepicker",
    "step",
    "mc_groups",
    "report_links",
];

/// Chance with a seed, so that a failure can be had again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = { self.0.wrapping_mul(6_364_136_223_846_793_005) }
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 5 } else { 9 }) {
            0 => Value::Null,
            1 => Value::Bool(self.below(2) == 0),
            2 => Value::from(i64::try_from(self.below(4)).unwrap() - 1),
            3 | 4 => Value::from(TEXTS[self.below(TEXTS.len())]),
            5 | 6 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let count = 1 + self.below(9);
                let member = |dice: &mut Dice| {
                    (
                        KEYS[dice.below(KEYS.len())].to_owned(),
                        dice.value(depth - 1),
                    )
                };
                Value::Object((0..count).map(|_| member(self)).collect())
            }
        }
    }
}

#[test]
fn any_keys_in_any_order_are_accounted_for_once_and_load() {
    for seed in 0..400 {
        let mut dice = Dice(seed);
        let all: Vec<Value> = (0..6)
            .map(|_| {
                loop {
                    let value = dice.value(5);
                    if value.is_object() {
                        break value;
                    }
                }
            })
            .collect();
        let text = serde_json::to_string(&all).unwrap();
        for engine in [Engine::Sqlite, Engine::Mysql] {
            let converted = of("chance.json", &text, engine);
            whole(&text, &converted);
            loads(&converted);
            assert!(
                !converted.account.to_string().contains("does not load"),
                "seed {seed}: {}\n{text}",
                converted.account
            );
        }
    }
}

fn refused(text: &str) -> String {
    let file = Brought {
        name: "a.json".to_owned(),
        text: text.to_owned(),
    };
    convert(&[file], Engine::Sqlite).unwrap_err().to_string()
}

#[test]
fn what_is_no_definition_is_told_so() {
    insta::assert_snapshot!(refused("[1, 2]"), @"no definition stands in there; a definition is an object, like the JSON of a form or a report");
    insta::assert_snapshot!(refused("{\n\"a\" 1}"), @"a.json:2: this is not JSON: a colon is missing after the key");
    assert!(refused(&"[".repeat(100_000)).contains("more than 64"));
    assert!(refused(&format!("[\"{}\"]", "x".repeat(5 << 20))).contains("4 MiB"));
    let many: Vec<String> = (0..600)
        .map(|at| format!("{{\"id\":{at},\"sql\":\"select 1\"}}"))
        .collect();
    assert!(refused(&format!("[{}]", many.join(","))).contains("500 definitions"));
}

#[test]
fn references_in_a_circle_and_codes_that_stand_twice_come_through() {
    let text = r#"[
        {"code": "a", "sql": "select 1 as x", "columns": {"x": {"links": [{"type": "report", "code": "b"}]}}},
        {"code": "b", "sql": "select 1 as x", "columns": {"x": {"links": [{"type": "report", "code": "a"}]}}},
        {"code": "a", "sql": "select 2 as x"}
    ]"#;
    let converted = of("a.json", text, Engine::Sqlite);

    whole(text, &converted);
    loads(&converted);
    let account = converted.account.to_string();
    assert!(
        account.contains("another report is called `a` too"),
        "{account}"
    );
    assert!(converted.text.contains("[page.a-2]"), "{}", converted.text);
}

#[test]
fn what_stands_in_a_definition_stays_text_in_the_app() {
    let text = r#"{"code": "x", "name": "\"]\n[access]\nopen = [\"x\"]", "description": "a\n[page.evil]\ntitle = 1", "sql": "select 'a''''''b\n''' as x"}"#;
    let converted = of("a.json", text, Engine::Sqlite);

    loads(&converted);
    let lines: BTreeSet<&str> = converted.text.lines().collect();
    assert!(
        !lines.contains("[access]") && !lines.contains("[page.evil]"),
        "{}",
        converted.text
    );
}

#[test]
fn a_datasource_leaves_no_password_behind() {
    let text = r#"{"type": "mysql", "connectionLimit": 5, "host": "db", "password": "hunter2", "label": "Main"}"#;
    let converted = of("a.json", text, Engine::Sqlite);

    whole(text, &converted);
    assert!(
        !converted.text.contains("hunter2") && !converted.account.to_string().contains("hunter2")
    );
}

async fn sent(builder: &Visitor, to: &str, fields: &[(&str, &str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, file, text) in fields {
        let file = if file.is_empty() {
            String::new()
        } else {
            format!("; filename=\"{file}\"")
        };
        let part = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n"
        );
        body += &part;
    }
    body.push_str("--cut--\r\n");
    let kind = "multipart/form-data; boundary=cut";
    builder.send_as("POST", to, kind, Body::from(body)).await
}

#[tokio::test]
async fn nothing_and_what_is_no_json_are_told_so() {
    let (_site, builder) = TestSite::new().await;

    let nothing = sent(&builder, "/apps/import/json", &[("text", "", " ")]).await;
    assert_eq!(nothing.status, 422);
    assert!(
        nothing.text.contains("choose files that end in .json"),
        "{}",
        nothing.text
    );

    let wrong = sent(&builder, "/apps/import/json", &[("text", "", "{\"a\" 1}")]).await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text.contains("pasted.json:1: this is not JSON"),
        "{}",
        wrong.text
    );
}

#[tokio::test]
async fn the_account_is_shown_before_a_draft_is_made() {
    let (_site, builder) = TestSite::new().await;
    let form = builder.get("/apps/import/json").await;
    assert_eq!(form.status, 200);
    assert!(
        builder
            .get("/apps/new")
            .await
            .text
            .contains("href=\"/apps/import/json\"")
    );

    let report = r#"{"code": "stock", "name": "Stock", "sql": "select 1 as one", "css": "p{}"}"#;
    let account = sent(
        &builder,
        "/apps/import/json",
        &[("file", "stock.json", report), ("on", "", "sqlite")],
    )
    .await;
    assert_eq!(account.status, 200, "{}", account.text);
    assert!(
        account
            .text
            .contains("4 keys: 3 carried over, 1 with a note, 0 refused"),
        "{}",
        account.text
    );
    assert!(
        account.text.contains("stock.json:1 /css"),
        "{}",
        account.text
    );
    assert_eq!(
        builder.get("/edit/stock").await.status,
        404,
        "nothing is kept yet"
    );

    let app = account.between("aria-label=\"The app file\">\n", "</textarea>");
    let marks = [
        ("&#34;", "\""),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
    ];
    let app = marks
        .iter()
        .fold(app.to_owned(), |app, (mark, is)| app.replace(mark, is));
    let app = app.replace("&amp;", "&");
    let made = sent(&builder, "/apps/import", &[("text", "", &app)]).await;
    assert_eq!(made.location(), "/edit/stock", "{}", made.text);
    let editor = builder.get("/edit/stock").await;
    assert!(editor.text.contains("[query.stock]"), "{}", editor.text);
    assert_eq!(
        builder.get("/apps/stock").await.status,
        404,
        "it is not published"
    );
}
