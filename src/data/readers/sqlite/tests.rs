//! Claims about databases of SQLite.

use std::io;
use std::path::Path;

use rusqlite::Connection;

use super::super::sample::{look, rows, types};
use super::super::{Plan, Source, Upload, parts};

fn with<T>(path: &Path, act: impl FnOnce(&Upload<'_>) -> T) -> T {
    let open = || -> io::Result<Box<dyn Source>> { Ok(Box::new(std::fs::File::open(path)?)) };
    act(&Upload {
        name: "data.db",
        len: std::fs::metadata(path).unwrap().len(),
        open: &open,
        path: Some(path),
    })
}

#[expect(clippy::disallowed_methods, reason = "a database somebody might send")]
fn database(path: &Path) {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch(
        "pragma journal_mode = wal;
         create table \"my orders\" (id integer primary key, day date, zip text, paid boolean,
             price numeric, photo blob);
         insert into \"my orders\" values (7, '2024-02-29', '10115', 1, 2, x'00ff'),
             (9, null, '7', 0, 2.5, null);
         create view big as select * from \"my orders\";",
    )
    .unwrap();
}

#[test]
fn a_table_is_read_with_its_declared_types() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a b?.db");
    database(&path);

    with(&path, |upload| {
        assert_eq!(parts(upload).unwrap().len(), 1);
        let findings = look(upload).unwrap();

        assert_eq!(types(&findings), "id integer, day date, zip text, paid boolean, price number, photo text");
        assert!(findings.columns[0].increasing);
        assert!(findings.notes[0].contains("column photo has 1 cells of bytes"), "{:?}", findings.notes);
        let (rows, report) = rows(upload, &Plan::of(&findings));
        assert_eq!(rows, ["1: 7 | 2024-02-29 | 10115 | 1 | 2.0 | ·", "2: 9 | · | 7 | 0 | 2.5 | ·"]);
        assert_eq!(report.changes.named[0].reason, "is bytes, not text");
    });
}

#[test]
fn a_damaged_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.db");
    database(&path);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.truncate(4096);
    bytes[100..400].fill(0xff);
    std::fs::write(&path, bytes).unwrap();

    let refusal = with(&path, |upload| look(upload).unwrap_err().to_string());

    assert!(refusal.contains("damaged"), "{refusal}");
}
