//! What programs may ask is said in OpenAPI: a validator that is not ours takes the
//! documents, and the answers are as they say.

use std::process::Command;

use onsight::apps::{self, Apps, Author, Import};
use onsight::base::Time;
use onsight::data::Data;
use onsight::{people, server};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::companion::python;
use crate::fieldwork;
use crate::support::{TestSite, Visitor};

const ORDERS: &str = "id,customer,amount,paid,status
17,Harbour café,120.5,true,paid
18,Mill & Sons,,false,paid
19,Quay 7,8,true,new
";

const APP: &str = r#"format = 1
id = "orders"
title = "Orders & more"
description = "What was ordered"

[uses.main]
kind = "sqlite"

[query.list]
use = "main"
kind = "read"
sql = """
select id, customer, amount, paid from orders
 where status in (:status) and amount >= :least and length(customer) <= :length"""
paging = { size = 2, sort = ["id", "amount"], default = "id", key = "id" }

[query.list.param]
status = { from = "url.status", type = "list<enum>", values = ["new", "paid"], null = true }
least = { from = "url.least", type = "decimal", default = "0", min = 0, max = 0.5 }
length = { from = "url.length", type = "int", min = 1 }

[query.one]
use = "main"
kind = "read"
sql = "select id from orders where id = :id"

[query.one.param]
id = { from = "row.id", type = "int" }

[page.orders]
title = "Orders"
path = "/"
"#;

const SURVEY: &str = r#"format = 1
id = "brands"
title = "Brands"
langs = ["en", "de"]

[entry.pid]
unique = true

[entry.region]

[[page]]
id = "first"

[[page.ask]]
id = "known"
type = "multi"
text = { en = "Which do you know?", de = "Welche kennen Sie?" }
items = [ { code = 1, text = "Crunchy" }, { code = 2, text = "Fruity" } ]

[[page.ask]]
id = "age"
type = "number"
text = { en = "How old are you?", de = "Wie alt sind Sie?" }

[[page.ask]]
id = "mail"
type = "text"
personal = true
text = { en = "Your address?", de = "Ihre Adresse?" }
"#;

/// What the validator finds in the document there, and in what was answered.
async fn found(program: &Visitor, at: &str, answers: &[(&str, Value)]) -> Value {
    let answer = program.get(at).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let folder = TempDir::new().unwrap();
    let keep = |name: &str, text: &str| {
        std::fs::write(folder.path().join(format!("{name}.json")), text).unwrap();
    };
    keep("document", &answer.text);
    for (name, said) in answers {
        keep(name, &said.to_string());
    }
    let done = Command::new(python("ONSIGHT_READERS", "readers-3"))
        .arg("tests/it/openapi.py")
        .arg(folder.path())
        .output()
        .unwrap();
    let wrong = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{wrong}\n{}", answer.text);
    serde_json::from_slice(&done.stdout).unwrap()
}

async fn program(site: &TestSite, ada: &Visitor, apps: &str) -> Visitor {
    let form = format!("name=R&apps={apps}");
    let made = ada.post("/account/keys", &form).await;
    let mut program = site.stranger();
    program.key = Some(format!("onsight_{}", made.between("onsight_", "<")));
    program
}

/// A route for programs that no document speaks of is one nobody finds.
fn every_route_is_told(site: &TestSite, thing: &str, said: &Value) {
    let told: Vec<String> = said
        .as_object()
        .unwrap()
        .values()
        .map(|one| format!("{} {}", one["method"], one["path"]).replace('"', ""))
        .collect();
    let is_told = |route: &str| {
        let fits = |(one, other): (&str, &str)| one.starts_with('{') || one == other;
        let alike = |other: &String| {
            route.split('/').count() == other.split('/').count()
                && route.split('/').zip(other.split('/')).all(fits)
        };
        told.iter().any(alike)
    };
    let map = server::routes(&site.people).map;
    let mut routes: Vec<String> = map
        .iter()
        .map(|route| format!("{} {}", route.method.as_str().to_lowercase(), route.path))
        .collect();
    routes.retain(|route| route.contains(&format!(" /api/v1/{thing}/")));
    routes.retain(|route| !route.ends_with("/openapi.json"));
    assert!(!routes.is_empty());
    for route in routes {
        assert!(is_told(&route), "{route} is not in {told:?}");
    }
}

