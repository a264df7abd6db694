//! Claims about `OpenDocument` workbooks.

use std::io::{Cursor, Write};

use super::super::sample::{look, refused, rows, types, with};
use super::super::{OnBad, Plan, parts, recognise};

fn book(content: &str, manifest: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let files = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", content),
    ];
    for (name, text) in files {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const PEOPLE: &str = r#"<office:document-content><table:table table:name="People">
<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Born</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Size</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>In</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string" table:number-columns-spanned="1"><office:annotation><text:p>no</text:p></office:annotation><text:p>Tom &amp; Ada</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="1990-05-01"><text:p>1.5.90</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1.75"><text:p>1,75</text:p></table:table-cell><table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>WAHR</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16000"/></table:table-row>
<table:table-row><table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>Bob</text:p></table:table-cell><table:covered-table-cell/><table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table><table:table table:name="Other"/></office:document-content>"#;

#[test]
fn a_sheet_is_read_with_its_types() {
    with("people.ods", &book(PEOPLE, ""), |upload| {
        assert_eq!(recognise(upload).unwrap().name(), "ods");
        assert_eq!(parts(upload).unwrap().len(), 2);
        let findings = look(upload).unwrap();

        assert_eq!(types(&findings), "name text, born date, size number, in boolean");
        assert!(findings.notes[0].contains("1 groups of merged cells, the first in row 7"), "{:?}", findings.notes);
        let plan = Plan { on_bad: OnBad::Refuse, ..Plan::of(&findings) };
        let (rows, _) = rows(upload, &plan);
        assert_eq!(rows, [
            "5: Tom & Ada | 1990-05-01 | 1.75 | 1",
            "6: Tom & Ada | 1990-05-01 | 1.75 | 1",
            "7: Bob | · | · | ·",
        ]);
    });
}

#[test]
fn a_workbook_under_a_password_is_refused() {
    let bytes = book("", "<manifest:encryption-data/>");

    assert!(refused("secret.ods", &bytes).contains("protected by a password"));
}

#[test]
fn a_cell_that_never_ends_is_refused() {
    let content = format!(
        r#"<table:table table:name="A"><table:table-row><table:table-cell><text:p>{}"#,
        "x".repeat(3 << 20)
    );
    assert!(refused("long.ods", &book(&content, "")).contains("1 MiB"));
}
