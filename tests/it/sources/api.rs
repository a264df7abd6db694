//! APIs that answer with JSON, asked as databases: over TLS on loopback, their authority pinned.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::records;
use super::servers::{csv, form, id, run};
use crate::calls::machine::{Machine, Reply};
use crate::canaries::held;
use crate::fieldwork::upload;
use crate::support::{Answer, TestSite, Visitor};

const SECRET: &str = "Bearer api-PASSWORT-kanarie";
const CANARY: &str = "ROW-KANARIE-API";

const TABLES: &str = r#"[orders]
get  = "/orders?limit=200"
rows = "data.items"
next = "links.next"
[orders.columns]
id       = "integer"
customer = { path = "customer.name", type = "text" }
amount   = { path = "total", type = "decimal" }
placed   = { path = "created_at", type = "datetime" }
sent     = "boolean"
tags     = "text"
"#;

const ORDERS: &str = r#"{"data":{"items":[
 {"id":9007199254740993,"customer":{"name":"ROW-KANARIE-API"},"total":12345678901234567890,
  "created_at":"2026-11-21T20:18:08+01:00","sent":true,"tags":["a",{"b":1.50}]},
 {"id":"2","customer":null,"total":"1240.50","sent":false},
 {"id":3,"customer":{"name":"Éva"},"total":0.25,"created_at":null}
]},"links":{"next":null}}"#;

/// A site that may ask the machine, with its admin.
async fn site(machine: &Machine) -> (TestSite, Visitor) {
    let site = TestSite::calling(vec![format!("127.0.0.1:{}", machine.port)]);
    let ada = site.found("Northgate", "ada@example.org").await;
    (site, ada)
}

