//! Claims about text tables.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::sample::{Endless, look, look_with, refused, rows, types, with};
use super::super::{DateOrder, Decimal, OnBad, Options, Plan, Refusal, Source, Stop, Upload};
use crate::data::{Cell, ColumnType};
use crate::data::readers::{problems, read};
use crate::data::writers;

#[test]
fn a_german_table_needs_no_help() {
    let text = b"Stra\xdfe;Preis;Datum\r\nM\xfchlweg;1.234,50;31.12.2024\r\nK\xf6nigsplatz;0,99;1.2.2025\r\n";

    with("preise.csv", text, |upload| {
        let findings = look(upload).unwrap();

        assert_eq!(findings.options.encoding, "windows-1252");
        assert_eq!(findings.options.delimiter, ';');
        assert_eq!(findings.options.decimal, Decimal::Comma);
        assert_eq!(types(&findings), "strasse text, preis number, datum date");
        let (rows, _) = rows(upload, &Plan::of(&findings));
        assert_eq!(rows, ["2: Mühlweg | 1234.5 | 2024-12-31", "3: Königsplatz | 0.99 | 2025-02-01"]);
    });
}

#[test]
fn a_line_break_in_quotes_stays_in_its_cell() {
    let text = "\u{feff}id,note\n1,\"two\nlines\"\n\n2,\"say \"\"hi\"\"\"\n";

    with("notes.csv", text.as_bytes(), |upload| {
        let findings = look(upload).unwrap();

        assert_eq!(findings.columns[0].heading, "id");
        let (rows, _) = rows(upload, &Plan::of(&findings));
        assert_eq!(rows, ["2: 1 | two\nlines", "5: 2 | say \"hi\""]);
    });
}

#[test]
fn lines_are_numbered_the_same_with_windows_endings() {
    let text = b"id,note\r\n1,\"two\r\nlines\"\r\n2,b\r\n\r\n3,c";

    with("notes.csv", text, |upload| {
        let (rows, _) = rows(upload, &Plan::of(&look(upload).unwrap()));

        let starts: Vec<&str> = rows.iter().map(|row| row.split(':').next().unwrap()).collect();
        assert_eq!(starts, ["2", "4", "6"]);
    });
}

#[test]
fn utf_16_is_read_with_and_without_its_mark() {
    let text = "name\tage\nÅsa\t41\nZoë\t7\n";
    for (mark, big) in [(true, false), (true, true), (false, false)] {
        let marked = if mark { format!("\u{feff}{text}") } else { text.into() };
        let units = marked.encode_utf16();
        let bytes: Vec<u8> = if big {
            units.flat_map(u16::to_be_bytes).collect()
        } else {
            units.flat_map(u16::to_le_bytes).collect()
        };

        with("people.txt", &bytes, |upload| {
            let findings = look(upload).unwrap();
            assert_eq!(types(&findings), "name text, age integer");
            assert_eq!(findings.columns[0].samples, ["Åsa", "Zoë"]);
        });
    }
}

#[test]
fn what_is_no_table_is_refused_with_a_way_out() {
    assert!(refused("empty.csv", b"").contains("the file is empty"));
    assert!(refused("photo.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0").contains("no text"));
    assert!(refused("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more").contains("save it as .xlsx"));
    assert!(refused("data.db", b"\x01\x02\0\x04garbage").contains("not a SQLite database"));
    let late = [b"a,b\n".repeat(30_000), b"1,\0\n".to_vec()].concat();
    assert!(refused("late.csv", &late).contains("byte 120,003 of the file is zero"));
}

#[test]
fn a_line_without_end_is_refused_after_a_megabyte_or_so() {
    let read = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&read);
    let open = move || -> io::Result<Box<dyn Source>> {
        let read = Arc::clone(&counter);
        Ok(Box::new(Endless { len: 2 << 30, at: 0, read }))
    };
    let upload = Upload { name: "long.csv", len: 2 << 30, open: &open, path: None };

    let refusal = look(&upload).unwrap_err().to_string();
    assert!(refusal.contains("line 1, byte 1, is longer than 1 MiB"), "{refusal}");
    let parsed = look_with(&upload, "rows", &Options::default()).unwrap_err().to_string();
    assert!(parsed.contains("line 1, byte"), "{parsed}");
    assert!(read.load(Ordering::Relaxed) < 4 << 20);
}