fn schema_of<'a>(operation: &'a Value, name: &str) -> &'a Value {
    let mut all = operation["parameters"].as_array().unwrap().iter();
    &all.find(|one| one["name"] == name).unwrap()["schema"]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_says_what_programs_may_read_of_it() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "orders", ORDERS).await;
    let apps = Apps::new(Data::new(site.site().clone()));
    let wanted = Import {
        text: APP.to_owned(),
        id: None,
        publish: true,
    };
    let author = Author::command_line(workspace);
    apps::import(&apps, &author, wanted).await.unwrap();
    let program = program(&site, &ada, "orders").await;
    let asked = "/api/v1/apps/orders/queries/list?length=50&sort=-id&status=paid&status=new";
    let rows: Value = serde_json::from_str(&program.get(asked).await.text).unwrap();
    assert_eq!(rows["rows"].as_array().unwrap().len(), 2, "{rows}");

    let said = found(
        &program,
        "/api/v1/apps/orders/openapi.json",
        &[("list", json!([rows]))],
    )
    .await;

    assert_eq!(said["list"]["answers"], 1);
    assert_eq!(said.as_object().unwrap().len(), 1, "it needs a row: {said}");
    every_route_is_told(&site, "apps", &said);
    let list = &said["list"];
    assert_eq!(list["path"], "/api/v1/apps/orders/queries/list");
    let status = json!({ "type": "array", "items": { "type": "string", "enum": ["new", "paid"] } });
    assert_eq!(schema_of(list, "status"), &status);
    let least = json!({ "type": "number", "minimum": 0, "maximum": 0.5 });
    assert_eq!(schema_of(list, "least"), &least);
    let sort = json!(["id", "-id", "amount", "-amount"]);
    assert_eq!(schema_of(list, "sort")["enum"], sort);
    let all = list["parameters"].as_array().unwrap().iter();
    let required: Vec<_> = all.filter(|one| one["required"] == true).collect();
    assert_eq!(required.len(), 1, "{required:?}");
    assert_eq!(required[0]["name"], "length");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_survey_says_what_its_responses_hold() {
    let (site, ada) = TestSite::new().await;
    fieldwork::publish(&ada, SURVEY).await;
    for (pid, fields) in [("a1", "known=1&age=44&mail=a%40b.example"), ("a2", "")] {
        let way = fieldwork::begin(&site, &format!("/s/brands?pid={pid}")).await;
        fieldwork::send(&site, &way, fields).await;
        site.site().clock.advance(Time::MINUTE);
    }
    let program = program(&site, &ada, "survey%3Abrands%2Cerase%3Abrands").await;
    let lines = program.get("/api/v1/surveys/brands/responses").await.text;
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let one = program.get("/api/v1/surveys/brands/response?pid=a1").await;
    let one: Value = serde_json::from_str(&one.text).unwrap();
    let map = program.get("/api/v1/surveys/brands/datamap").await;
    let map: Value = serde_json::from_str(&map.text).unwrap();
    let gone = program
        .send(
            "DELETE",
            "/api/v1/surveys/brands/respondents/pid=a2",
            axum::body::Body::empty(),
        )
        .await;
    let gone: Value = serde_json::from_str(&gone.text).unwrap();

    let answers = [
        ("responses", json!(lines)),
        ("response", json!([one])),
        ("datamap", json!([map])),
        ("erase", json!([gone])),
    ];
    let said = found(&program, "/api/v1/surveys/brands/openapi.json", &answers).await;

    for (name, answers) in [
        ("responses", 2),
        ("response", 1),
        ("datamap", 1),
        ("erase", 1),
    ] {
        assert_eq!(said[name]["answers"], answers, "{name}: {said}");
    }
    every_route_is_told(&site, "surveys", &said);
    let ways = said["response"]["parameters"].as_array().unwrap();
    assert_eq!(ways.len(), 1, "a region is many people's: {ways:?}");
    assert_eq!(ways[0]["name"], "pid");
    let kinds = schema_of(&said["export"], "format")["enum"].to_string();
    for kind in ["sav", "triple-s", "ndjson"] {
        assert!(kinds.contains(kind), "{kinds}");
    }
    let document = program.get("/api/v1/surveys/brands/openapi.json").await;
    assert!(!document.text.contains("mail"), "no program gets that");
}
