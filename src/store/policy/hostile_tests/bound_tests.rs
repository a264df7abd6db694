//! What holds for people whom policies bind, one claim at a time.

use std::sync::Arc;
use std::time::Duration;

use super::{MASKS, RULES, ada, ask, bind, file, layer, orders, pair};
use crate::store::policy::{Layer, add, look};
use crate::store::{Budget, Error, Lane, Mutation, mutate, types};

#[tokio::test]
async fn one_persons_connection_never_answers_another() {
    let all = orders(7);
    let full: Vec<_> = all
        .iter()
        .map(|row| (row.clone(), Some(row.secret.clone())))
        .collect();
    let file = file(&full).await;
    bind(&file.db, layer(&RULES[0], None), &["role:admin"]).await;
    let person = |region: &str, role: &str| {
        let mut asker = ada();
        asker
            .known
            .insert("user.region".to_owned(), region.to_owned());
        asker.marks = vec![format!("role:{role}")];
        file.db.for_person(Arc::new(asker))
    };
    let sql = "select distinct region from orders where amount >= 0";
    for round in 0..40 {
        let region = ["north", "east", "west"][round % 3];
        let found = ask(&person(region, "user"), sql).await.unwrap();
        assert_eq!(found, [format!("Text({region:?})")]);
        assert_eq!(ask(&person(region, "admin"), sql).await.unwrap().len(), 4);
        assert_eq!(ask(&file.db, sql).await.unwrap().len(), 4);
    }
    // Many at a time, on the same few connections.
    let many = (0..60).map(|number| {
        let region = ["north", "east", "west", "south"][number % 4];
        let db = person(region, "user");
        tokio::spawn(async move { (region, ask(&db, sql).await.unwrap()) })
    });
    for one in many.collect::<Vec<_>>() {
        let (region, found) = one.await.unwrap();
        assert_eq!(found, [format!("Text({region:?})")]);
    }
}

#[tokio::test]
async fn a_policy_holds_from_the_next_question_on() {
    let pair = pair(3, &RULES[6], None).await;
    let sql = "select count(*) from orders";
    assert_eq!(ask(&pair.bound, sql).await.unwrap(), ["Integer(60)"]);

    bind(&pair.whole.db, layer(&RULES[5], None), &[]).await;
    assert_eq!(ask(&pair.bound, sql).await.unwrap(), ["Integer(0)"]);

    // A column that comes later is seen, under the same policy.
    bind(&pair.whole.db, layer(&RULES[6], None), &[]).await;
    let more = "alter table orders add column more text";
    pair.whole
        .db
        .write(move |tx| Ok::<_, Error>(tx.execute_batch(more)?))
        .await
        .unwrap();
    assert_eq!(
        ask(
            &pair.bound,
            "select count(*) from orders where more is null"
        )
        .await
        .unwrap(),
        ["Integer(60)"]
    );
}

#[tokio::test]
async fn an_app_sees_no_more_than_the_tables_own_policy_lets_through() {
    let mask = MASKS[1].as_ref();
    let pair = pair(11, &RULES[0], mask).await;
    let within = |rows: Option<&str>, shown: &str| {
        let layer = Layer {
            rows: rows.map(str::to_owned),
            mask: vec![("owner".to_owned(), shown.to_owned())],
        };
        pair.bound.within(vec![("Orders".to_owned(), layer)].into())
    };
    // An app's expression cannot show what the table's policy hides.
    let leaky = within(None, "secret");
    assert_eq!(
        ask(&leaky, "select count(owner) from orders")
            .await
            .unwrap(),
        ["Integer(0)"]
    );
    let probing = within(Some("secret is not null"), "'x'");
    assert_eq!(
        ask(&probing, "select count(*) from orders").await.unwrap(),
        ["Integer(0)"]
    );
    // It narrows further, and never widens.
    let wide = within(Some("1"), "'x'");
    let found = ask(&wide, "select distinct region, owner from orders")
        .await
        .unwrap();
    assert_eq!(found, ["Text(\"north\")|Text(\"x\")"]);
    let through = within(
        Some("1) union all select id, region, owner, amount, secret from main.orders where (1"),
        "'x'",
    );
    assert!(ask(&through, "select id from orders").await.is_err());
}

