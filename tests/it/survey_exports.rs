//! What leaves is opened by readers that are not ours, and says what went in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use onsight::base::Time;
use onsight::surveys::exports::{Job, of};
use onsight::surveys::map::{Code, DataMap, Datum, Kind, Labels, Variable};
use serde_json::Value;
use tempfile::TempDir;

use crate::companion::python;

/// What a reader that is not ours finds in a file.
fn found(kind: &str, file: &Path, more: &[&Path]) -> Value {
    let python = python("ONSIGHT_READERS", "readers-3");
    let output = Command::new(&python)
        .args(["tests/it/survey_exports/read.py", kind])
        .arg(file)
        .args(more)
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}; `tests/run` makes it", python.display()));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{kind}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn both(en: &str, de: &str) -> Labels {
    Labels::new([("en".into(), en.into()), ("de".into(), de.into())])
}

fn single(name: &str, codes: &[(i64, &str, bool)]) -> Variable {
    let codes = codes.iter().map(|(code, label, is_unknown)| Code {
        code: *code,
        label: both(label, &format!("{label} (de)")),
        is_unknown: *is_unknown,
    });
    variable(name, Kind::Single).coded(codes.collect())
}

fn variable(name: &str, kind: Kind) -> Variable {
    let question = both(&format!("What of {name}?"), &format!("Was ist {name}?"));
    Variable::new(name, name, kind, question)
}

fn brand(name: &str, label: &str) -> Variable {
    Variable::new(
        "brands",
        name,
        Kind::Flag,
        both("Which brands?", "Welche Marken?"),
    )
    .labelled(both(label, label))
    .of_set("brands")
}

fn map() -> DataMap {
    DataMap {
        title: both("Cereals: \"first\" wave & more", "Cerealien"),
        langs: vec!["en".into(), "de".into()],
        variables: vec![
            Variable {
                lowest: Some(1.0),
                ..variable("number", Kind::Number { decimals: 0 })
            },
            single(
                "gender",
                &[
                    (1, "Male", false),
                    (2, "Female", false),
                    (9, "No answer", true),
                ],
            ),
            single(
                "trust",
                &[
                    (-1, "Below", false),
                    (1, "None", false),
                    (98, "Don't know", true),
                    (99, "Refused", true),
                ],
            ),
            brand("brands_1", "Crunch & Co"),
            brand("brands_2", "O'Flakes"),
            brand("brands_3", "=SUM(A1)"),
            Variable {
                lowest: Some(16.0),
                ..variable("age", Kind::Number { decimals: 0 })
            },
            variable("balance", Kind::Number { decimals: 2 }),
            variable("story", Kind::Text),
            variable("born", Kind::Date),
            variable("woke", Kind::Time),
            variable("seen", Kind::DateTime),
            Variable {
                turn: Some(1),
                ..variable("cereal_1", Kind::Text)
            },
        ],
        ..DataMap::default()
    }
}

/// Texts that broke somebody's export once.
fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        "plain",
        "say \"hi\", then; go",
        "two\nlines\r\nthree",
        "=1+1",
        "+49 30 1234",
        "@SUM(A1)",
        "-cmd|' /C calc'!A0",
        "\tindented",
        "🦀 crab, 漢字, العربية, e\u{301}",
        "null",
        "<b>&amp;</b> ]]>",
        "'quoted'",
        "back\\slash",
        "a, b, c",
    ]
    .map(str::to_owned)
    .into();
    texts.push("x".repeat(255));
    texts.push("y".repeat(256));
    texts.push("é".repeat(300));
    texts.push("🦀".repeat(10_000));
    texts.push("0123456789".repeat(4_000));
    texts
}

