//! Questionnaires of others: every row is accounted for, nothing panics, and what
//! comes out can be read.

mod carried;
mod chance;
mod collection;
mod limesurvey;
mod reference;
mod untidy;

use onsight::surveys::format::Survey;
use onsight::surveys::intake::{Converted, Nothing, convert};
use rust_xlsxwriter::Workbook;

/// A workbook of texts.
fn form(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| !cell.is_empty())
            {
                let (row, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

fn converted(sheets: &[(&str, &[&[&str]])]) -> (Converted, Survey) {
    let converted = convert(&form(sheets), "form.xlsx", &Nothing).unwrap();
    let survey = read(&converted);
    (converted, survey)
}

fn read(converted: &Converted) -> Survey {
    Survey::read(&converted.text)
        .unwrap_or_else(|problems| panic!("{problems:?}\n{}", converted.text))
}

/// The notes and refusals of a row.
fn said(converted: &Converted, place: &str) -> String {
    let mut lines = converted.account.lines().iter();
    let line = lines.find(|line| line.place.to_string() == place);
    line.unwrap_or_else(|| panic!("no row {place} in\n{}", converted.account))
        .to_string()
}

const YES_NO: &[&[&str]] = &[
    &[
        "list_name",
        "name",
        "label::English (en)",
        "label::Français (fr)",
    ],
    &["yes_no", "yes", "Yes", "Oui"],
    &["yes_no", "no", "No", "Non"],
];
