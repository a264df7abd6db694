//! Claims about `specialise`, held against the real SQLite.

use super::*;

#[expect(clippy::disallowed_methods, reason = "a database of one test")]
fn orders() -> rusqlite::Connection {
    let db = rusqlite::Connection::open_in_memory().unwrap();
    db.execute_batch(
        "create table t (id integer primary key, a text, b integer, c text);
         create index t_a on t (a);
         create table u (t integer, note text);
         insert into t (a, b, c) values ('x', 1, 'one'), ('y', 2, null), (null, 3, 'x) or (y'),
           ('x', null, 'two'), (null, null, null), ('z', 0, 'q'), ('it''s', 5, ':a');
         insert into u values (1, 'x'), (2, null), (4, 'y');",
    )
    .unwrap();
    db
}

/// The rows of `sql` as text, in its order, or what SQLite says against it.
fn rows(db: &rusqlite::Connection, sql: &str, values: &[(&str, Option<&str>)]) -> String {
    let fault = |error| panic!("{error}: {sql}");
    let mut statement = db.prepare(sql).unwrap_or_else(fault);
    for (name, value) in values {
        if let Some(at) = statement.parameter_index(&format!(":{name}")).unwrap() {
            statement.raw_bind_parameter(at, value).unwrap();
        }
    }
    let mut found: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let width = found.len();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().unwrap() {
        let cell = |column| row.get::<_, rusqlite::types::Value>(column).unwrap();
        let cells = (0..width).map(|column| format!("{:?}", cell(column)));
        found.push(cells.collect::<Vec<_>>().join(" "));
    }
    found.join("\n")
}

fn decide(sql: &str, null: &[&str]) -> String {
    specialise(sql, &|name| null.contains(&name)).into_owned()
}

const QUERIES: [&str; 26] = [
    "select * from t where (:a is null or a = :a) order by id",
    "select * from t where ( :a  IS\nNULL oR a = :a ) AND (:b IS NULL OR b >= :b) order by id",
    "select * from t where not (:a is null or a = :a) order by id",
    "select * from t where (:a is null or a = :a or b = :b) order by id",
    "select * from t where (:a is null or (a = :a and (:b is null or b = :b))) order by id",
    "select * from t where ((:a is null or a = :a) or (:b is null or b < :b)) order by id",
    "select * from t where (:a is null or c = ') or (' or a = :a) order by id",
    "select * from t where (:a is null or c like '%) or (%') order by id",
    "select * from t where (:a is null /* ) or ( */ or a = :a -- )\n) order by id",
    "select * from t where (:a is null or b) order by id",
    "select * from t where (:a is null or b + 4) = 1 order by id",
    "select * from t where b between 0 and (:a is null or b + 4) order by id",
    "select (:a is null or a = :a), b from t order by id",
    "select b and (:a is null or a = :a) from t order by id",
    "select (select count(*) from u where (:a is null or note = :a)) from t order by id",
    "select id from t order by (:a is null or a = :a), id desc",
    "select max(id) from t group by (:a is null or a = :a) order by 1",
    "select max(id) from t having (:a is null or count(*) > 2)",
    "select * from t left join u on (:a is null or u.note = :a) and u.t = t.id order by id, note",
    "with w as (select * from t where (:a is null or a = :a)) select * from w order by id",
    "select * from t where (:a is null or exists (select 1 from u where u.t = t.id and (:b is null or t.b = :b))) order by id",
    "select * from t where (:a is null or (select b from u where u.t = t.id)) order by id",
    "select * from t where (:a is null or case when a = :a then 3 else 0 end) order by id",
    "select * from t where (:a is null or a is distinct from :a) and (:b is null or b in (:b, 3)) order by id",
    "select * from t where (:a is null or (a, b) = (:a, 1)) order by id",
    "select * from t where (:a is null or b between 1 and :b) and (:b is null or :a is null or a = :a) order by id",
];

#[test]
fn the_rows_stay_the_same() {
    let db = orders();
    for sql in QUERIES {
        for a in [None, Some("x"), Some("it's"), Some("nothing")] {
            for b in [None, Some("1"), Some("3")] {
                let values = [("a", a), ("b", b)];
                let null: Vec<&str> = values
                    .iter()
                    .filter_map(|(name, value)| value.is_none().then_some(*name))
                    .collect();
                let decided = decide(sql, &null);
                assert_eq!(
                    rows(&db, sql, &values),
                    rows(&db, &decided, &values),
                    "{sql}\n{decided}\n{values:?}"
                );
            }
        }
    }
}