/// The same people each time; every kind of missing comes at every variable.
fn people(map: &DataMap, count: u32) -> Vec<Vec<Datum>> {
    let texts = hostile();
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % u64::try_from(below).unwrap()).unwrap()
    };
    let real = |number: usize| f64::from(u32::try_from(number).unwrap());
    (1..=count)
        .map(|serial| {
            let brands = next(5);
            let variables = map.variables.iter().enumerate();
            variables
                .map(|(at, variable)| {
                    let chance = if variable.set.is_some() {
                        brands
                    } else {
                        next(8)
                    };
                    match (at, chance) {
                        (0, _) => return Datum::Number(f64::from(serial)),
                        (_, 0) => return Datum::NotAsked,
                        (_, 1) => return Datum::NotAnswered,
                        _ => {}
                    }
                    match variable.kind {
                        Kind::Single => {
                            let code = &variable.codes[next(variable.codes.len())];
                            Datum::Number(f64::from(i32::try_from(code.code).unwrap()))
                        }
                        Kind::Flag => Datum::Number(real(next(2))),
                        Kind::Number { decimals: 0 } => Datum::Number(16.0 + real(next(400))),
                        Kind::Number { .. } => Datum::Number(real(next(2_000)) / 8.0 - 125.0),
                        Kind::Date => Datum::Text(format!(
                            "19{}-0{}-2{}",
                            30 + next(69),
                            1 + next(9),
                            next(9)
                        )),
                        Kind::Time => Datum::Text(format!("{:02}:{:02}:00", next(24), next(60))),
                        Kind::DateTime => Datum::Text(format!(
                            "2026-11-{:02}T{:02}:30:{:02}Z",
                            1 + next(30),
                            next(24),
                            next(60)
                        )),
                        Kind::Text | Kind::File => {
                            let first = usize::try_from(serial).unwrap() - 1;
                            let at = if first < texts.len() { first } else { next(15) };
                            Datum::Text(texts[at].clone())
                        }
                    }
                })
                .collect()
        })
        .collect()
}

struct Written {
    map: DataMap,
    people: Vec<Vec<Datum>>,
    folder: TempDir,
}

impl Written {
    fn new(count: u32) -> Written {
        let map = map();
        Written {
            people: people(&map, count),
            map,
            folder: TempDir::new().unwrap(),
        }
    }

    /// The file of that kind.
    fn file(&self, format: &str) -> PathBuf {
        let job = Job {
            map: &self.map,
            lang: "en",
            stem: "study",
            now: Time(1_800_000_000_000),
            folder: self.folder.path(),
        };
        let path = self.folder.path().join(format);
        let mut out = fs::File::create(&path).unwrap();
        let mut people = self.people.clone();
        of(format)
            .unwrap()
            .write(&job, &mut people, &mut out)
            .unwrap();
        path
    }

    fn column(&self, name: &str) -> (&Variable, Vec<&Datum>) {
        let at = self
            .map
            .variables
            .iter()
            .position(|each| each.name == name)
            .unwrap();
        let column = self.people.iter().map(|record| &record[at]);
        (&self.map.variables[at], column.collect())
    }
}

/// How often each word is in a column.
fn tally(words: impl IntoIterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

/// A number as our files and Python's `str` of a whole number write it.
fn number(number: f64) -> String {
    format!("{number}")
}

/// A text as SPSS has it: no spaces at its end, no more than 32,767 bytes.
fn in_spss(text: &str) -> String {
    let mut end = text.len().min(32_767);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].trim_end_matches(' ').to_owned()
}

#[test]
fn spss_data_is_what_pyreadstat_finds() {
    let written = Written::new(400);

    let sav = found("sav", &written.file("sav"), &[]);

    assert_eq!(
        (&sav["rows"], &sav["encoding"]),
        (&400.into(), &"UTF-8".into())
    );
    let names: Vec<_> = written
        .map
        .variables
        .iter()
        .map(|each| each.name.as_str())
        .collect();
    assert_eq!(sav["names"], serde_json::json!(names));
    assert_eq!(sav["labels"]["brands_3"], "Which brands?: =SUM(A1)");
    assert_eq!(sav["labels"]["cereal_1"], "What of cereal_1? (1)");
    assert_eq!(sav["values"]["gender"]["2"], "Female");
    assert_eq!(sav["values"]["gender"]["-7"], "Not asked");
    assert_eq!(sav["values"]["age"]["-9"], "Not answered");
    assert_eq!(sav["values"]["brands_1"]["1"], "Chosen");
    assert_eq!(sav["measures"]["gender"], "nominal");
    assert_eq!(sav["measures"]["age"], "scale");
    let one = |code: f64| serde_json::json!([code, code]);
    assert_eq!(
        sav["missing"]["gender"],
        serde_json::json!([one(-7.0), one(-9.0), one(9.0)])
    );
    assert_eq!(
        sav["missing"]["trust"],
        serde_json::json!([[-9.0, -7.0], one(98.0)])
    );
    assert_eq!(
        sav["sets"]["brands"]["variable_list"],
        serde_json::json!(["brands_1", "brands_2", "brands_3"])
    );
    for variable in &written.map.variables {
        holds(&written, &sav, variable);
    }
}

