//! Policies of an app on tables of a database elsewhere: nobody sees past them.

use onsight::web::Role;

use super::servers::Server;
use crate::fieldwork::upload;
use crate::support::{Answer, TestSite, Visitor};

const CANARY: &str = "KANARIE-LEDGER";

fn text(server: &Server, app: &str, sql: &str) -> String {
    let kind = server.kind;
    format!(
        r#"format = 1
id = "{app}"
title = "Ledger"
[uses.main]
kind = "{kind}"
needs = ["read", "write"]
[access]
open = ["role:user", "role:admin"]
[policy.own]
on = "main.ledger"
rows = "owner = ctx('user.email') or ctx('user.role') = 'admin'"
mask = {{ amount = "case when ctx_has('user.groups', 'money') or ctx('user.role') = 'admin' then amount end" }}
[query.list]
use = "main"
kind = "read"
sql = '''
{sql}
'''
paging = {{ size = 50, sort = [] }}
[page.home]
title = "Home"
path = "/"
[page.home.widget.list]
type = "report"
at = [1, 1, 12]
query = "list"
totals = {{ n = "count" }}
export = ["csv"]
"#
    )
}

/// A workspace that asks the server as an account that can only read.
pub(super) async fn connected(server: &Server, user: &str) -> (TestSite, Visitor) {
    let (site, ada) = server.site().await;
    server
        .connect(&ada, &[("name", "main"), ("user", user)])
        .await;
    (site, ada)
}

/// The app as it comes in, and as it is published.
async fn published(ada: &Visitor, server: &Server, (app, sql): (&str, &str)) -> Answer {
    publish(ada, app, &text(server, app, sql)).await
}