fn fields(machine: &Machine, changes: &[(&str, &str)]) -> String {
    let address = format!("https://127.0.0.1:{}/api/v1", machine.port);
    let mut fields = vec![
        ("name", "Shop"),
        ("kind", "http"),
        ("address", &*address),
        ("user", "Authorization"),
        ("password", SECRET),
        ("tls", "ca"),
        ("ca", &*machine.ca),
        ("reason", ""),
        ("tables", TABLES),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    form(&fields)
}

/// Connects it: the path of its page.
async fn connect(ada: &Visitor, machine: &Machine, changes: &[(&str, &str)]) -> String {
    let added = ada.post("/sources", &fields(machine, changes)).await;
    assert_eq!(added.status, 303, "{}", added.text);
    added.location().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn values_come_to_the_last_digit_and_statements_are_ours() {
    let machine = Machine::open(&[Reply::Json(ORDERS)]).await;
    let (_site, ada) = site(&machine).await;
    let tables = format!("{TABLES}{}", TABLES.replace("[orders", "[copies"));
    let place = connect(&ada, &machine, &[("tables", &tables)]).await;

    let all = csv(&ada, &place, "select * from orders order by id").await;

    let expected = "id,customer,amount,placed,sent,tags\n\
        2,,1240.5,,0,\n\
        3,Éva,0.25,,,\n\
        9007199254740993,ROW-KANARIE-API,12345678901234567890,2026-11-21T19:18:08Z,1,\
        \"[\"\"a\"\",{\"\"b\"\":1.50}]\"\n";
    assert_eq!(all, expected);
    let heard = machine.heard().remove(0);
    let asked = "GET /api/v1/orders?limit=200 HTTP/1.1";
    assert!(heard.head.starts_with(asked), "{heard:?}");
    assert_eq!(heard.header("authorization"), Some(SECRET));
    let fields = [
        ("source", id(&place)),
        (
            "sql",
            "select id from orders where customer = :q or ':q' = customer",
        ),
        ("type.q", "text"),
        ("value.q", "Éva"),
    ];
    let bound = ada.post("/queries/export", &form(&fields)).await;
    assert_eq!(bound.text.replace("\r\n", "\n"), "id\n3\n");
    let sum = "select count(*) as n, sum(amount) as s from orders where id < 4";
    assert_eq!(csv(&ada, &place, sum).await, "n,s\n2,1240.75\n");
    let both = "select b.customer from orders a join copies b using (id) where a.id = 3";
    assert_eq!(csv(&ada, &place, both).await, "customer\nÉva\n");
    let shown = ada.get(&format!("{place}/tables")).await;
    assert!(shown.text.contains("placed datetime"), "{}", shown.text);
    let schema = ada
        .get(&format!("/queries/schema?source={}", id(&place)))
        .await;
    assert!(
        schema.text.contains("\"dialect\":\"sqlite\""),
        "{}",
        schema.text
    );
    assert_eq!(machine.heard().len(), 5, "looking at tables asks nobody");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_followed_by_link_by_number_and_by_cursor() {
    const LINKS: &[Reply] = &[
        Reply::Json(r#"{"data":{"items":[{"id":1}]},"links":{"next":"?limit=200&page=2"}}"#),
        Reply::Json(r#"{"data":{"items":[{"id":2}]},"links":{}}"#),
        // Counted.
        Reply::Json(r#"[{"id":1},{"id":2}]"#),
        Reply::Json(r#"[{"id":3}]"#),
        Reply::Json("[]"),
        // By a cursor.
        Reply::Json(r#"{"rows":[{"id":1}],"at":"a/b&c"}"#),
        Reply::Json(r#"{"rows":[{"id":2}],"at":7}"#),
        Reply::Json(r#"{"rows":[{"id":3}],"at":""}"#),
    ];
    let tables = format!(
        "{TABLES}[counted]\nget = \"/counted?a=1\"\npage = \"page\"\ncolumns = {{ id = \"integer\" }}\n\
         [cursors]\nget = \"/cursors\"\nrows = \"rows\"\ncursor = {{ take = \"at\", send = \"after\" }}\n\
         columns = {{ id = \"integer\" }}\n"
    );
    let machine = Machine::open(LINKS).await;
    let (_site, ada) = site(&machine).await;
    let place = connect(&ada, &machine, &[("tables", &tables)]).await;

    for table in ["orders", "counted", "cursors"] {
        let found = csv(&ada, &place, &format!("select max(id) as m from {table}")).await;
        let most = if table == "orders" { 2 } else { 3 };
        assert_eq!(found, format!("m\n{most}\n"), "{table}");
    }

    let heard = machine.heard();
    let asked = heard.iter().map(|one| one.head.split(' ').nth(1).unwrap());
    let asked: Vec<&str> = asked.collect();
    assert_eq!(
        asked,
        [
            "/api/v1/orders?limit=200",
            "/api/v1/orders?limit=200&page=2",
            "/api/v1/counted?a=1&page=1",
            "/api/v1/counted?a=1&page=2",
            "/api/v1/counted?a=1&page=3",
            "/api/v1/cursors",
            "/api/v1/cursors?after=a%2Fb%26c",
            "/api/v1/cursors?after=7",
        ]
    );
}

const FAILURES: &[(Reply, &str)] = &[
    (
        Reply::Json("<b>ROW-KANARIE-API</b>"),
        "the answer is no JSON",
    ),
    (
        Reply::Json(r#"{"data":{"items":{"ROW-KANARIE-API":1}}}"#),
        "leads to no list",
    ),
    (
        Reply::Json(r#"{"data":{"items":[{"id":1},{"id":"ROW-KANARIE-API"}]}}"#),
        "`id` of row 2 is no integer",
    ),
    (Reply::Status(403), "it let us not in and answered 403"),
    (Reply::Status(500), "it answered 500"),
    (Reply::Elsewhere, "nobody follows"),
    (
        Reply::Json(r#"{"data":{"items":[]},"links":{"next":"https://ROW-KANARIE-API.example/"}}"#),
        "is no link to the same machine",
    ),
    (
        Reply::Json(r#"{"data":{"items":[]},"links":{"next":"https://169.254.169.254/"}}"#),
        "is no link to the same machine",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_answer_is_said_without_a_word_of_it() {
    let replies: Vec<Reply> = FAILURES.iter().map(|(reply, _)| *reply).collect();
    let machine = Machine::open(replies.leak()).await;
    let (site, ada) = site(&machine).await;
    let place = connect(&ada, &machine, &[]).await;

    for (_, said) in FAILURES {
        let failed = run(&ada, &place, "select * from orders").await;
        assert_eq!(failed.status, 422, "{said}: {}", failed.text);
        assert!(failed.text.contains(said), "{said}: {}", failed.text);
        assert!(!failed.text.contains(CANARY), "{}", failed.text);
    }

    assert_eq!(
        machine.heard().len(),
        FAILURES.len(),
        "nobody went elsewhere"
    );
    let told = records(&site, "answered 403").await;
    assert!(
        told.contains("the answer did not fit (answered 403)"),
        "{told}"
    );
    let found = held(&site, &[CANARY, SECRET]).await;
    assert!(found.is_empty(), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_question_may_read_is_an_error_and_no_cut() {
    let items = vec![r#"{"id":1}"#; 20_001].join(",");
    let many: &'static str = format!(r#"{{"data":{{"items":[{items}]}}}}"#).leak();
    let on = r#"{"data":{"items":[]},"links":{"next":"?on"}}"#;
    let machine = Machine::open(vec![Reply::Json(many), Reply::Json(on)].leak()).await;
    let (_site, ada) = site(&machine).await;
    let place = connect(&ada, &machine, &[]).await;
    let count = "select count(*) as n from orders";

    let failed = run(&ada, &place, count).await;
    assert_eq!(failed.status, 422);
    assert!(
        failed.text.contains("more than 20000 rows"),
        "{}",
        failed.text
    );
    let failed = run(&ada, &place, count).await;
    assert!(
        failed.text.contains("more than 50 pages"),
        "{}",
        failed.text
    );
    assert!(
        failed.text.contains("ask for less in `get`"),
        "{}",
        failed.text
    );
    assert_eq!(machine.heard().len(), 51);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_reads_described_tables_is_asked() {
    let machine = Machine::open(&[Reply::Json(ORDERS)]).await;
    let (_site, ada) = site(&machine).await;
    let place = connect(&ada, &machine, &[]).await;

    for sql in [
        "delete from orders",
        "insert into orders (id) values (1)",
        "select * from sqlite_schema",
        "select * from pragma_table_info('orders')",
        "select * from orders; select 1",
        "attach 'x' as y",
        "pragma query_only = off",
        "select load_extension('x') from orders",
        "with x as (delete from orders returning 1) select * from x",
        "select * from nowhere, orders",
        "select wrong from orders",
    ] {
        let answer = run(&ada, &place, sql).await;
        assert_eq!(answer.status, 422, "{sql}: {}", answer.text);
    }

    assert!(
        machine.heard().is_empty(),
        "what cannot be asked calls nobody"
    );
    let wrong = run(&ada, &place, "select 1\nfrom nowhere").await;
    assert!(wrong.text.contains("nowhere"), "{}", wrong.text);
    let asked = [
        ("source", id(&place)),
        ("sql", "select * from orders where id = :q"),
    ];
    let plan = ada.post("/queries/plan", &form(&asked)).await;
    assert_eq!(plan.status, 200, "{}", plan.text);
    assert!(plan.text.contains("orders"), "{}", plan.text);
    let slow = "with recursive n(i) as (select 1 union all select i + 1 from n) \
                select count(*) from n";
    let limited = connect(&ada, &machine, &[("name", "Slow"), ("seconds", "1")]).await;
    let ended = run(&ada, &limited, slow).await;
    assert!(
        ended.text.contains("longer than 1 seconds"),
        "{}",
        ended.text
    );
}

/// The step that failed, with its words; empty: all went well.
async fn failed(ada: &Visitor, place: &str) -> String {
    let page = ada.post(&format!("{place}/test"), "").await;
    assert_eq!(page.status, 200, "{}", page.text);
    let lines = page.text.split("<div><dt>").skip(1);
    let bad = lines.filter(|line| line.contains("badge bad"));
    bad.map(|line| line.split("</dd>").next().unwrap_or_default())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_says_which_step_failed_and_the_secret_goes_to_one_address() {
    const REPLIES: &[Reply] = &[Reply::Json(ORDERS), Reply::Status(401), Reply::Json("[]")];
    let machine = Machine::open(REPLIES).await;
    let (site, ada) = site(&machine).await;
    for (changes, step) in [
        (
            vec![("address", "https://nobody.invalid/")],
            "Find the machine",
        ),
        (
            vec![("address", "https://127.0.0.1:1/")],
            "Reach it at that port",
        ),
        (
            vec![("address", "https://169.254.169.254/")],
            "Reach it at that port",
        ),
        (vec![("tls", "verify"), ("ca", "")], "Secure the connection"),
        (vec![], ""),
        (vec![], "Be let in"),
        (vec![], "Read a page of each table"),
    ] {
        let place = connect(&ada, &machine, &changes).await;
        let said = failed(&ada, &place).await;
        assert!(said.starts_with(step), "{changes:?}: {said}");
        assert_eq!(said.is_empty(), step.is_empty(), "{changes:?}: {said}");
        assert!(!said.contains(SECRET), "{said}");
        ada.post(&format!("{place}/delete"), "").await;
    }

    let place = connect(&ada, &machine, &[]).await;
    let page = ada.get(&place).await;
    assert!(page.text.contains("get  = &#34;/orders") || page.text.contains("[orders]"));
    assert!(!page.text.contains(SECRET), "{}", page.text);
    let elsewhere = format!("https://127.0.0.1:{}/api/v2", machine.port);
    let moved = [
        ("address", &*elsewhere),
        ("password", ""),
        ("revision", "1"),
    ];
    let heard = machine.heard().len();
    let saved = ada.post(&place, &fields(&machine, &moved)).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let asked = run(&ada, &place, "select * from orders").await;
    assert!(asked.text.contains("is missing"), "{}", asked.text);
    assert_eq!(
        machine.heard().len(),
        heard,
        "it is asked nothing without it"
    );
    let told = records(&site, "source.changed").await;
    assert!(told.contains("api/v2") && !told.contains(SECRET), "{told}");
    let wrong = [("tables", "[orders]\nget = \"orders\""), ("revision", "2")];
    let refused = ada.post(&place, &fields(&machine, &wrong)).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("line 1: name the columns"),
        "{}",
        refused.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_addresses_are_never_asked_whatever_is_allowed() {
    let machine = Machine::open(&[Reply::Json(ORDERS)]).await;
    let site = TestSite::calling(vec!["0.0.0.0/0:443".to_owned()]);
    let ada = site.found("Northgate", "ada@example.org").await;
    let changes = [("address", "https://169.254.169.254/latest")];
    let place = connect(&ada, &machine, &changes).await;

    let refused = run(&ada, &place, "select * from orders").await;

    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("nobody is sent there"),
        "{}",
        refused.text
    );
}

/// The app as it comes in, and as it is published.
async fn published(ada: &Visitor, app: &str, text: &str) -> Answer {
    let text = text.replace("id = \"orders\"", &format!("id = \"{app}\""));
    let brought = upload(ada, "/apps/import", "orders.toml", &text).await;
    assert_eq!(brought.status, 303, "{}", brought.text);
    let seen = ada.get(&format!("/edit/{app}/pages")).await;
    let at = seen.between("name=\"draft_at\" value=\"", "\"");
    let form = format!("note=&why=&draft_at={at}");
    ada.post(&format!("/edit/{app}/publish"), &form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_shows_filters_sorts_and_pages_its_rows() {
    let machine = Machine::open(&[Reply::Json(ORDERS)]).await;
    let (site, ada) = site(&machine).await;
    let place = connect(&ada, &machine, &[]).await;
    let done = published(&ada, "orders", include_str!("api.toml")).await;
    assert_eq!(done.status, 303, "{}", done.text);

    let page = ada.get("/apps/orders").await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(
        page.text.contains("Éva") && !page.text.contains(CANARY),
        "{}",
        page.text
    );
    let after = page.text.split("after=").nth(1).unwrap();
    let after = after.split(['"', '&']).next().unwrap();
    let second = ada.get(&format!("/apps/orders?after={after}")).await;
    assert!(
        second.text.contains(CANARY) && !second.text.contains("Éva"),
        "{}",
        second.text
    );
    let sorted = ada.get("/apps/orders?sort=-amount").await;
    let (long, short) = (sorted.text.find(CANARY), sorted.text.find("Éva"));
    assert!(long.is_some() && short.is_none(), "{}", sorted.text);
    let one = ada.get("/apps/orders?who=ROW-KANARIE-API").await;
    assert!(
        one.text.contains(CANARY) && !one.text.contains("Éva"),
        "{}",
        one.text
    );
    assert!(one.text.contains("12345678901234567890") || one.text.contains("12,345"));
    let file = ada.get("/apps/orders/export/home/list/csv").await;
    assert_eq!(file.text.lines().count(), 4, "{}", file.text);

    site.site().clock.advance(1);
    let eve = site.found("Southgate", "eve@example.org").await;
    assert_eq!(eve.get(&place).await.status, 404);
    let asked = run(&eve, &place, "select * from orders").await;
    assert!(
        asked.text.contains("not connected any more"),
        "{}",
        asked.text
    );
    let found = held(&site, &[CANARY, SECRET]).await;
    assert!(found.is_empty(), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_writes_there_or_has_a_policy_on_it_is_not_published() {
    let machine = Machine::open(&[Reply::Json(ORDERS)]).await;
    let (_site, ada) = site(&machine).await;
    connect(&ada, &machine, &[]).await;
    let text = include_str!("api.toml");
    for (app, more, said) in [
        (
            "writing",
            text.replace("needs = [\"read\"]", "needs = [\"read\", \"write\"]"),
            "a datasource of kind http only reads",
        ),
        (
            "bound",
            format!("{text}\n[policy.own]\non = \"shop.orders\"\nrows = \"sent = 1\"\n"),
            "no policy holds on a datasource of kind http",
        ),
    ] {
        let refused = published(&ada, app, &more).await;
        assert_eq!(refused.status, 422, "{said}");
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_says_nothing_is_not_waited_for_longer_than_its_time() {
    let machine = Machine::open(&[Reply::Silent]).await;
    let (_site, ada) = site(&machine).await;
    let place = connect(&ada, &machine, &[("seconds", "1")]).await;

    let asked = run(&ada, &place, "select * from orders");
    let ended = tokio::time::timeout(Duration::from_secs(30), asked).await;

    let ended = ended.unwrap();
    assert_eq!(ended.status, 422);
    assert!(
        ended.text.contains("longer than 1 seconds"),
        "{}",
        ended.text
    );
}

/// A machine without TLS that gives everybody the same answer.
async fn plain(json: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = stream.read_u8().await else {
                    break;
                };
                head.push(byte);
            }
            let length = json.len();
            let text = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{json}");
            // Who only looked whether it is there is gone.
            let _ = stream.write_all(text.as_bytes()).await;
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tls_it_needs_a_reason_and_without_a_header_no_secret() {
    let machine = Machine::open(&[Reply::Json(ORDERS)]).await;
    let port = plain(ORDERS).await;
    let site = TestSite::calling(vec![format!("127.0.0.1:{port}")]);
    let ada = site.found("Northgate", "ada@example.org").await;
    let address = format!("http://127.0.0.1:{port}");
    let mut changes = vec![
        ("address", &*address),
        ("tls", "off"),
        ("ca", ""),
        ("user", ""),
        ("password", ""),
    ];
    let refused = ada.post("/sources", &fields(&machine, &changes)).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("say why"), "{}", refused.text);
    changes.push(("reason", "both run on this machine"));

    let place = connect(&ada, &machine, &changes).await;

    assert_eq!(failed(&ada, &place).await, "");
    let count = "select count(*) as n from orders";
    assert_eq!(csv(&ada, &place, count).await, "n\n3\n");
    let list = ada.get("/sources").await;
    assert!(list.text.contains("not safe on the way"), "{}", list.text);
    assert!(!list.text.contains("no password"), "{}", list.text);
}

/// Sends a form of the editor of the app Desk as its draft is now.
async fn send(ada: &Visitor, to: &str, fields: &[(&str, &str)]) -> Answer {
    let page = ada.get("/edit/desk/pages").await;
    let seen = page.between("name=\"draft_at\" value=\"", "\"").to_owned();
    let all = [&[("draft_at", seen.as_str())], fields].concat();
    ada.post(&format!("/edit/desk/{to}"), &form(&all)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_asks_an_api_with_no_line_written() {
    let machine = Machine::open(&[Reply::Json(ORDERS)]).await;
    let (_site, ada) = site(&machine).await;
    let place = connect(&ada, &machine, &[]).await;
    let begun = ada.post("/apps/new", "title=Desk").await;
    assert_eq!(begun.location(), "/edit/desk", "{}", begun.text);

    let refused = send(&ada, "uses", &[("source", id(&place)), ("writes", "1")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Shop only reads"), "{}", refused.text);
    let asked = send(&ada, "uses", &[("source", id(&place))]).await;
    assert_eq!(
        asked.location(),
        "/edit/desk/tables?use=shop",
        "{}",
        asked.text
    );
    let tables = ada.get("/edit/desk/tables?use=shop").await.text;
    assert!(tables.contains("Ask about orders</a>"), "{tables}");
    assert!(machine.heard().is_empty(), "its tables are described");
    let query = [
        ("use", "shop"),
        ("table", "orders"),
        ("new", "1"),
        ("name", "list"),
        ("f.0.column", "customer"),
        ("f.0.op", "has"),
        ("f.0.value", ""),
        ("f.0.asked", "1"),
        ("sort", "customer"),
        ("kind", "report"),
        ("page", "home"),
    ];
    let made = send(&ada, "query", &query).await;
    let widget = "/edit/desk/pages/home/widgets/report";
    assert_eq!(made.location(), widget, "{}", made.text);
    assert!(machine.heard().is_empty(),);

    let shown = ada.get("/edit/desk/preview?customer_has=va").await.text;

    assert!(shown.contains("Éva") && !shown.contains(CANARY), "{shown}");
}
