//! Claims about workbooks of Excel.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::super::sample::{look, refused, rows, types, with};
use super::super::{OnBad, Plan, parts, recognise};
use super::{TAG, announced};
use crate::data::{Cell, Column, ColumnType};
use crate::data::writers;

fn book() -> Vec<u8> {
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("dd.mm.yyyy");
    let moment = Format::new().set_num_format("dd.mm.yyyy hh:mm");
    let sheet = book.add_worksheet().set_name("Orders").unwrap();
    sheet.write_row(1, 0, ["Order", "Day", "Paid at", "Who"]).unwrap();
    for (row, number) in (2..).zip([7.0, 8.5]) {
        let date = ExcelDateTime::from_ymd(2024, 2, 29).unwrap();
        let paid = ExcelDateTime::from_ymd(2024, 3, 1).unwrap().and_hms(13, 5, 0).unwrap();
        sheet.write_number(row, 0, number).unwrap();
        sheet.write_datetime_with_format(row, 1, &date, &day).unwrap();
        sheet.write_datetime_with_format(row, 2, &paid, &moment).unwrap();
    }
    sheet.merge_range(2, 3, 3, 3, "Ada", &Format::new()).unwrap();
    sheet.write_formula(5, 0, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write_formula(6, 0, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    book.add_worksheet().set_name("Empty").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn dates_merged_cells_and_formulas_come_through() {
    with("orders.csv", &book(), |upload| {
        assert_eq!(recognise(upload).unwrap().name(), "xlsx");
        let names: Vec<String> = parts(upload).unwrap().into_iter().map(|part| part.name).collect();
        assert_eq!(names, ["Orders", "Empty"]);
        let findings = look(upload).unwrap();

        assert_eq!(types(&findings), "order number, day date, paid_at datetime, who text");
        assert_eq!(findings.rows, 4);
        assert!(findings.notes[0].contains("1 groups of merged cells, the first in row 3"), "{:?}", findings.notes);
        let (rows, report) = rows(upload, &Plan::of(&findings));
        assert_eq!(rows[0], "3: 7.0 | 2024-02-29 | 2024-03-01T13:05:00 | Ada");
        assert_eq!(rows[1], "4: 8.5 | 2024-02-29 | 2024-03-01T13:05:00 | ·");
        assert_eq!(rows[2], "6: 2.0 | · | · | ·");
        assert_eq!(rows[3], "7: · | · | · | ·");
        assert_eq!(report.changes.named[0].reason, "is the error #DIV/0! of a formula");
    });
}

#[test]
fn what_is_written_reads_back_the_same() {
    let kinds = [
        ("id", ColumnType::Integer),
        ("share", ColumnType::Number),
        ("name", ColumnType::Text),
        ("day", ColumnType::Date),
        ("at", ColumnType::DateTime),
        ("ok", ColumnType::Boolean),
    ];
    let columns = kinds.map(|(name, kind)| Column { name: name.into(), kind: Some(kind) });
    let mut book = writers::Xlsx::new("Rows: all", &columns, &std::env::temp_dir()).unwrap();
    let row = [
        Cell::Integer(1),
        Cell::Real(0.1),
        Cell::Text("=1+1"),
        Cell::Text("2024-02-29"),
        Cell::Text("2024-02-29T23:59:59"),
        Cell::Integer(1),
    ];
    book.row(row).unwrap();
    book.row([Cell::Integer(2), Cell::Real(2.5)]).unwrap();
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut book.finish().unwrap(), &mut out).unwrap();

    with("rows.xlsx", &out, |upload| {
        let findings = look(upload).unwrap();
        assert_eq!(types(&findings), "id integer, share number, name text, day date, at datetime, ok boolean");
        let plan = Plan { on_bad: OnBad::Refuse, ..Plan::of(&findings) };
        let (rows, _) = rows(upload, &plan);
        assert_eq!(rows[0], "2: 1 | 0.1 | =1+1 | 2024-02-29 | 2024-02-29T23:59:59 | 1");
        assert_eq!(rows[1], "3: 2 | 2.5 | · | · | · | ·");
    });
}

#[test]
fn a_zip_of_anything_else_is_refused() {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("readme.txt", zip::write::SimpleFileOptions::default()).unwrap();
    let bytes = zip.finish().unwrap().into_inner();

    assert!(refused("stuff.xlsx", &bytes).contains("neither an Excel nor an OpenDocument workbook"));
    assert!(refused("cut.xlsx", &book()[..2000]).contains("damaged"));
}

#[test]
fn a_workbook_under_a_password_is_told_from_an_old_one() {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));

    assert!(refused("secret.xlsx", &bytes).contains("protected by a password"));
}

#[test]
fn a_list_of_words_that_lies_about_its_length_is_found_out() {
    assert_eq!(announced(br#"<?xml?><sst count="9" uniqueCount="99999999999999999999">"#), u64::MAX);
    assert_eq!(announced(br#"<sst xmlns="x" uniqueCount="12"><si/>"#), 12);
    assert_eq!(announced(&[b' '; TAG]), u64::MAX);
}