/// An app as its text has it, as it is published.
pub(super) async fn publish(ada: &Visitor, app: &str, text: &str) -> Answer {
    let brought = upload(ada, "/apps/import", "app.toml", text).await;
    assert_eq!(brought.status, 303, "{}", brought.text);
    let seen = ada.get(&format!("/edit/{app}/pages")).await;
    let at = seen.between("name=\"draft_at\" value=\"", "\"");
    let form = format!("note=&why=&draft_at={at}");
    ada.post(&format!("/edit/{app}/publish"), &form).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_sees_their_own_rows_in_pages_counts_sums_and_files() {
    for server in Server::both() {
        let (site, ada) = connected(server, "modest").await;
        let sql = "select id, owner, amount, note, 1 as n from ledger order by id";
        let done = published(&ada, server, ("ledger", sql)).await;
        assert_eq!(done.status, 303, "{}: {}", server.kind, done.text);
        let uma = site.member("uma@example.org", Role::User).await;

        let all = ada.get("/apps/ledger").await;
        assert!(
            all.text.contains(CANARY) && all.text.contains("30"),
            "{}",
            all.text
        );
        let own = uma.get("/apps/ledger").await;
        assert_eq!(own.status, 200, "{}", own.text);
        assert!(own.text.contains("hers"), "{}", own.text);
        assert!(!own.text.contains(CANARY), "{}", own.text);
        let file = uma.get("/apps/ledger/export/home/list/csv").await.text;
        let file = file.replace("\r\n", "\n");
        assert_eq!(
            file.lines().nth(1),
            Some("1,uma@example.org,,hers,1"),
            "{file}"
        );
        assert_eq!(file.lines().count(), 2, "{file}");
        let count = uma.get("/apps/ledger/part/home/list/count").await.text;
        assert_eq!(count, " of 1", "{}", server.kind);
        let sums = uma.get("/apps/ledger/part/home/list/totals").await.text;
        assert!(!sums.contains('3'), "{sums}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_statement_leads_around_them() {
    for server in Server::both() {
        let (site, ada) = connected(server, "modest").await;
        let bob = site.member("bob@example.org", Role::Builder).await;
        let both = [
            "select * from ledger_all",
            "select * from shop.ledger",
            "select * from public.ledger",
            "with recursive ledger as (select 1 as id) select * from ledger",
            "select version_of(note) from ledger",
            "select table_name from information_schema.tables",
        ];
        let own: &[&str] = if server.kind == "postgres" {
            &[
                "select * from ledger_told()",
                "select query_to_xml('select * from ledger', true, true, '')",
                "select set_config('role', 'owner', true), note from ledger",
                "select row_to_json(ledger) from ledger",
                "select most_common_vals from pg_stats",
                "select \"query_to_xml\"('select * from ledger', true, true, '')",
                "select current_setting('x')",
            ]
        } else {
            &[
                "select * from `shop`.`ledger`",
                "select load_file('/etc/passwd')",
                "select * from mysql.column_stats",
                "select `sleep`(1)",
            ]
        };
        for (number, sql) in both.iter().chain(own).enumerate() {
            let app = format!("hostile-{number}");
            let refused = published(&ada, server, (&app, sql)).await;
            assert_eq!(
                refused.status, 422,
                "{} {sql}: {}",
                server.kind, refused.text
            );
            let text = &refused.text;
            let is_told =
                text.contains("within its policies") || text.contains("cannot be enforced");
            assert!(is_told, "{} {sql}: {text}", server.kind);
            assert!(!text.contains(CANARY), "{} {sql}", server.kind);
            let draft = bob.get(&format!("/edit/{app}/preview")).await;
            assert_eq!(draft.status, 200, "{}", draft.text);
            let said = draft.text;
            assert!(!said.contains(CANARY), "{} {sql}: {said}", server.kind);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_its_own_name_a_table_is_never_more_than_what_the_policy_lets_through() {
    for server in Server::both() {
        let (site, ada) = connected(server, "modest").await;
        let uma = site.member("uma@example.org", Role::User).await;
        for (number, sql) in [
            "with x as (select * from ledger) select x.note, 1 as n from x",
            "select note, 1 as n from ledger where id in (select id from LEDGER)",
            "select note, 1 as n from (select * from ledger) as ledger",
            "with x as (with ledger as (select * from ledger) select * from ledger) select note, 1 as n from x",
            "select l.note, (select max(note) from ledger) as n from ledger as l",
        ]
        .into_iter()
        .enumerate()
        {
            let app = format!("inner-{number}");
            let done = published(&ada, server, (&app, sql)).await;
            assert_eq!(done.status, 303, "{} {sql}: {}", server.kind, done.text);
            let page = uma.get(&format!("/apps/{app}")).await;
            assert_eq!(page.status, 200, "{}", page.text);
            assert!(!page.text.contains(CANARY), "{} {sql}: {}", server.kind, page.text);
            // One engine tells large letters from small ones in names of tables.
            let is_there = page.text.contains("hers");
            assert!(is_there || sql.contains("LEDGER"), "{} {sql}: {}", server.kind, page.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_may_do_more_than_read_is_refused_with_what_mends_it() {
    for server in Server::both() {
        let (_site, ada) = connected(server, "reader").await;
        let refused = published(&ada, server, ("ledger", "select * from ledger")).await;

        assert_eq!(refused.status, 422, "{}", refused.text);
        let text = refused.text;
        assert!(text.contains("may do more"), "{}: {text}", server.kind);
        assert!(text.contains("onsight_reader"), "{text}");
        assert!(
            !text.contains(CANARY) && !text.contains(server.password),
            "{text}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_that_takes_the_place_of_a_table_later_is_noticed() {
    for server in Server::both() {
        let (_site, ada) = connected(server, "modest").await;
        let sql = "select note, 1 as n from late";
        let done = published(&ada, server, ("late", sql)).await;
        assert_eq!(done.status, 303, "{}: {}", server.kind, done.text);
        let page = ada.get("/apps/late").await.text;
        assert!(page.contains("a table"), "{}: {page}", server.kind);

        let sql = if server.kind == "postgres" {
            "drop table late; create view late as select note from ledger; grant select on late to modest"
        } else {
            "drop table shop.late; create view shop.late as select note from shop.ledger"
        };
        server.tell("owner", sql);
        // It is asked for its names again within seconds.
        let mut said = String::new();
        for _ in 0..240 {
            said = ada.get("/apps/late").await.text;
            if said.contains("may hold rows of other tables") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(250)).await;
        }
        assert!(
            said.contains("may hold rows of other tables"),
            "{}: {said}",
            server.kind
        );
        assert!(!said.contains(CANARY), "{}: {said}", server.kind);
    }
}
