//! Asking: values bound, nothing written, stopped when nobody waits.

use std::time::Duration;

use super::servers::{Server, csv, form, id, run};

#[tokio::test]
async fn a_value_is_bound_and_never_part_of_the_statement() {
    for server in Server::both() {
        let (_site, ada) = server.site().await;
        let place = server.connect(&ada, &[]).await;
        let ask = async |value: &str, kind: &str, sql: &str| {
            let fields = [
                ("source", id(&place)),
                ("sql", sql),
                ("type.q", kind),
                ("value.q", value),
            ];
            let answer = ada.post("/queries/export", &form(&fields)).await;
            answer.text.replace("\r\n", "\n")
        };

        let by_name = "select id from item where name = :q or ':q' = name order by id";
        assert_eq!(ask("Birne", "text", by_name).await, "id\n2\n");
        assert_eq!(ask("' or 1=1 --", "text", by_name).await, "id\n");
        let by_id = "select name from item where id = :q and (:q is null or id >= :q)";
        assert_eq!(ask("1", "integer", by_id).await, "name\nApfel\n");
        let given = "select name from item where (:q is null or name = :q) and id < 3 order by id";
        assert_eq!(ask("", "text", given).await, "name\nApfel\nBirne\n");
    }
}

#[tokio::test]
async fn nothing_is_written_whatever_the_account_may() {
    for server in Server::both() {
        let (_site, ada) = server.site().await;
        let place = server.connect(&ada, &[]).await;
        for sql in [
            "insert into item (id, name) values (7, 'x')",
            "with x as (insert into item (id, name) values (7, 'x') returning 1) select * from x",
            "select writes()",
            "select set_config('transaction_read_only', 'off', false), writes()",
            "explain analyze insert into item (id, name) values (7, 'x')",
            "select 1; insert into item (id, name) values (7, 'x')",
            "commit",
            "select * from item into outfile '/tmp/onsight-outfile'",
            "load data local infile '/etc/hostname' into table item",
            "set session transaction read write",
        ] {
            let answer = run(&ada, &place, sql).await;
            assert_eq!(answer.status, 422, "{} {sql}: {}", server.kind, answer.text);
        }
        if server.kind == "mysql" {
            let hidden = "select 1 /*! into outfile '/tmp/onsight-outfile' */";
            assert_eq!(run(&ada, &place, hidden).await.status, 422);
        }
        let count = csv(&ada, &place, "select count(*) as n from item").await;
        assert_eq!(count, "n\n3\n", "{}", server.kind);
        assert!(!std::path::Path::new("/tmp/onsight-outfile").exists());
    }
}

#[tokio::test]
async fn no_connection_remembers_whom_it_served() {
    let server = Server::postgres();
    let (_site, ada) = server.site().await;
    let place = server.connect(&ada, &[("connections", "1")]).await;
    run(
        &ada,
        &place,
        "select set_config('app.who', 'ada', false), pg_advisory_lock(4711)",
    )
    .await;
    let sql = "select coalesce(current_setting('app.who', true), '') as who, \
               (select count(*) from pg_locks where locktype = 'advisory') as held";
    assert_eq!(csv(&ada, &place, sql).await, "who,held\n,0\n");

    let server = Server::mariadb();
    let (_site, ada) = server.site().await;
    let place = server.connect(&ada, &[("connections", "1")]).await;
    let locked = csv(&ada, &place, "select get_lock('onsight', 0) as got").await;
    assert_eq!(locked, "got\n1\n");
    let free = csv(&ada, &place, "select is_free_lock('onsight') as free").await;
    assert_eq!(free, "free\n1\n");
}

#[tokio::test]
async fn rows_beyond_the_bound_are_left_out_and_a_mistake_tells_its_place() {
    for server in Server::both() {
        let (_site, ada) = server.site().await;
        let place = server
            .connect(&ada, &[("rows", "2"), ("connections", "1")])
            .await;

        let page = run(&ada, &place, "select * from item order by id limit 5").await;
        assert!(page.text.contains("more than 2 rows"), "{}", page.text);
        // The connection that was left with rows to come serves nobody else.
        let next = csv(&ada, &place, "select id from item where id = 3").await;
        assert_eq!(next, "id\n3\n");

        let wrong = run(&ada, &place, "select 1\nfrom nowhere").await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("nowhere"), "{}", wrong.text);
        if server.kind == "postgres" {
            assert!(wrong.text.contains("Line 2, column 6"), "{}", wrong.text);
        }
        let fields = [
            ("source", id(&place)),
            ("sql", "select * from item where id = :q"),
        ];
        let plan = ada.post("/queries/plan", &form(&fields)).await;
        assert_eq!(plan.status, 200, "{}", plan.text);
        assert!(
            plan.text.contains("<ol class=\"mono\"><li>"),
            "{}",
            plan.text
        );
    }
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_made_anew() {
    for server in Server::both() {
        let (_site, ada) = server.site().await;
        let place = server.connect(&ada, &[("user", "lonely")]).await;
        let sql = "select name from item where id = 1";
        assert_eq!(csv(&ada, &place, sql).await, "name\nApfel\n");

        server.close("lonely");

        assert_eq!(csv(&ada, &place, sql).await, "name\nApfel\n");
    }
}

fn slow(server: &Server) -> &'static str {
    if server.kind == "postgres" {
        "select pg_sleep(61)"
    } else {
        "select sleep(61)"
    }
}

#[tokio::test]
async fn the_server_ends_what_takes_too_long() {
    for server in Server::both() {
        let (_site, ada) = server.site().await;
        let place = server.connect(&ada, &[("seconds", "1")]).await;

        let ended = run(&ada, &place, slow(server)).await;

        assert_eq!(ended.status, 422, "{}", ended.text);
        assert!(
            ended.text.contains("longer than 1 seconds"),
            "{}",
            ended.text
        );
    }
}

/// Waits until that many run it there.
async fn until(server: &'static Server, count: usize) {
    for _ in 0..600 {
        let text = slow(server);
        if server.running(text) == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{}: never {count} of {}", server.kind, slow(server));
}

#[tokio::test]
async fn what_nobody_waits_for_is_stopped_at_the_server() {
    for server in Server::both() {
        let (site, ada) = server.site().await;
        let place = server.connect(&ada, &[("seconds", "300")]).await;
        let start = || {
            let (ada, place) = (ada.clone(), place.clone());
            tokio::spawn(async move { run(&ada, &place, slow(server)).await })
        };

        // The browser went away.
        let gone = start();
        until(server, 1).await;
        gone.abort();
        until(server, 0).await;

        // Their work was told to stop.
        let told = start();
        until(server, 1).await;
        let names = site.site().running.names();
        for name in &names {
            site.site().running.stop(name);
        }
        let answer = told.await.unwrap();
        assert!(!answer.status.is_success(), "{}", answer.text);
        until(server, 0).await;
    }
}