#[test]
fn a_quotation_mark_left_open_is_found_out() {
    let text = [b"a,b\n1,\"oh\n".to_vec(), b"1,2\n".repeat(400_000)].concat();

    let refusal = refused("open.csv", &text);

    assert!(refusal.contains("quotation mark left open"), "{refusal}");
}

#[test]
fn rows_too_long_or_too_short_are_named() {
    let text = b"a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,\n";

    with("ragged.csv", text, |upload| {
        let findings = look(upload).unwrap();
        let lines: Vec<(u64, usize)> = findings.ragged.iter().map(|ragged| (ragged.line, ragged.cells)).collect();
        assert_eq!(lines, [(3, 2), (4, 4)]);

        let plan = Plan { on_bad: OnBad::SkipRow, ..Plan::of(&findings) };
        let (rows, report) = rows(upload, &plan);
        assert_eq!(rows, ["2: 1 | 2 | 3", "3: 1 | 2 | ·", "5: 1 | 2 | 3"]);
        assert_eq!((report.skipped, report.short), (1, 1));
    });
}

#[test]
fn words_for_nothing_count_as_missing_and_codes_as_text() {
    let text = b"id,zip,delay,time,ok\n1,007,NA,2013-01-01T10:00:00Z,yes\n2,10115,-5,2013-01-01 11:00:00+01:00,no\n3,,12,NA,NULL\n";

    with("flights.csv", text, |upload| {
        let findings = look(upload).unwrap();

        assert_eq!(types(&findings), "id integer, zip text, delay integer, time datetime, ok boolean");
        let delay = &findings.columns[2];
        assert_eq!((delay.missing, delay.empty, delay.counts.integer), (1, 0, 2));
        assert!(findings.columns[0].increasing && !delay.increasing);
        let (rows, _) = rows(upload, &Plan::of(&findings));
        assert_eq!(rows[0], "2: 1 | 007 | · | 2013-01-01T10:00:00Z | 1");
        assert_eq!(rows[1], "3: 2 | 10115 | -5 | 2013-01-01T10:00:00Z | 0");
        assert_eq!(rows[2], "4: 3 | · | 12 | · | ·");
    });
}

#[test]
fn the_whole_column_decides_the_order_of_day_and_month() {
    let decided = |column: &str| {
        let text = format!("id,when\n{column}");
        with("dates.csv", text.as_bytes(), |upload| {
            let findings = look(upload).unwrap();
            let when = &findings.columns[1];
            (when.kind, when.dates, when.ambiguous_dates)
        })
    };

    assert_eq!(decided("1,03/04/2024\n2,13/04/2024\n"), (ColumnType::Date, Some(DateOrder::Dmy), false));
    assert_eq!(decided("1,03/04/2024\n2,04/13/2024\n"), (ColumnType::Date, Some(DateOrder::Mdy), false));
    assert_eq!(decided("1,03/04/2024\n2,05/06/2024\n"), (ColumnType::Date, Some(DateOrder::Dmy), true));
    assert_eq!(decided("1,13/04/2024\n2,04/13/2024\n"), (ColumnType::Text, None, false));
    assert_eq!(decided("1,2024-04-03\n2,2024-05-06\n"), (ColumnType::Date, Some(DateOrder::Ymd), false));
}

#[test]
fn a_column_no_type_fits_is_text() {
    let text = b"a,b,c\n1,1,0\n2.5,x,1\n,3,1\n";

    with("mixed.csv", text, |upload| {
        let findings = look(upload).unwrap();

        assert_eq!(types(&findings), "a number, b text, c integer");
        assert_eq!(findings.columns[1].counts.fitting(ColumnType::Integer), 2);
        assert_eq!(findings.columns[1].distinct.as_ref().unwrap().len(), 3);
    });
}

