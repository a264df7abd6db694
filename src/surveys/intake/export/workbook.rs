//! A small workbook of texts, in memory.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::Row;

pub(super) struct Sheet {
    name: &'static str,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// The columns in that order, further ones after them as they come; columns that
    /// say nothing are left out.
    pub(super) fn new(name: &'static str, order: &[&str], rows: &[Row]) -> Sheet {
        let mut heads: Vec<&str> = Vec::new();
        for (head, _) in rows.iter().flatten() {
            if !heads.contains(&head.as_str()) {
                heads.push(head);
            }
        }
        let place = |head: &str| {
            let base = head.split("::").next().unwrap_or(head);
            order
                .iter()
                .position(|known| *known == base)
                .unwrap_or(order.len())
        };
        heads.sort_by_key(|head| place(head));
        let cell = |row: &Row, head: &str| {
            let found = row.iter().find(|(known, _)| known == head);
            found.map_or(String::new(), |(_, cell)| cell.clone())
        };
        let mut all = vec![heads.iter().map(|head| (*head).to_owned()).collect()];
        all.extend(
            rows.iter()
                .map(|row| heads.iter().map(|head| cell(row, head)).collect()),
        );
        Sheet { name, rows: all }
    }
}

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Writing to memory fails only where there is none left; the workbook is empty then.
pub(super) fn bytes(sheets: &[Sheet]) -> Vec<u8> {
    packed(sheets).unwrap_or_default()
}

fn packed(sheets: &[Sheet]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut put = |name: &str, text: &str| -> zip::result::ZipResult<()> {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
        Ok(())
    };
    put("[Content_Types].xml", TYPES)?;
    put("_rels/.rels", ROOT)?;
    let (mut book, mut links) = (String::new(), String::new());
    for (at, sheet) in sheets.iter().enumerate() {
        let number = at + 1;
        let name = sheet.name;
        book.push_str(&format!(
            r#"<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>"#
        ));
        links.push_str(&format!(
            r#"<Relationship Id="r{number}" Type="{LINKS}/worksheet" Target="worksheets/sheet{number}.xml"/>"#
        ));
        put(
            &format!("xl/worksheets/sheet{number}.xml"),
            &sheet_xml(sheet),
        )?;
    }
    put(
        "xl/workbook.xml",
        &format!(
            r#"<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{book}</sheets></workbook>"#
        ),
    )?;
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    put(
        "xl/_rels/workbook.xml.rels",
        &format!(r#"<Relationships xmlns="{package}">{links}</Relationships>"#),
    )?;
    Ok(zip.finish()?.into_inner())
}

fn sheet_xml(sheet: &Sheet) -> String {
    let mut xml = format!(r#"<worksheet xmlns="{MAIN}"><sheetData>"#);
    for (at, row) in sheet.rows.iter().enumerate() {
        xml.push_str(&format!(r#"<row r="{}">"#, at + 1));
        for (column, text) in row.iter().enumerate() {
            if !text.is_empty() {
                let reference = format!("{}{}", letters(column), at + 1);
                let text = escaped(text);
                xml.push_str(&format!(
                    r#"<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#
                ));
            }
        }
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData></worksheet>");
    xml
}

/// `A` to `Z`, `AA` and on.
fn letters(column: usize) -> String {
    let mut left = column + 1;
    let mut letters = String::new();
    while left > 0 {
        left -= 1;
        let letter = u8::try_from(left % 26).unwrap_or_default();
        letters.insert(0, char::from(b'A' + letter));
        left /= 26;
    }
    letters
}

/// Without the signs XML cannot hold.
fn escaped(text: &str) -> String {
    let is_sayable = |c: &char| *c >= ' ' || matches!(c, '\n' | '\t');
    let mut out = String::new();
    for letter in text.chars().filter(is_sayable) {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            other => out.push(other),
        }
    }
    out
}
