//! What is written is what a reader of workbooks finds; nothing of it lies in clear.

use std::fs;
use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx as Workbook};

use super::*;

fn column(name: &str, kind: ColumnType) -> Column {
    Column {
        name: name.to_owned(),
        kind: Some(kind),
    }
}

/// The bytes of a finished workbook.
fn bytes(book: Xlsx) -> Vec<u8> {
    let mut bytes = Vec::new();
    book.finish().unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn cells_come_out_as_they_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let columns = [
        column("Na<m>e", ColumnType::Text),
        column("Day", ColumnType::Date),
        column("At", ColumnType::DateTime),
        column("Count", ColumnType::Integer),
        column("Price", ColumnType::Number),
        column("Paid", ColumnType::Boolean),
    ];
    let mut book = Xlsx::new("Orders: [2026]", &columns, folder.path()).unwrap();
    book.row([
        Cell::Text("=1+1 & <b>\"_x0041_\u{7}"),
        Cell::Text("2026-02-28"),
        Cell::Text("2026-02-28T12:00:00Z"),
        Cell::Integer(7),
        Cell::Real(0.1),
        Cell::Integer(1),
    ])
    .unwrap();
    book.row([
        Cell::Null,
        Cell::Text("1850-01-01"),
        Cell::Text("soon"),
        Cell::Integer(i64::MAX),
        Cell::Real(f64::NAN),
        Cell::Integer(0),
    ])
    .unwrap();

    let mut read = Workbook::new(Cursor::new(bytes(book))).unwrap();

    assert_eq!(read.sheet_names(), ["Orders   2026"]);
    let range = read.worksheet_range_at(0).unwrap().unwrap();
    let cell = |row, column| range.get((row, column)).cloned().unwrap_or(Data::Empty);
    assert_eq!(cell(0, 0), Data::String("Na<m>e".into()));
    assert!(matches!(cell(1, 0), Data::String(text) if text.starts_with("=1+1 & <b>\"")));
    assert!(matches!(cell(1, 1), Data::DateTime(day) if (day.as_f64() - 46_081.0).abs() < 1e-9));
    assert!(matches!(cell(1, 2), Data::DateTime(at) if (at.as_f64() - 46_081.5).abs() < 1e-9));
    assert_eq!(cell(1, 3), Data::Float(7.0));
    assert_eq!(cell(1, 4), Data::Float(0.1));
    assert_eq!(cell(1, 5), Data::Bool(true));
    assert_eq!(cell(2, 0), Data::Empty);
    assert_eq!(cell(2, 1), Data::String("1850-01-01".into()));
    assert_eq!(cell(2, 2), Data::String("soon".into()));
    assert_eq!(cell(2, 3), Data::String(i64::MAX.to_string()));
    assert_eq!(cell(2, 4), Data::Empty);
}

#[test]
fn columns_have_the_names_of_excel() {
    for (at, name) in [
        (0, "A"),
        (25, "Z"),
        (26, "AA"),
        (701, "ZZ"),
        (702, "AAA"),
        (16_383, "XFD"),
    ] {
        assert_eq!(letters(at), name);
    }
}

#[test]
fn while_it_grows_it_is_sealed_and_has_no_name() {
    let folder = tempfile::tempdir().unwrap();
    let columns = [column("name", ColumnType::Text)];
    let mut book = Xlsx::new("Orders", &columns, folder.path()).unwrap();
    for n in 0..20_000 {
        book.row([Cell::Text(&format!("canary {n}"))]).unwrap();
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    // It has no name, but the process holds it open.
    let held = fs::read_dir("/proc/self/fd").unwrap().flatten();
    let place = folder.path().to_str().unwrap().to_owned();
    let ours = held.map(|fd| fd.path()).filter(|fd| {
        let target = fs::read_link(fd).unwrap_or_default();
        target.to_string_lossy().starts_with(&place)
    });
    let files: Vec<_> = ours.map(|fd| fs::read(fd).unwrap()).collect();
    assert!(!files.is_empty());
    for file in files {
        assert!(!file.is_empty());
        for mark in [b"sheet1.xml".as_slice(), b"PK\x03\x04", b"canary"] {
            assert!(!file.windows(mark.len()).any(|piece| piece == mark));
        }
    }
}

#[test]
fn a_sheet_ends_where_excel_ends() {
    let folder = tempfile::tempdir().unwrap();
    let many: Vec<_> = (0..16_385).map(|_| column("c", ColumnType::Text)).collect();
    let refused = Xlsx::new("Wide", &many, folder.path());
    assert!(matches!(refused, Err(Error::TooManyColumns)));
    let mut book = Xlsx::new("Long", &many[..1], folder.path()).unwrap();
    book.rows = ROWS;
    assert!(matches!(book.row([Cell::Null]), Err(Error::TooManyRows)));
}
