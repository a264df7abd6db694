//! Claims about pages: put one after the other they are the whole result, both ways.

use super::*;
use crate::apps::format::Paging;
use crate::store::{Budget, Db, Key, Lane, Schema};

/// Numbers that look like chance and are the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

async fn walked(db: &Db, turn: Turn, paging: Paging) -> Vec<Vec<String>> {
    db.ask(
        Lane::Page,
        Budget::of(std::time::Duration::from_secs(30)),
        move |guarded| {
            let question = Question {
                sql: "select id, v from t".into(),
                values: Vec::new(),
            };
            let catalog = Catalog::default();
            let sort = turn.order.as_ref().map(|order| {
                format!(
                    "{}{}",
                    if order.descending { "-" } else { "" },
                    order.column
                )
            });
            let (mut turn, mut pages, mut forward) = (turn, Vec::new(), true);
            loop {
                let page = page(guarded, &catalog, &question, &turn)?;
                let shown = |row| {
                    page.rows
                        .row(row)
                        .map(|cell| format!("{cell:?}"))
                        .collect::<Vec<_>>()
                        .join(" ")
                };
                let said: Vec<String> = (0..page.rows.len()).map(shown).collect();
                assert_eq!(page.previous.is_none(), page.first == 1);
                let first = usize::try_from(page.first).unwrap();
                if forward {
                    assert_eq!(first - 1, pages.iter().map(Vec::len).sum::<usize>());
                    pages.push(said);
                } else {
                    let at = (first - 1) / usize::try_from(paging.size).unwrap();
                    assert_eq!(pages[at], said, "on the way back");
                }
                forward = forward && page.next.is_some();
                let (after, before) = if forward {
                    (page.next, None)
                } else {
                    (None, page.previous)
                };
                if after.is_none() && before.is_none() {
                    return Ok::<_, Error>(pages);
                }
                turn = Turn::read(
                    Some(&paging),
                    sort.as_deref(),
                    after.as_deref(),
                    before.as_deref(),
                )
                .unwrap();
            }
        },
    )
    .await
    .unwrap()
}

fn expected(rows: &[(i64, Option<i64>)], order: &Order) -> Vec<i64> {
    let mut sorted = rows.to_vec();
    // Nothing comes before everything, as in SQLite.
    sorted.sort_by_key(|(id, value)| (*value, *id));
    if order.column == "id" {
        sorted.sort_by_key(|(id, _)| *id);
    }
    if order.descending {
        sorted.reverse();
    }
    sorted.into_iter().map(|(id, _)| id).collect()
}

async fn table() -> (tempfile::TempDir, Db) {
    let folder = tempfile::tempdir().unwrap();
    let key = Key::random().unwrap();
    let db = Db::open(
        &folder.path().join("a.db"),
        &key,
        Schema::Workspace,
        std::sync::Arc::default(),
    )
    .unwrap();
    db.write(|tx| {
        tx.execute_batch("create table t (id integer primary key, v integer) strict")
            .map_err(Error::from)
    })
    .await
    .unwrap();
    (folder, db)
}

#[tokio::test]
async fn pages_are_the_whole_result_in_both_directions() {
    let (_folder, db) = table().await;
    let mut dice = Dice(7);
    for round in 0..12 {
        let count = dice.roll(40);
        let rows: Vec<(i64, Option<i64>)> = (0..i64::try_from(count).unwrap())
            .map(|id| {
                (
                    id,
                    (dice.roll(3) > 0).then(|| i64::try_from(dice.roll(5)).unwrap()),
                )
            })
            .collect();
        let kept = rows.clone();
        db.write(move |tx| {
            tx.execute("delete from t", [])?;
            for (id, value) in kept {
                tx.execute("insert into t values (?1, ?2)", (id, value))?;
            }
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
        for (column, descending, is_keyed) in [
            ("v", false, true),
            ("v", true, true),
            ("id", false, true),
            ("id", true, true),
            ("id", true, false),
        ] {
            let order = Order {
                column: column.into(),
                descending,
            };
            let paging = Paging {
                size: u32::try_from(1 + dice.roll(7)).unwrap(),
                sort: vec!["id".into(), "v".into()],
                default: Some(order.clone()),
                key: is_keyed.then(|| "id".into()),
            };
            let turn = Turn::read(Some(&paging), None, None, None).unwrap();

            let pages = walked(&db, turn, paging).await;

            let ids: Vec<String> = pages
                .concat()
                .iter()
                .map(|row| row.split(' ').next().unwrap().to_owned())
                .collect();
            let wanted: Vec<String> = expected(&rows, &order)
                .iter()
                .map(|id| format!("Integer({id})"))
                .collect();
            assert_eq!(ids, wanted, "round {round}, {order:?}");
        }
    }
}

#[test]
fn a_place_nobody_gave_is_refused() {
    let paging = Paging {
        size: 5,
        sort: vec!["a".into()],
        default: None,
        key: Some("id".into()),
    };
    for after in [
        "",
        "x",
        "[1]",
        "[1,2]",
        "[\"a\",1,2]",
        "[1,{},2]",
        "[1,\"x\",2]",
    ] {
        assert!(
            Turn::read(Some(&paging), None, Some(after), None).is_err(),
            "{after}"
        );
    }
    assert!(Turn::read(Some(&paging), Some("b"), None, None).is_err());
    assert!(Turn::read(Some(&paging), Some("-a"), Some("[3,\"r0.1\",\"tx\"]"), None).is_ok());
}