/// The column of that variable is what was written, and as much of it is valid.
fn holds(written: &Written, sav: &Value, variable: &Variable) {
    let (_, column) = written.column(&variable.name);
    let missing = variable.missing();
    let (not_asked, not_answered) = (missing.not_asked, missing.not_answered);
    let data = sav["data"][&variable.name].as_array().unwrap();
    let is_moment = matches!(variable.kind, Kind::Date | Kind::Time | Kind::DateTime);
    for (datum, cell) in column.iter().zip(data) {
        match datum {
            // A moment that is missing is a moment of 1582 for this reader.
            Datum::NotAsked | Datum::NotAnswered if is_moment => {}
            Datum::NotAsked if variable.kind == Kind::Text => assert_eq!(cell, ""),
            Datum::NotAnswered if variable.kind == Kind::Text => {
                assert_eq!(cell, &not_answered.to_string());
            }
            Datum::NotAsked => assert_eq!(cell.as_f64(), Some(real(not_asked))),
            Datum::NotAnswered => assert_eq!(cell.as_f64(), Some(real(not_answered))),
            Datum::Number(number) => {
                assert_eq!(cell.as_f64(), Some(*number), "{}", variable.name);
            }
            Datum::Text(text) if is_moment => {
                assert_eq!(
                    cell.as_str().unwrap(),
                    text.trim_end_matches('Z'),
                    "{}",
                    variable.name
                );
            }
            Datum::Text(text) => assert_eq!(cell.as_str().unwrap(), in_spss(text)),
        }
    }
    // What is declared missing is missing: the rest is what was answered.
    let codes = [98.0, 9.0];
    let is_missing = |datum: &&&Datum| match datum {
        Datum::NotAsked | Datum::NotAnswered => true,
        Datum::Number(number) => variable.kind == Kind::Single && codes.contains(number),
        Datum::Text(_) => false,
    };
    let valid = column.iter().filter(|datum| !is_missing(datum)).count();
    if variable.kind != Kind::Text {
        assert_eq!(sav["valid"][&variable.name], valid, "{}", variable.name);
    }
}

#[expect(clippy::cast_precision_loss, reason = "codes are small")]
fn real(code: i64) -> f64 {
    code as f64
}

