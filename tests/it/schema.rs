//! The databases as the migrations leave them, and the SQL we hold against them.

use std::fs;

use onsight::store::{self, Schema};
use rusqlite::Connection;

use crate::house_rules::sources;

#[test]
fn the_schemas_after_all_migrations() {
    for schema in Schema::ALL {
        insta::assert_snapshot!(format!("{schema:?}"), store::schema(schema).unwrap());
    }
}

/// The nearest we come to a compiler for SQL: every statement in the code is
/// prepared against a schema, whether or not a test happens to run it. Those
/// with a name to be filled in (`{…}`) are built from checked names and run by
/// the stories.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "bare databases to prepare statements against"
)]
fn every_statement_prepares() {
    let schemas = Schema::ALL.map(|schema| {
        let conn = Connection::open(":memory:").unwrap();
        conn.execute_batch(&store::schema(schema).unwrap()).unwrap();
        conn
    });
    let mut count = 0;
    // Tests ask tables of their own.
    let is_test = |path: &str| path.contains("_tests/") || path.ends_with("_tests.rs");
    for path in sources().filter(|path| may_hold_sql(path) && !is_test(path)) {
        let code = fs::read_to_string(format!("src/{path}")).unwrap();
        let code = code.split("#[cfg(test)]\nmod tests").next().unwrap();
        for sql in statements(code) {
            let sql = sql.replace("\\\"", "\"");
            let errors: Vec<_> = schemas
                .iter()
                .filter_map(|conn| conn.prepare(&sql).err())
                .collect();
            assert!(errors.len() < schemas.len(), "{path}: {}\n{sql}", errors[0]);
            count += 1;
        }
    }
    assert!(
        count >= 40,
        "found only {count} statements: is the search broken?"
    );
}

pub(crate) fn may_hold_sql(path: &str) -> bool {
    path.ends_with("/sql.rs") || path.contains("/sql/") || path.starts_with("store/")
}

fn statements(code: &str) -> impl Iterator<Item = String> {
    let plain = code.replace("\\\"", "\u{1}");
    let strings: Vec<String> = plain
        .split('"')
        .skip(1)
        .step_by(2)
        .map(|text| text.replace('\u{1}', "\\\""))
        .collect();
    strings.into_iter().filter(|text| {
        ["select ", "insert ", "update ", "delete ", "with "]
            .iter()
            .any(|verb| text.starts_with(verb))
            && !text.contains('{')
    })
}