#[test]
fn a_table_without_heading_gets_names() {
    with("bare.csv", b"1,Ada\n2,Bob\n", |upload| {
        let findings = look(upload).unwrap();

        assert!(!findings.options.header);
        assert_eq!(findings.rows, 2);
        assert_eq!(types(&findings), "column_1 integer, column_2 text");
    });
    with("twice.csv", b"Name,name,\na,b,1\n", |upload| {
        let options = Options::default();
        let findings = look_with(upload, "rows", &options).unwrap();
        assert_eq!(types(&findings), "name text, name_2 text, column_3 integer");
    });
}

#[test]
fn a_bad_value_is_refused_emptied_or_left_out_as_planned() {
    let text = b"id,price\n1,2.5\n2,cheap\n3,4\n";
    with("prices.csv", text, |upload| {
        let mut plan = Plan::of(&look(upload).unwrap());
        plan.columns[1].kind = ColumnType::Number;

        let found = problems(upload, "rows", &plan, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!((found.total, found.rows), (1, 1));
        assert_eq!((found.named[0].line, found.named[0].value.as_str()), (3, "cheap"));

        let refusal = read(upload, "rows", &plan, &mut |_| ControlFlow::Continue(())).unwrap_err();
        assert!(refusal.to_string().starts_with("line 3, column price: “cheap” is not a number"));

        plan.on_bad = OnBad::Empty;
        assert_eq!(rows(upload, &plan).0, ["2: 1 | 2.5", "3: 2 | ·", "4: 3 | 4.0"]);

        plan.on_bad = OnBad::SkipRow;
        plan.columns[0].skip = true;
        let (rows, report) = rows(upload, &plan);
        assert_eq!(rows, ["2: 2.5", "4: 4.0"]);
        assert_eq!((report.rows, report.skipped, report.changes.total), (2, 1, 1));
    });
}

#[test]
fn whoever_reads_may_stop() {
    with("ids.csv", b"id,x\n1,a\n2,b\n3,c\n", |upload| {
        let plan = Plan::of(&look(upload).unwrap());

        let report = read(upload, "rows", &plan, &mut |_| ControlFlow::Break(Stop)).unwrap();

        assert!(report.stopped);
        assert_eq!(report.rows, 1);
    });
    let long = [b"id,x\n".to_vec(), b"1,a\n".repeat(5000)].concat();
    with("ids.csv", &long, |upload| {
        let stopped = super::super::scan(upload, "rows", &Options::default(), &mut |_| ControlFlow::Break(()));
        assert_eq!(stopped, Err(Refusal::Stopped));
    });
}

/// Numbers that look random and are the same each time.
fn dice() -> impl FnMut(u64) -> u64 {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    move |sides| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % sides
    }
}

#[test]
fn what_is_written_reads_back_the_same() {
    let mut roll = dice();
    let letters = ["a", "é", "\"", ",", "\n", "\r\n", ";", " ", "'", "日", "7", "\t"];
    let mut kept: Vec<(i64, f64, String, bool)> = Vec::new();
    for _ in 0..500 {
        let length = roll(8);
        let word: String = (0..length)
            .map(|_| letters[usize::try_from(roll(12)).unwrap()])
            .collect();
        let integer = i64::from_ne_bytes(roll(u64::MAX).to_ne_bytes());
        let real = f64::from_bits(roll(0x7fef_ffff_ffff_ffff));
        kept.push((integer, real, format!("x{word}x"), roll(2) == 1));
    }
    let csv = writers::Csv::default();
    let mut out = Vec::new();
    csv.heading(["i", "r", "t", "b"], &mut out);
    for (integer, real, text, missing) in &kept {
        let last = if *missing { Cell::Null } else { Cell::Text("2024-02-29") };
        csv.row([Cell::Integer(*integer), Cell::Real(*real), Cell::Text(text), last], &mut out);
    }

    with("back.csv", &out, |upload| {
        let findings = look(upload).unwrap();
        assert_eq!(types(&findings), "i integer, r number, t text, b date");
        let mut expected = kept.iter();
        read(upload, "rows", &Plan::of(&findings), &mut |line| {
            let (integer, real, text, missing) = expected.next().unwrap();
            let last = if *missing { Cell::Null } else { Cell::Text("2024-02-29") };
            assert_eq!(line.cells, [Cell::Integer(*integer), Cell::Real(*real), Cell::Text(text), last]);
            ControlFlow::Continue(())
        })
        .unwrap();
        assert!(expected.next().is_none());
    });
}
