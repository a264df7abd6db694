//! Rows of a table under an app's policy, changed in a database elsewhere.

use std::fmt::Write;

use onsight::web::Role;

use super::policies::publish;
use super::servers::{Server, form};
use crate::support::{Answer, TestSite, Visitor};

const CANARY: &str = "KANARIE-PARCEL";

/// An app whose forms send these changes: names, statements, and their parameters.
fn text(server: &Server, app: &str, changes: &[(&str, &str, &[&str])]) -> String {
    let kind = server.kind;
    let mut text = format!(
        r#"format = 1
id = "{app}"
title = "Parcels"
[uses.main]
kind = "{kind}"
needs = ["read", "write"]
[access]
open = ["role:user", "role:admin"]
[policy.own]
on = "main.parcel"
rows = "owner = ctx('user.email')"
mask = {{ price = "null" }}
[query.list]
use = "main"
kind = "read"
sql = "select id, owner, note, price from parcel order by id"
[page.home]
title = "Home"
path = "/"
[page.home.widget.list]
type = "report"
at = [1, 1, 12]
query = "list"
"#
    );
    for (row, (name, sql, params)) in changes.iter().enumerate() {
        let _ = write!(
            text,
            "[query.{name}]\nuse = \"main\"\nkind = \"write\"\nsql = \"\"\"{sql}\"\"\"\n"
        );
        for param in *params {
            let kind = if *param == "id" { "int" } else { "text" };
            let _ = writeln!(
                text,
                "param.{param} = {{ from = \"form.{param}\", type = \"{kind}\", null = true }}"
            );
        }
        let at = row + 2;
        let _ = write!(
            text,
            "[page.home.widget.{name}-form]\ntype = \"form\"\nat = [{at}, 1, 6]\nsubmit = \"{name}\"\n"
        );
    }
    text
}

/// A workspace that reads as an account that can only read, and writes as another.
async fn connected(server: &Server) -> (TestSite, Visitor) {
    let (site, ada) = server.site().await;
    let accounts = [
        ("name", "main"),
        ("user", "modest"),
        ("writer", "writer"),
        ("writer_password", server.password),
    ];
    server.connect(&ada, &accounts).await;
    (site, ada)
}

async fn send(
    who: &Visitor,
    (app, query, once): (&str, &str, u32),
    fields: &[(&str, &str)],
) -> Answer {
    let (once, widget) = (format!("{once:032x}"), format!("{query}-form"));
    let mut all = vec![("_page", "home"), ("_widget", &*widget), ("_once", &*once)];
    all.extend(fields);
    who.post(&format!("/apps/{app}/run/{query}"), &form(&all))
        .await
}

/// What stands there, as the owner of the server sees it.
fn rows(server: &Server) -> String {
    let table = if server.kind == "postgres" {
        "parcel"
    } else {
        "shop.parcel"
    };
    let sql = format!("select concat(id, ' ', owner, ' ', note) from {table} order by id");
    server.tell("owner", &sql)
}