#[tokio::test]
async fn a_policy_reads_its_own_table_and_who_asks_and_nothing_else() {
    let file = file(&[]).await;
    let check = |rows: &str, mask: &[(&str, &str)]| {
        let layer = Layer {
            rows: (!rows.is_empty()).then(|| rows.to_owned()),
            mask: mask
                .iter()
                .map(|(column, shown)| ((*column).to_owned(), (*shown).to_owned()))
                .collect(),
        };
        file.db.check_policy("orders".to_owned(), layer)
    };
    for refused in [
        "id in (select order_id from items)",
        "exists (select 1)",
        "1) union select (2",
        "1) or exists (select 1 from items where (1",
        "1 limit 1",
        "1) limit (5",
        "1) group by (1",
        "1), (2",
        "1; delete from orders",
        "1 /*",
        ":me = owner",
        "?1 = owner",
        "nowhere = 1",
        "items.note = 'x'",
        "count(*) > 1",
        "row_number() over () = 1",
        "load_extension('x')",
        "readfile('/etc/passwd') = ''",
        "region = ",
        "   ",
    ] {
        let error = check(refused, &[]).await.expect_err(refused);
        assert!(
            error.to_string().starts_with("the condition"),
            "{refused}: {error}"
        );
        if refused.trim().is_empty() || refused.starts_with("1) or") {
            continue;
        }
        assert!(
            check("", &[("secret", refused)]).await.is_err(),
            "{refused}"
        );
    }
    for (fine, mask) in [
        ("region = ctx('user.region')", ("secret", "null")),
        (
            "lower(region) = lower(ctx('user.region')) -- remark",
            ("Secret", "substr(secret, -2)"),
        ),
        (
            "date('now') > '2020-01-01'",
            ("amount", "amount / 100 * 100 /* rounded */"),
        ),
    ] {
        check(fine, &[mask]).await.unwrap();
    }
    assert!(check("", &[]).await.is_err());
    assert!(check("1", &[("id", "1")]).await.is_err());
    assert!(check("1", &[("nothing", "1")]).await.is_err());
}

#[tokio::test]
async fn an_index_serves_under_a_policy() {
    let pair = pair(5, &RULES[0], MASKS[1].as_ref()).await;
    let plan = |sql: &'static str| {
        let budget = Budget::of(Duration::from_secs(5));
        pair.bound.ask(Lane::Desk, budget, move |guarded| {
            Ok::<_, Error>(guarded.plan(sql)?.join("\n"))
        })
    };
    let by_amount = plan("select id, secret from orders where amount = :a")
        .await
        .unwrap();
    assert!(
        by_amount.contains("orders USING INDEX orders_by_"),
        "{by_amount}"
    );
    let by_key = plan("select region from orders where id = :a")
        .await
        .unwrap();
    assert!(
        by_key.contains("orders USING INTEGER PRIMARY KEY (rowid=?)"),
        "{by_key}"
    );
    let by_policy = plan("select id from orders").await.unwrap();
    assert!(
        by_policy.contains("USING") && by_policy.contains("orders_by_region (region=?)"),
        "{by_policy}"
    );
    for odd in [
        "select * from orders limit 3",
        "select a.id from orders a left join orders b on a.id = b.amount",
    ] {
        assert!(!plan(odd).await.unwrap().contains("_rls_"), "{odd}");
    }
}

#[tokio::test]
async fn a_name_with_its_database_is_refused_and_the_reason_said() {
    let pair = pair(5, &RULES[0], None).await;
    let error = ask(&pair.bound, "select id from main.orders")
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("write its name without main."),
        "{error}"
    );
    let written = pair.bound.write(|tx| {
        mutate(
            tx,
            &Mutation {
                sql: "delete from main.orders",
                values: &[],
            },
        )
    });
    let error = written.await.unwrap_err();
    assert!(
        error.to_string().contains("write its name without main."),
        "{error}"
    );
}

#[tokio::test]
async fn rows_are_added_and_looked_at_as_the_person_may() {
    let pair = pair(9, &RULES[0], MASKS[1].as_ref()).await;
    let insert = |sql: &'static str| {
        pair.bound
            .write(move |tx| add(tx, &Mutation { sql, values: &[] }))
    };
    let key = insert("insert into orders (region, secret) values ('north', 'mine')")
        .await
        .unwrap();
    assert_eq!(key, 61);
    let refused = insert("insert into orders (region) values ('south')")
        .await
        .unwrap_err();
    assert!(matches!(refused, Error::Outside(_)), "{refused}");
    let seen = pair.bound.write(move |tx| {
        let sql = "select region, secret from orders where id = :id";
        look(
            tx,
            &Mutation {
                sql,
                values: &[(":id", &61)],
            },
        )
    });
    let seen = seen.await.unwrap().unwrap();
    assert_eq!(
        seen,
        [types::Value::Text("north".to_owned()), types::Value::Null]
    );
    // Our own work goes on, on the tables themselves.
    let ours = pair.whole.db.write(|tx| {
        Ok::<usize, Error>(tx.execute("insert into orders (region) values ('south')", [])?)
    });
    assert_eq!(ours.await.unwrap(), 1);
}
