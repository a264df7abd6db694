//! Pages, walked in every order, against all rows put in order by hand.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::{all, count, insert, page, register, tables};
use crate::base::Time;
use crate::data::tables::view::View;
use crate::data::tables::{NewTable, Table, TableColumn, TableName};
use crate::data::{Caps, Catalog, Cell, ColumnType, Value, fetch};
use crate::store::{Budget, Db, Error, Key, Lane, Schema};
use crate::web::Fields;

struct Shelf {
    _folder: tempfile::TempDir,
    db: Db,
    catalog: Arc<Catalog>,
}

/// Rows full of ties and of nothing, the same ones every time.
async fn shelf(rows: u64) -> Shelf {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (folder.path().join("w.db"), Key::random().unwrap());
    let db = Db::open(&path, &key, Schema::Workspace, Arc::new(Notify::new())).unwrap();
    let column = |(name, kind): (&str, ColumnType)| TableColumn {
        name: name.to_owned(),
        title: name.to_owned(),
        kind,
    };
    let columns = [
        ("whole", ColumnType::Integer),
        ("real", ColumnType::Number),
        ("word", ColumnType::Text),
        ("at", ColumnType::DateTime),
    ];
    let columns = columns.into_iter().map(column).collect();
    let name = TableName::parse("things").unwrap();
    let new = NewTable::new(name, "Things", None, columns).unwrap();
    db.write(move |tx| {
        register(tx, &new, Time(0))?;
        super::create(tx, "things", &new)?;
        let table = tables(tx)?.remove(0);
        let mut seed = 7_u64;
        let mut dice = |sides: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % sides
        };
        for _ in 0..rows {
            let maybe = |value: Value, die: u64| if die == 0 { Value::Null } else { value };
            let whole = i64::try_from(dice(5)).unwrap() - 2;
            let real = f64::from(u32::try_from(dice(4)).unwrap()) / 3.0;
            let word = ["", "a", "Ä", "a b&c=d", "it's \"x\""][usize::try_from(dice(5)).unwrap()];
            let word = if dice(9) == 0 { "long ".repeat(99) } else { word.to_owned() };
            let at = format!("2026-11-2{}T10:00:00", dice(4));
            let values = [
                ("whole".to_owned(), maybe(Value::Integer(whole), dice(3))),
                ("real".to_owned(), maybe(Value::Real(real), dice(4))),
                ("word".to_owned(), maybe(Value::Text(word), dice(4))),
                ("at".to_owned(), maybe(Value::Text(at), dice(2))),
            ];
            insert(tx, &table, &values)?;
        }
        Ok::<_, crate::data::tables::Error>(())
    })
    .await
    .unwrap();
    let catalog = Arc::new(Catalog::new(db.read(tables).await.unwrap()));
    Shelf {
        _folder: folder,
        db,
        catalog,
    }
}

impl Shelf {
    fn table(&self) -> &Table {
        &self.catalog.tables[0]
    }

    /// Keys of a page, and the addresses of the pages beside it as a browser would send them.
    async fn page(&self, query: &str, most: usize) -> (Vec<i64>, Option<String>, Option<String>) {
        let view = View::parse(self.table(), &Fields::parse(query)).unwrap();
        let (catalog, table) = (Arc::clone(&self.catalog), self.table().clone());
        let asked = view.clone();
        let budget = Budget::of(Duration::from_secs(30));
        let found = self.db.ask(Lane::Page, budget, move |guarded| {
            guarded.at_once(|| page(guarded, &catalog, (&table, &asked), most))
        });
        let found = found.await.unwrap();
        let rows = &found.rows;
        let key = |row: usize| match rows.get(row, 0) {
            Cell::Integer(key) => key,
            other => panic!("{other:?}"),
        };
        let beside = |row: usize, is_before: bool| {
            let at = rows.column(&view.sort.column).unwrap();
            let place = crate::data::tables::view::Place {
                is_before,
                key: key(row),
                value: Some(Value::of(rows.get(row, at))),
            };
            let view = View {
                place: Some(place),
                ..view.clone()
            };
            view.query("id")
        };
        let keys: Vec<_> = (0..rows.len()).map(key).collect();
        let previous = (found.has_previous && !keys.is_empty()).then(|| beside(0, true));
        let next = (found.has_next && !keys.is_empty()).then(|| beside(keys.len() - 1, false));
        (keys, previous, next)
    }