const ADD: (&str, &str, &[&str]) = (
    "add",
    "insert into parcel (id, owner, note, price) values (:id, :owner, :note, 3)",
    &["id", "owner", "note"],
);
const NOTE: (&str, &str, &[&str]) = (
    "note",
    "update parcel set note = :note where id = :id",
    &["id", "note"],
);
const GIVE: (&str, &str, &[&str]) = (
    "give",
    "update parcel set owner = :owner where id = :id",
    &["id", "owner"],
);
const CLEAR: (&str, &str, &[&str]) = (
    "clear",
    "delete from parcel where id = :id or 1 = 1 -- everything",
    &["id"],
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_changes_a_row_they_do_not_see_or_makes_one() {
    for server in Server::both() {
        let (site, ada) = connected(server).await;
        let is_postgres = server.kind == "postgres";
        let mut changes = vec![ADD, NOTE, CLEAR];
        if is_postgres {
            changes.push(GIVE);
        }
        let done = publish(&ada, "parcels", &text(server, "parcels", &changes)).await;
        assert_eq!(done.status, 303, "{}: {}", server.kind, done.text);
        let uma = site.member("uma@example.org", Role::User).await;
        let own = uma.get("/apps/parcels").await.text;
        assert!(own.contains("hers") && !own.contains(CANARY), "{own}");

        let hers = [("id", "1"), ("note", "changed")];
        let done = send(&uma, ("parcels", "note", 1), &hers).await;
        assert_eq!(done.status, 303, "{}: {}", server.kind, done.text);
        let theirs = [("id", "2"), ("note", "stolen")];
        let passed = send(&uma, ("parcels", "note", 2), &theirs).await;
        assert!(!passed.text.contains(CANARY), "{}", passed.text);
        let after = "1 uma@example.org changed\n2 ada@example.org KANARIE-PARCEL\n";
        assert_eq!(rows(server), after, "{}", server.kind);

        let more = [("id", "3"), ("owner", "uma@example.org"), ("note", "new")];
        let done = send(&uma, ("parcels", "add", 3), &more).await;
        assert_eq!(done.status, 303, "{}: {}", server.kind, done.text);
        let outside = [("id", "4"), ("owner", "ada@example.org"), ("note", "sly")];
        let refused = send(&uma, ("parcels", "add", 4), &outside).await;
        assert_ne!(refused.status, 303, "{}", server.kind);
        assert!(
            refused.text.contains("outside the policy"),
            "{}",
            refused.text
        );
        if is_postgres {
            let given = [("id", "1"), ("owner", "ada@example.org")];
            let refused = send(&uma, ("parcels", "give", 5), &given).await;
            assert!(
                refused.text.contains("outside the policy"),
                "{}",
                refused.text
            );
        }
        let after =
            "1 uma@example.org changed\n2 ada@example.org KANARIE-PARCEL\n3 uma@example.org new\n";
        assert_eq!(rows(server), after, "{}", server.kind);

        let done = send(&uma, ("parcels", "clear", 6), &[("id", "2")]).await;
        assert_eq!(done.status, 303, "{}: {}", server.kind, done.text);
        assert_eq!(
            rows(server),
            "2 ada@example.org KANARIE-PARCEL\n",
            "{}",
            server.kind
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_held_to_a_policy_is_not_published() {
    for server in Server::both() {
        let (_site, ada) = connected(server).await;
        let mut all = vec![
            "update parcel set note = 'x'",
            "delete from parcel",
            "delete from parcel where id in (select id from parcel)",
            "update parcel set note = price where id = :id",
            "update parcel set price = 1 where id = :id",
            "delete from parcel where price > 3 and id = :id",
            "update parcel set note = 'x' where id = :id) or (1 = 1",
            "insert into parcel select id + 10, 'uma@example.org', note, 1 from parcel",
            "insert into late (note) select note from parcel",
        ];
        if server.kind == "postgres" {
            all.extend([
                "update parcel as p set note = 'x' where p.id = :id",
                "update public.parcel set note = 'x' where id = :id",
                "update parcel set note = 'x' where id = :id returning *",
                "with x as (delete from parcel where id = :id) insert into late (note) values ('x')",
                "insert into parcel (id, owner) values (1, 'x') on conflict (id) do update set note = 'x'",
            ]);
        } else {
            all.extend([
                GIVE.1,
                "update shop.parcel set note = 'x' where id = :id",
                "update parcel, late set parcel.note = 'x' where parcel.id = :id",
                "insert into parcel (id, owner) values (1, 'x') on duplicate key update note = 'x'",
                "delete from parcel where id = :id limit 1",
            ]);
        }
        for (number, sql) in all.into_iter().enumerate() {
            let app = format!("sly-{number}");
            let params: &[&str] = if sql.contains(":owner") {
                &["id", "owner"]
            } else if sql.contains(":id") {
                &["id"]
            } else {
                &[]
            };
            let refused = publish(&ada, &app, &text(server, &app, &[("sly", sql, params)])).await;
            assert_eq!(
                refused.status, 422,
                "{} {sql}: {}",
                server.kind, refused.text
            );
            let said = &refused.text;
            assert!(
                said.contains("within its policies"),
                "{} {sql}: {said}",
                server.kind
            );
            assert!(!said.contains(CANARY), "{} {sql}", server.kind);
        }
    }
}