/// Runs PSPP on syntax in a folder; gives what it wrote.
fn pspp(folder: &Path, syntax: &str) -> String {
    let file = folder.join("run.sps");
    fs::write(&file, syntax).unwrap();
    let output = Command::new("pspp")
        .current_dir(folder)
        .args(["--no-statrc", "-O", "format=csv", "run.sps"])
        .output()
        .unwrap_or_else(|error| panic!("pspp: {error}; `tests/run` installs it"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{said}");
    assert!(
        !text.contains("warning:") && !text.contains("error:"),
        "{text}{said}"
    );
    text
}

/// The counts of PSPP's table of a variable, by the label of the value.
fn frequencies(text: &str, name: &str) -> BTreeMap<String, usize> {
    let heading = format!("What of {name}?");
    let from = text
        .lines()
        .skip_while(|line| !(line.starts_with("Table: ") && line.contains(&heading)))
        .skip(2);
    let mut counts = BTreeMap::new();
    for line in from.take_while(|line| !line.is_empty()) {
        let cells: Vec<_> = line.split(',').collect();
        let label = if cells[1].is_empty() {
            cells[0]
        } else {
            cells[1]
        };
        if let Ok(count) = cells[2].parse() {
            counts.insert(label.trim().to_owned(), count);
        }
    }
    counts
}

/// The labels of a single question with how often each was given.
fn labels_of(written: &Written, name: &str) -> BTreeMap<String, usize> {
    let (variable, column) = written.column(name);
    tally(column.iter().map(|datum| match datum {
        Datum::NotAsked => "Not asked".to_owned(),
        Datum::NotAnswered => "Not answered".to_owned(),
        Datum::Number(number) => {
            let code = variable
                .codes
                .iter()
                .find(|code| (real(code.code) - *number).abs() < 0.5);
            code.unwrap().label.text("en").to_owned()
        }
        Datum::Text(text) => text.clone(),
    }))
}

#[test]
fn pspp_counts_the_same_from_the_file_and_from_the_syntax() {
    let written = Written::new(300);
    let folder = TempDir::new().unwrap();
    fs::copy(written.file("sav"), folder.path().join("study.sav")).unwrap();
    let names = found("unpack", &written.file("sps"), &[folder.path()]);
    assert_eq!(
        names["names"],
        serde_json::json!(["study.sps", "study.dat"])
    );
    let ask = "FREQUENCIES gender trust.\nDESCRIPTIVES age balance /STATISTICS=MEAN MINIMUM MAXIMUM.\nMRSETS /DISPLAY NAME=ALL.\n";

    let of_file = pspp(folder.path(), &format!("GET FILE='study.sav'.\n{ask}"));
    let of_syntax = pspp(folder.path(), &format!("INCLUDE 'study.sps'.\n{ask}"));

    for text in [&of_file, &of_syntax] {
        for name in ["gender", "trust"] {
            let mut counts = frequencies(text, name);
            counts.remove("Total");
            assert_eq!(counts, labels_of(&written, name), "{text}");
        }
        assert!(text.contains("brands_1"), "{text}");
    }
    let table = |text: &str| {
        let at = text.find("Descriptive Statistics").unwrap();
        text[at..].split("\n\n").next().unwrap().to_owned()
    };
    assert_eq!(table(&of_file), table(&of_syntax));
    let (_, ages) = written.column("age");
    let ages: Vec<f64> = ages
        .iter()
        .filter_map(|datum| match datum {
            Datum::Number(number) => Some(*number),
            _ => None,
        })
        .collect();
    let mean = ages.iter().sum::<f64>() / f64::from(u32::try_from(ages.len()).unwrap());
    let line = table(&of_file);
    let line = line.lines().find(|line| line.contains("age?")).unwrap();
    let cells: Vec<_> = line.split(',').collect();
    assert_eq!(cells[1], ages.len().to_string(), "{line}");
    assert_eq!(cells[2], format!("{mean:.2}"), "{line}");
}

#[test]
fn spreadsheets_hold_what_was_said_and_compute_nothing() {
    let written = Written::new(200);

    for (format, is_label) in [("xlsx", true), ("xlsx-codes", false)] {
        let book = found("xlsx", &written.file(format), &[]);
        assert!(
            !book["kinds"].as_array().unwrap().contains(&"f".into()),
            "{format}"
        );
        let rows = book["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 201);
        assert_eq!(rows[0][1], "gender");
        for (row, record) in rows[1..].iter().zip(&written.people) {
            let wanted = match (&record[1], is_label) {
                (Datum::NotAsked, _) => Value::Null,
                (Datum::NotAnswered, true) => "Not answered".into(),
                (Datum::NotAnswered, false) => (-9).into(),
                (Datum::Number(code), true) => match *code {
                    1.0 => "Male".into(),
                    2.0 => "Female".into(),
                    _ => "No answer".into(),
                },
                (Datum::Number(code), false) => {
                    serde_json::json!(number(*code).parse::<i64>().unwrap())
                }
                (Datum::Text(_), _) => unreachable!(),
            };
            assert_eq!(row[1], wanted);
            if let Datum::Text(text) = &record[8]
                && text.len() < 30_000
                && !text.is_empty()
            {
                // openpyxl has one way to end a line.
                let found = row[8].as_str().unwrap().replace("_x000D_", "\r");
                assert_eq!(found, *text);
            }
        }
    }
}

#[test]
fn a_csv_reads_back_and_its_formulas_are_disarmed() {
    let written = Written::new(200);
    let rows = found("csv", &written.file("csv"), &[])["rows"].clone();
    let labels = found("csv", &written.file("csv-labels"), &[])["rows"].clone();
    let long = found("csv", &written.file("csv-long"), &[])["rows"].clone();

    let safe = |text: &str| {
        let starts = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        if starts {
            format!("'{text}")
        } else {
            text.to_owned()
        }
    };
    for (at, record) in written.people.iter().enumerate() {
        let row = &rows[at + 1];
        for (place, datum) in record.iter().enumerate() {
            let variable = &written.map.variables[place];
            let wanted = match datum {
                Datum::NotAsked => String::new(),
                Datum::NotAnswered => variable.missing().not_answered.to_string(),
                Datum::Number(value) => number(*value),
                Datum::Text(text) => safe(text),
            };
            assert_eq!(row[place], *wanted, "{} of {at}", variable.name);
        }
    }
    let column = (1..=200).map(|at| labels[at][1].as_str().unwrap().to_owned());
    let mut counts = tally(column);
    counts.insert("Not asked".into(), counts[""]);
    counts.remove("");
    assert_eq!(counts, labels_of(&written, "gender"));
    let asked = written
        .people
        .iter()
        .flatten()
        .filter(|datum| **datum != Datum::NotAsked)
        .count();
    assert_eq!(long.as_array().unwrap().len() - 1, asked);
    let states = long.as_array().unwrap()[1..]
        .iter()
        .map(|row| row[4].as_str().unwrap().to_owned());
    let states = tally(states);
    let unknown = ["gender", "trust"].into_iter().flat_map(|name| {
        let (variable, column) = written.column(name);
        column.into_iter().filter(move |datum| match datum {
            Datum::Number(number) => variable
                .codes
                .iter()
                .any(|code| code.is_unknown && (real(code.code) - *number).abs() < 0.5),
            _ => false,
        })
    });
    assert_eq!(states["don't know"], unknown.count());
    let left = written
        .people
        .iter()
        .flatten()
        .filter(|datum| **datum == Datum::NotAnswered)
        .count();
    assert_eq!(states["not answered"], left);
}

#[test]
fn triple_s_is_what_a_reader_of_its_standard_finds() {
    let written = Written::new(200);

    let triple_s = found("triple-s", &written.file("triple-s"), &[]);

    assert_eq!(triple_s["rows"], 200);
    assert_eq!(triple_s["title"]["de"], "Cerealien");
    let variables = triple_s["variables"].as_array().unwrap();
    let named = |name: &str| variables.iter().find(|each| each["name"] == name).unwrap();
    let gender = named("gender");
    assert_eq!(gender["label"]["de"], "Was ist gender?");
    let counted =
        tally(
            gender["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|code| match code.as_str().unwrap() {
                    "" => "Not asked".to_owned(),
                    code => match &gender["codes"][code] {
                        Value::String(label) => label.clone(),
                        labels => labels["en"].as_str().unwrap().to_owned(),
                    },
                }),
        );
    assert_eq!(counted, labels_of(&written, "gender"));
    let brands = named("brands");
    assert_eq!(
        (&brands["type"], &brands["codes"]["1"]["en"]),
        (&"multiple".into(), &"Crunch & Co".into())
    );
    for (place, name) in [(0, "brands_1"), (1, "brands_2"), (2, "brands_3")] {
        let (_, column) = written.column(name);
        let chosen = column
            .iter()
            .filter(|datum| ***datum == Datum::Number(1.0))
            .count();
        let marks = brands["data"].as_array().unwrap().iter();
        let marks =
            marks.filter(|each| each.as_str().unwrap().as_bytes().get(place) == Some(&b'1'));
        assert_eq!(marks.count(), chosen);
    }
    let asked = tally(
        named("story_asked")["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(Value::to_string),
    );
    let (_, story) = written.column("story");
    let not_asked = story
        .iter()
        .filter(|datum| ***datum == Datum::NotAsked)
        .count();
    assert_eq!(asked["\"0\""], not_asked);
    for (datum, cell) in story.iter().zip(named("story")["data"].as_array().unwrap()) {
        if let Datum::Text(text) = datum {
            let line = text.replace("\r\n", " ").replace('\n', " ");
            assert_eq!(cell.as_str().unwrap(), line);
        }
    }
}

/// What a datum is to a reader that knows nothing, codes and values. Whoever did not
/// answer has the code that the file says so with.
fn elsewhere(datum: &Datum, kind: Kind, codes: &Value) -> Value {
    let is_left = |label: &Value| *label == "Not answered" || label["en"] == "Not answered";
    match datum {
        Datum::NotAsked => Value::Null,
        Datum::NotAnswered => {
            let mut codes = codes.as_object().into_iter().flatten();
            let code = codes.find(|(_, label)| is_left(label));
            code.map_or(Value::Null, |(code, _)| code.parse::<f64>().unwrap().into())
        }
        Datum::Number(number) => (*number).into(),
        Datum::Text(text) if kind == Kind::Time => format!("{text:0<8}").into(),
        Datum::Text(text) => text.replace("\r\n", " ").replace('\n', " ").into(),
    }
}

#[test]
fn triple_s_is_what_a_reader_made_elsewhere_finds() {
    let written = Written::new(200);
    let folder = TempDir::new().unwrap();

    let read = found(
        "triple-s elsewhere",
        &written.file("triple-s"),
        &[folder.path()],
    );

    let variables = &read["variables"];
    assert_eq!(variables["gender"]["label"]["de"], "Was ist gender?");
    assert_eq!(variables["brands"]["codes"]["1"]["en"], "Crunch & Co");
    let cells = |name: &str| variables[name]["data"].as_array().unwrap().clone();
    let genders = cells("gender").into_iter().map(|code| {
        let label = &variables["gender"]["codes"][code.to_string()];
        match (code, label) {
            (Value::Null, _) => "Not asked".to_owned(),
            (_, Value::String(label)) => label.clone(),
            (_, labels) => labels["en"].as_str().unwrap().to_owned(),
        }
    });
    assert_eq!(tally(genders), labels_of(&written, "gender"));
    for (code, name) in [(1, "brands_1"), (2, "brands_2"), (3, "brands_3")] {
        let (_, column) = written.column(name);
        let chosen = column.iter().filter(|datum| ***datum == Datum::Number(1.0));
        let marked = cells("brands").into_iter();
        let marked = marked.filter(|codes| {
            let mut codes = codes.as_array().into_iter().flatten();
            codes.any(|each| each.as_i64() == Some(code))
        });
        assert_eq!(marked.count(), chosen.count(), "{name}");
    }
    let mut compared = 0;
    for variable in &written.map.variables {
        let Some(data) = variables[&variable.name]["data"].as_array() else {
            continue;
        };
        let (_, column) = written.column(&variable.name);
        for (at, (datum, cell)) in column.iter().zip(data).enumerate() {
            let wanted = elsewhere(datum, variable.kind, &variables[&variable.name]["codes"]);
            // Codes below zero are literal texts to Triple-S.
            let written = cell.as_str().and_then(|text| text.parse().ok());
            let is_same = match (wanted.as_f64(), cell.as_f64().or(written)) {
                (Some(wanted), Some(found)) => (wanted - found).abs() < 1e-9,
                _ => wanted == *cell || (wanted.is_null() && cell == ""),
            };
            assert!(is_same, "{} of {at}: {wanted} and {cell}", variable.name);
            compared += 1;
        }
    }
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn ddi_and_json_lines_and_the_codebook_say_the_same_counts() {
    let written = Written::new(200);

    let ddi = found("ddi", &written.file("ddi"), &[]);
    assert_eq!(ddi["cases"], 200);
    assert_eq!(ddi["title"], "Cereals: \"first\" wave & more");
    let wanted = labels_of(&written, "gender");
    let counts = &ddi["variables"]["gender"]["counts"];
    for (code, label) in [
        ("1", "Male"),
        ("2", "Female"),
        ("9", "No answer"),
        ("-7", "Not asked"),
        ("-9", "Not answered"),
    ] {
        assert_eq!(counts[code], wanted[label]);
    }
    let lines = fs::read_to_string(written.file("ndjson")).unwrap();
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 200);
    for (line, record) in lines.iter().zip(&written.people) {
        for (variable, datum) in written.map.variables.iter().zip(record) {
            let value = line.get(&variable.name);
            match datum {
                Datum::NotAsked => assert_eq!(value, None),
                Datum::NotAnswered => assert_eq!(value, Some(&Value::Null)),
                Datum::Number(number) => assert_eq!(value.unwrap().as_f64(), Some(*number)),
                Datum::Text(text) => assert_eq!(value.unwrap(), text),
            }
        }
    }
    let codebook = fs::read_to_string(written.file("codebook")).unwrap();
    assert!(codebook.contains("Which brands?: =SUM(A1)") && codebook.contains("200 responses"));
    assert!(!codebook.contains("<script"));
}

#[test]
fn a_study_nobody_answered_yet_leaves_in_every_format() {
    let written = Written::new(0);
    for format in onsight::surveys::exports::ALL {
        let path = written.file(format.id());
        let length = fs::metadata(&path).unwrap().len();
        assert!(length > 0 || format.id() == "ndjson", "{}", format.id());
    }
    assert_eq!(found("sav", &written.file("sav"), &[])["rows"], 0);
    assert_eq!(found("triple-s", &written.file("triple-s"), &[])["rows"], 0);
}

#[test]
fn what_is_personal_stays_unless_it_is_asked_for() {
    let mut map = map();
    map.variables[8].is_personal = true;
    let without = map.clone().without_personal();
    assert!(without.variable("story").is_none());
    assert_eq!(without.variables.len(), map.variables.len() - 1);
}