    /// Every row's key in the order the engine gives when it sorts all at once.
    async fn keys(&self, query: &str) -> Vec<i64> {
        let view = View::parse(self.table(), &Fields::parse(query)).unwrap();
        let question = all(self.table(), &view);
        let total = count(self.table(), &view.filters, 1_000_000);
        let catalog = Arc::clone(&self.catalog);
        let budget = Budget::of(Duration::from_secs(30));
        let work = self.db.ask(Lane::Page, budget, move |guarded| {
            let rows = fetch(guarded, &catalog, &question, Caps::PAGE)?;
            let total = fetch(guarded, &catalog, &total, Caps::PAGE)?;
            let length = i64::try_from(rows.len()).unwrap();
            assert_eq!(total.get(0, 0), Cell::Integer(length));
            let keys = (0..rows.len()).map(|row| match rows.get(row, 0) {
                Cell::Integer(key) => key,
                other => panic!("{other:?}"),
            });
            Ok::<_, Error>(keys.collect())
        });
        work.await.unwrap()
    }
}

#[tokio::test]
async fn pages_in_every_order_and_direction_are_the_whole_table() {
    let shelf = shelf(157).await;
    for filter in ["", "f=word.contains.a&", "f=real.empty.&", "f=at.from.2026-11-21&"] {
        for sort in ["id", "whole", "real", "word", "at"] {
            for minus in ["", "-"] {
                let start = format!("{filter}sort={minus}{sort}");
                let expected = shelf.keys(&start).await;
                let (mut walked, mut address, mut last) = (Vec::new(), Some(start.clone()), None);
                while let Some(query) = address {
                    let (keys, _, next) = shelf.page(&query, 10).await;
                    walked.extend(keys);
                    (last, address) = (Some(query), next);
                }
                assert_eq!(walked, expected, "{start} forwards");

                let (keys, mut address, _) = shelf.page(&last.unwrap(), 10).await;
                let mut back = keys;
                while let Some(query) = address {
                    let (mut keys, previous, _) = shelf.page(&query, 10).await;
                    keys.append(&mut back);
                    (back, address) = (keys, previous);
                }
                assert_eq!(back, expected, "{start} backwards");
            }
        }
    }
}

#[tokio::test]
async fn a_filter_is_a_value_and_never_sql() {
    let shelf = shelf(50).await;
    for typed in ["'; drop table things; --", "\" or 1=1 --", "%", "_", ":f0", "x\0y"] {
        let word: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
        for condition in ["contains", "is"] {
            let keys = shelf.keys(&format!("f=word.{condition}.{word}")).await;
            assert!(keys.is_empty(), "{condition} {typed}");
        }
        let view = View::parse(
            shelf.table(),
            &Fields::parse(&format!("f=word.contains.{word}")),
        );
        let question = all(shelf.table(), &view.unwrap());
        assert!(!question.sql.contains(typed) || typed == ":f0" || typed == "_");
    }
    for nonsense in ["f=nothing.is.1", "f=whole.contains.1", "f=whole.is.x", "sort=nothing"] {
        assert!(View::parse(shelf.table(), &Fields::parse(nonsense)).is_err(), "{nonsense}");
    }
}

#[tokio::test]
async fn a_day_is_all_moments_of_it() {
    let shelf = shelf(80).await;
    let on = shelf.keys("f=at.is.2026-11-21").await.len();
    let until = shelf.keys("f=at.to.2026-11-21").await.len();
    let before = shelf.keys("f=at.to.2026-11-20").await.len();

    assert!(on > 0);
    assert_eq!(on, until - before);
}