/// Conditions at random, but the same ones each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn condition(&mut self, depth: usize) -> String {
        const PLAIN: [&str; 12] = [
            "a = :a",
            "b > :b",
            "b",
            "b + 1",
            "c is null",
            "c like '%) or (%'",
            "a in (:a, 'y')",
            "b between 0 and :b",
            "case when b = 1 then 2 end",
            "(a, b) = (:a, 1)",
            "exists (select 1 from u where u.t = t.id)",
            "(select note = 'x' from u where u.t = t.id)",
        ];
        if depth == 0 {
            return PLAIN[self.roll(PLAIN.len())].to_owned();
        }
        let one = self.condition(depth - 1);
        match self.roll(9) {
            0 => format!("({one})"),
            1 => format!("not {one}"),
            2 => format!("{one} and {}", self.condition(depth - 1)),
            3 => format!("{one} or {}", self.condition(depth - 1)),
            4 => format!("({one}) = 1"),
            5 => format!("( :b /* ) */ IS NULL OR {one} -- (\n)"),
            6 => format!("(select count(*) from u where (:a is null or {one})) > 1"),
            _ => format!("(:a is null or {one})"),
        }
    }
}

#[test]
fn the_rows_stay_the_same_for_conditions_at_random() {
    let db = orders();
    let mut dice = Dice(42);
    for _ in 0..600 {
        let depth = 1 + dice.roll(4);
        let sql = format!(
            "select id from t where {} order by id",
            dice.condition(depth)
        );
        for (a, b) in [
            (None, None),
            (Some("x"), None),
            (None, Some("1")),
            (Some("y"), Some("3")),
        ] {
            let decided = specialise(&sql, &|name| {
                if name == "a" {
                    a.is_none()
                } else {
                    b.is_none()
                }
            });
            let values = [("a", a), ("b", b)];
            assert_eq!(
                rows(&db, &sql, &values),
                rows(&db, &decided, &values),
                "{sql}\n{decided}"
            );
        }
    }
}

#[test]
fn an_optional_condition_is_decided() {
    let sql = "SELECT * FROM t\n WHERE (:a IS NULL OR a = :a)\n   AND b >= :b";

    insta::assert_snapshot!(decide(sql, &["a"]), @"
    SELECT * FROM t
     WHERE (1)
       AND b >= :b
    ");
    insta::assert_snapshot!(decide(sql, &[]), @"
    SELECT * FROM t
     WHERE (a = :a)
       AND b >= :b
    ");
}

#[test]
fn a_condition_within_a_condition_is_decided_too() {
    let sql = "select 1 from t where (:a is null or (a = :a and (:b is null or b = :b)))";

    assert_eq!(
        decide(sql, &["b"]),
        "select 1 from t where ((a = :a and (1)))"
    );
    assert_eq!(decide(sql, &["a"]), "select 1 from t where (1)");
}

#[test]
fn what_does_not_match_exactly_is_left_alone() {
    for sql in [
        "select 1 from t where (a = :a or :a is null)",
        "select 1 from t where (:a is not null or a = :a)",
        "select 1 from t where (:a is null and a = :a)",
        "select 1 from t where (:a is null)",
        "select 1 from t where coalesce(:a is null or a = :a)",
        "select 1 from t where cast(:a is null or a = 1 as integer)",
        "select 1 from t where (:a is null or b)",
        "select 1 from t where ':a' = '(:a is null or a = :a)'",
        "select (:a is null or a = :a) from t",
        "select 1 from t where (:a is null or a = 'open",
    ] {
        assert_eq!(decide(sql, &["a"]), sql);
        assert_eq!(decide(sql, &[]), sql);
    }
}

#[test]
fn the_index_serves_the_decided_query() {
    let db = orders();
    let plan = |sql: &str| {
        rows(
            &db,
            &format!("explain query plan {sql}"),
            &[("a", Some("x"))],
        )
    };
    let sql = "select * from t where (:a is null or a = :a)";

    assert!(plan(sql).contains("SCAN t"));
    assert!(plan(&decide(sql, &[])).contains("SEARCH t USING INDEX t_a"));
}
