//! Questionnaires of others: every row is accounted for, nothing panics, and what
//! comes out can be read.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use onsight::base::Time;
use onsight::expr::{Expr, Scope, Value};
use onsight::surveys::format::Survey;
use onsight::surveys::intake::{Beside, Converted, Fate, Nothing, convert};
use quick_xml::events::Event;
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

#[test]
fn a_form_in_two_languages_is_carried_over_whole() {
    let survey: &[&[&str]] = &[
        &[
            "type",
            "name",
            "label::English (en)",
            "label::Français (fr)",
            "relevant",
            "constraint",
            "constraint_message::English (en)",
            "required",
        ],
        &[
            "select_one yes_no",
            "eats",
            "Do you eat?",
            "Mangez-vous ?",
            "",
            "",
            "",
            "yes",
        ],
        &[
            "integer",
            "meals",
            "How often?",
            "Combien de fois ?",
            "${eats} = 'yes'",
            ". > 0 and . < 20",
            "Really?",
            "${eats} = 'yes'",
        ],
        &["begin group", "more", "More", "Plus", "${meals} > 3"],
        &["text", "why", "Why ${meals}?", "Pourquoi ${meals} ?"],
        &["end group"],
        &["calculate", "twice", "", "", "", "", "", ""],
    ];
    let mut rows = survey.to_vec();
    let head: Vec<&str> = rows[0].iter().copied().chain(["calculation"]).collect();
    rows[0] = &head;
    let last = ["calculate", "twice", "", "", "", "", "", "", "${meals} * 2"];
    rows[6] = &last;

    let (done, survey) = converted(&[
        ("survey", &rows),
        ("choices", YES_NO),
        (
            "settings",
            &[
                &["form_title", "form_id", "default_language"],
                &["Meals", "meals_1", "English (en)"],
            ],
        ),
    ]);

    assert_eq!(done.account.fate(), Fate::Carried, "{}", done.account);
    assert_eq!(done.account.lines().len(), 3 + 6 + 2, "{}", done.account);
    assert_eq!(survey.langs, ["en", "fr"]);
    assert_eq!(
        (survey.id.as_str(), survey.title.text("en")),
        ("meals-1", "Meals")
    );
    let meals = survey.block("meals").unwrap();
    assert_eq!(meals.text.text("fr"), "Combien de fois ?");
    assert_eq!(meals.when.as_ref().unwrap().text(), "${eats} = 'yes'");
    assert_eq!(meals.check.as_ref().unwrap().1.text("en"), "Really?");
    assert_eq!(
        survey
            .section("more")
            .unwrap()
            .when
            .as_ref()
            .unwrap()
            .text(),
        "${meals} > 3"
    );
    let eats = survey.block("eats").unwrap();
    assert_eq!(eats.items[0].name.as_deref(), Some("yes"));
    assert_eq!(eats.items[1].text.text("fr"), "Non");
    assert!(survey.is_publishable(), "{:?}", survey.problems);
    // What depends on an answer comes after it, so that scripts are not needed.
    let page_of = |id: &str| {
        survey
            .pages
            .iter()
            .position(|page| page.blocks.iter().any(|block| block.id == id))
    };
    assert!(page_of("eats") < page_of("meals"));
}

#[test]
fn all_types_and_their_old_spellings_have_a_block() {
    let pairs = [
        ("text", "text"),
        ("string", "text"),
        ("int", "number"),
        ("decimal", "number"),
        ("add integer prompt", "number"),
        ("date", "date"),
        ("time", "time"),
        ("dateTime", "date"),
        ("note", "info"),
        ("geopoint", "text"),
        ("gps", "text"),
        ("barcode", "text"),
        ("acknowledge", "single"),
        ("range", "scale"),
        ("hidden", "hidden"),
        ("start", "computed"),
        ("end time", "computed"),
        ("today", "computed"),
        ("deviceid", "hidden"),
        ("phone number", "text"),
        ("select one from list", "single"),
        ("select_multiple list", "multi"),
        ("select all that apply from list", "multi"),
        ("q select1 list", "single"),
        ("rank list", "rank"),
        ("SELECT_ONE list", "single"),
    ];
    let names: Vec<String> = (0..pairs.len()).map(|at| format!("q{at}")).collect();
    let mut rows: Vec<Vec<&str>> = vec![vec!["Command", "Name", "Caption"]];
    for (name, (kind, _)) in names.iter().zip(&pairs) {
        rows.push(vec![kind, name, "A label"]);
    }
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let list: &[&[&str]] = &[
        &["list name", "name", "label"],
        &["list", "1", "One"],
        &["list", "-9", "None"],
        &["list", "x", "X"],
    ];

    let (done, survey) = converted(&[("Survey", &rows), ("Choices", list)]);

    assert_eq!(done.account.count(Fate::Refused), 0, "{}", done.account);
    for (name, (kind, block)) in names.iter().zip(&pairs) {
        let found = survey
            .block(name)
            .unwrap_or_else(|| panic!("{kind} is not there"));
        assert_eq!(found.kind.name(), *block, "{kind}");
    }
    let codes: Vec<(i64, Option<&str>)> = { survey.block("q20").unwrap().items.iter() }
        .map(|item| (item.code, item.name.as_deref()))
        .collect();
    assert_eq!(codes, [(1, None), (-9, None), (2, Some("x"))]);
}

#[test]
fn what_cannot_be_said_blocks_publishing_and_is_never_dropped() {
    let rows: &[&[&str]] = &[
        &[
            "type",
            "name",
            "label",
            "relevant",
            "constraint",
            "choice_filter",
            "calculation",
            "default",
        ],
        &["text", "a", "A", "${later} = 1"],
        &["text", "b", "B", "${nobody} = 1"],
        &["text", "c", "C", "digest(${a}, 'MD5') = 'x'"],
        &["text", "d", "D", "", "regex(., '(?=x)')"],
        &["select_one l", "e", "E", "", "", "land = ${a}"],
        &["select_one missing", "f", "F"],
        &["party like it's 1999", "g", "G"],
        &["calculate", "h", "", "", "", "", ""],
        &["integer", "later", "Later"],
        &["osm tags", "i", "Map"],
    ];
    let list: &[&[&str]] = &[&["list_name", "name", "label"], &["l", "x", "X"]];

    let (done, survey) = converted(&[("survey", rows), ("choices", list)]);

    assert!(!survey.is_publishable());
    for (row, id) in ["a", "b", "c", "d", "e", "f", "g", "h"].iter().enumerate() {
        let place = format!("survey:{}", row + 2);
        assert!(
            said(&done, &place).contains("refused"),
            "{}",
            said(&done, &place)
        );
        assert!(survey.block(id).is_some(), "`{id}` was dropped");
        let told = format!("`{id}` is not ready");
        assert!(
            survey
                .problems
                .iter()
                .any(|problem| problem.message.contains(&told)),
            "{id}"
        );
    }
    assert!(said(&done, "survey:2").contains("`later` is asked later"));
    assert!(said(&done, "survey:3").contains("nothing is called `nobody`"));
    assert!(said(&done, "survey:11").contains("maps"));
    assert_eq!(
        said(&done, "survey:10"),
        "survey:10: carried over: integer later"
    );
}

#[test]
fn loops_groups_and_others_are_carried_over() {
    let rows: &[&[&str]] = &[
        &[
            "type",
            "name",
            "label",
            "relevant",
            "repeat_count",
            "appearance",
            "calculation",
            "parameters",
        ],
        &["integer", "n", "How many?"],
        &["begin repeat", "person", "Person", "", "${n}"],
        &["text", "who", "Who?"],
        &["integer", "age", "Age?", "${who} != ''"],
        &["end repeat"],
        &["calculate", "total", "", "", "", "", "sum(${age})"],
        &["begin repeat", "visit", "Visit"],
        &["date", "day", "Day?"],
        &["end repeat"],
        &["begin group", "all", "All", "", "", "field-list"],
        &["select_multiple l or_other", "likes", "Likes?"],
        &["text", "more", "More?", "selected(${likes}, 'a')"],
        &["end group"],
        &[
            "range",
            "mark",
            "Mark?",
            "",
            "",
            "",
            "",
            "start=0 end=5 step=0.5",
        ],
        &[
            "range",
            "wide",
            "Wide?",
            "",
            "",
            "",
            "",
            "start=0 end=1000 step=1",
        ],
    ];
    let list: &[&[&str]] = &[
        &["list_name", "name", "label"],
        &["l", "a", "A"],
        &["l", "b", "B"],
    ];

    let (done, survey) = converted(&[("survey", rows), ("choices", list)]);

    assert_eq!(done.account.count(Fate::Refused), 0, "{}", done.account);
    assert!(survey.is_publishable(), "{:?}", survey.problems);
    let looped = survey.page("person").unwrap();
    assert!(looped.repeat.is_some());
    assert!(survey.page("visit").unwrap().repeat.is_some());
    assert!(
        survey.block("visit_count").is_some(),
        "who adds turns on the way is asked before"
    );
    let other = survey.block("likes_other").unwrap();
    assert_eq!(
        other.when.as_ref().unwrap().text(),
        "selected(${likes}, 'other')"
    );
    let page = |id: &str| {
        survey
            .pages
            .iter()
            .position(|page| page.blocks.iter().any(|block| block.id == id))
    };
    assert_eq!(page("likes"), page("more"), "a field list is one page");
    assert_eq!(survey.block("mark").unwrap().kind.name(), "scale");
    assert_eq!(survey.block("wide").unwrap().kind.name(), "number");
}

#[test]
fn what_people_do_to_sheets_is_borne() {
    let rows: &[&[&str]] = &[
        &[
            "TYPE",
            "Name ",
            "LABEL::EN",
            "label::EN",
            "my notes",
            "disabled",
        ],
        &[],
        &["", "", "", "", "only a comment"],
        &["text", "1st", "First"],
        &["text", "1st", "Again"],
        &["text", "", "No name"],
        &["text", "off", "Off", "", "", "yes"],
        &["note", "n", "You said ${1st}, not ${unknown}"],
        &["end group"],
        &["begin group", "open", "Never closed"],
        &["select_one l", "pick", "Pick"],
        &["", "nameless", "Has a label, no type"],
    ];
    let list: &[&[&str]] = &[
        &["list name", "name", "label::EN"],
        &["l", "a", "A"],
        &["l", "a", "A"],
        &["l", "b", ""],
        &["", "c", "C"],
        &["l", "a", "Other"],
    ];

    let (done, survey) = converted(&[
        ("survey", rows),
        ("choises", list),
        ("changelog", &[&["x"], &["y"]]),
    ]);

    let notes = [
        ("survey:1", "my notes"),
        ("survey:3", "comment"),
        ("survey:4", "it is called `q1st`"),
        ("survey:5", "twice"),
        ("survey:6", "carried over"),
        ("survey:7", "switched off"),
        ("survey:8", "unknown"),
        ("survey:9", "never began"),
        ("survey:10", "never ended"),
        ("survey:12", "no type"),
        ("choises:1", "read as `choices`"),
        ("choises:3", "twice"),
        ("choises:4", "no label"),
        ("choises:5", "no list_name"),
        ("choises:6", "refused"),
        ("changelog:1", "no sheet"),
    ];
    for (place, wanted) in notes {
        assert!(
            said(&done, place).contains(wanted),
            "{}",
            said(&done, place)
        );
    }
    assert_eq!(
        survey.block("n").unwrap().text.text("en"),
        "You said ${q1st}, not [unknown]"
    );
    assert_eq!(survey.block("pick").unwrap().items.len(), 2);
}

struct Towns;

impl Beside for Towns {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        (name == "towns.csv")
            .then(|| b"\xef\xbb\xbfname,label,land\nrome,Roma,it\nulm,Ulm,de\n".to_vec())
    }
}

#[test]
fn lists_beside_the_form_are_taken_along() {
    let rows: &[&[&str]] = &[
        &["type", "name", "label", "choice_filter", "calculation"],
        &["text", "land", "Land?"],
        &[
            "select_one_from_file towns.csv",
            "town",
            "Town?",
            "land = ${land}",
        ],
        &[
            "calculate",
            "label",
            "",
            "",
            "pulldata('towns', 'label', 'name', ${town})",
        ],
        &["select_one_from_file none.csv", "none", "None?"],
    ];
    let bytes = form(&[("survey", rows)]);

    let done = convert(&bytes, "towns.xlsx", &Towns).unwrap();

    let survey = read(&done);
    let towns = &survey.list("towns").unwrap().items;
    assert_eq!(towns[1].name.as_deref(), Some("ulm"));
    assert_eq!(
        towns[1]
            .columns
            .iter()
            .find(|column| column.0 == "land")
            .unwrap()
            .1,
        "de"
    );
    assert_eq!(
        survey
            .block("town")
            .unwrap()
            .filter
            .as_ref()
            .unwrap()
            .text(),
        "land = ${land}"
    );
    assert_eq!(
        said(&done, "survey:4"),
        "survey:4: carried over: calculate label"
    );
    assert!(said(&done, "survey:5").contains("none.csv is not beside"));
}

#[test]
fn a_computed_value_waits_for_what_it_needs() {
    let rows: &[&[&str]] = &[
        &["type", "name", "label", "relevant", "calculation"],
        &["calculate", "sum", "", "", "${a} + ${b}"],
        &["integer", "a", "A"],
        &["integer", "b", "B"],
        &["text", "why", "Why?", "${sum} > 3"],
    ];

    let (done, survey) = converted(&[("survey", rows)]);

    assert_eq!(done.account.count(Fate::Refused), 0, "{}", done.account);
    assert!(said(&done, "survey:2").contains("is worked out after `b`"));
    let order: Vec<&str> = survey.blocks().map(|block| block.id.as_str()).collect();
    assert_eq!(order, ["a", "b", "sum", "why"]);
}

#[test]
fn what_is_no_questionnaire_says_so() {
    let no_survey = form(&[("stuff", &[&["a", "b"], &["1", "2"]])]);
    let no_type = form(&[("survey", &[&["name", "label"], &["a", "A"]])]);
    let broken = [
        b"PK\x03\x04".to_vec(),
        vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
        b"hello".to_vec(),
        Vec::new(),
    ];
    let cut = form(&[("survey", YES_NO)]);
    let xml = b"<document><LimeSurveyDocType>Survey</LimeSurveyDocType><surveys><rows>".to_vec();

    for bytes in [no_survey, no_type, cut[..cut.len() / 2].to_vec(), xml]
        .into_iter()
        .chain(broken)
    {
        let error = convert(&bytes, "x", &Nothing).unwrap_err().to_string();
        assert!(error.len() > 20, "{error}");
    }
}

/// Chance with a seed, so that a failure can be had again.
struct Dice(u64);

impl Dice {
    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        of[usize::try_from(self.0 >> 33).unwrap() % of.len()]
    }
}

#[test]
fn any_cells_in_any_order_give_something_readable() {
    let types = [
        "text",
        "integer",
        "select_one l",
        "select_multiple l or_other",
        "rank l",
        "note",
        "calculate",
        "begin group",
        "end group",
        "begin repeat",
        "end repeat",
        "begin loop over l",
        "end loop",
        "range",
        "date",
        "x",
        "",
        "hidden",
        "select_one",
        "end",
        "image",
    ];
    let names = [
        "a", "b", "c", "a_1", "l", "1", "", "ü", "-", "a b", "p1", "a_other", "a_count", "person",
    ];
    let exprs = [
        "",
        "${a} > 3",
        "${b}",
        "selected(${c}, '1')",
        "${",
        "1",
        "true()",
        "${a_1} = ''",
        "position(..)",
        "sum(${c})",
        "a = 3",
        "${person}[1]/a",
        ". != ${l}",
        "yes",
        "'x",
        "once(uuid())",
    ];
    let texts = [
        "",
        "Text ${a}",
        "${b} \"quoted\" 'too' \\ \n\ttab",
        "ü🦀",
        "#h",
        "]]",
        "\u{202e}rtl",
    ];
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let mut rows: Vec<Vec<&str>> = vec![vec![
            "type",
            "name",
            "label",
            "label::fr",
            "relevant",
            "constraint",
            "calculation",
            "default",
            "required",
            "choice_filter",
            "repeat_count",
            "hint",
            "appearance",
            "parameters",
            "read_only",
        ]];
        for _ in 0..25 {
            let mut row = vec![
                dice.one(&types),
                dice.one(&names),
                dice.one(&texts),
                dice.one(&texts),
            ];
            row.extend((0..7).map(|_| dice.one(&exprs)));
            row.extend([
                dice.one(&texts),
                dice.one(&["", "field-list", "minimal", "label", "w1 x(y)"]),
                dice.one(&[
                    "",
                    "start=5 end=1 step=0",
                    "rows=3",
                    "randomize=true",
                    "end=1e99 step=-1",
                ]),
                dice.one(&["", "yes", "${a}"]),
            ]);
            rows.push(row);
        }
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let list: &[&[&str]] = &[
            &["list_name", "name", "label", "col"],
            &["l", "1", "One", "x"],
            &["l", "b", "${a}", ""],
        ];

        let done = convert(
            &form(&[("survey", &rows), ("choices", list)]),
            "x.xlsx",
            &Nothing,
        )
        .unwrap();

        read(&done);
        let lines = done.account.lines();
        let of_survey: Vec<u32> = { lines.iter() }
            .filter(|line| line.place.sheet == "survey")
            .map(|line| line.place.row)
            .collect();
        let filled = (1..)
            .zip(&rows)
            .filter(|(_, row)| row.iter().any(|cell| !cell.is_empty()));
        for (number, _) in filled {
            assert!(
                of_survey.contains(&number),
                "seed {seed}: row {number} is not accounted for\n{}",
                done.account
            );
        }
    }
}

/// To who runs the tests.
fn tell(what: &str) {
    writeln!(std::io::stderr(), "{what}").unwrap();
}

fn collection() -> Option<PathBuf> {
    let folder = std::env::var_os("ONSIGHT_XLSFORMS")
        .map_or_else(|| PathBuf::from("../shared/data/xlsforms"), PathBuf::from);
    // A worktree lies one folder deeper.
    let found = [folder, PathBuf::from("../../shared/data/xlsforms")]
        .into_iter()
        .find(|folder| folder.is_dir());
    if found.is_none() {
        tell("ONSIGHT_XLSFORMS: there is no collection of forms here; its test did not run");
    }
    found
}

/// The forms of the folder, in order.
fn forms(folder: &Path) -> Vec<PathBuf> {
    let mut forms: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|ending| ending.to_string_lossy().starts_with("xls"))
        })
        .collect();
    forms.sort();
    forms
}

#[test]
fn the_collection_is_accounted_for_and_runs() {
    let Some(folder) = collection() else { return };
    let (mut questions, mut run, mut unreadable) = (0, 0, Vec::new());
    let mut refused = Vec::new();
    for path in forms(&folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let done = match convert(&fs::read(&path).unwrap(), &name, &Nothing) {
            Ok(done) => done,
            Err(why) => {
                unreadable.push(format!("{name}: {why}"));
                continue;
            }
        };
        read(&done);
        for line in done.account.lines() {
            let is_question = line.place.sheet.eq_ignore_ascii_case("survey")
                && line.place.row > 1
                && !line.what.starts_with("begin")
                && !line.what.starts_with("end ")
                && line.what != "comment";
            if is_question {
                questions += 1;
                run += usize::from(line.fate() != Fate::Refused);
            }
            if line.fate() == Fate::Refused {
                refused.push(format!("{name} {line}"));
            }
        }
    }
    tell(&format!(
        "{run} of {questions} questions run; refused:\n{}\n{}",
        refused.join("\n"),
        unreadable.join("\n")
    ));
    assert!(unreadable.len() <= 2, "{unreadable:?}");
    assert!(questions > 300, "{questions}");
    // The aim is 95: loops in loops and lists whose files are not there are missing.
    assert!(
        run * 100 >= questions * 93,
        "{run} of {questions}:\n{}",
        refused.join("\n")
    );
}

#[test]
fn surveys_of_limesurvey_are_accounted_for() {
    let mut files: Vec<PathBuf> = fs::read_dir("tests/it/lss")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 5);
    let mut told = String::new();
    for path in files {
        let bytes = fs::read(&path).unwrap();
        let done = convert(&bytes, "x.lss", &Nothing).unwrap();
        let survey = read(&done);

        let rows = String::from_utf8_lossy(&bytes).matches("<row>").count();
        assert_eq!(
            done.account.lines().len(),
            rows,
            "{}:\n{}",
            path.display(),
            done.account
        );
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let block = |block: &onsight::surveys::format::Block| {
            let when = block.when.as_ref().map_or("", |when| when.text());
            format!("  {} {} {when}\n", block.id, block.kind.name())
        };
        let blocks: String = survey.blocks().map(block).collect();
        let refused: Vec<String> = { done.account.lines().iter() }
            .filter(|line| line.fate() == Fate::Refused)
            .map(|line| format!("  {line}\n"))
            .collect();
        told.push_str(&format!(
            "{name} {:?}\n{blocks}{}",
            survey.langs,
            refused.concat()
        ));
    }
    insta::assert_snapshot!(told);
}

/// Answers by name, and nothing else.
struct Answers(HashMap<String, Value>);

impl Scope for Answers {
    fn value(&self, name: &str) -> Value {
        self.0.get(name).cloned().unwrap_or(Value::Empty)
    }

    fn now(&self) -> Time {
        Time(0)
    }
}

fn holds(text: &str, answers: &Answers) -> bool {
    Expr::parse(text)
        .unwrap_or_else(|fault| panic!("{text}: {fault}"))
        .eval(answers)
        .is_true()
}

/// The binds of the reference's form: the path of each node and its condition.
fn binds(xml: &str) -> Vec<(String, Option<String>)> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut binds = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Empty(tag) | Event::Start(tag) if tag.local_name().as_ref() == "bind" => {
                let value = |name: &str| {
                    let found = tag
                        .attributes()
                        .flatten()
                        .find(|one| one.key.as_ref() == name);
                    found.map(|one| {
                        quick_xml::escape::unescape(one.value.as_ref())
                            .unwrap()
                            .into_owned()
                    })
                };
                binds.push((value("nodeset").unwrap(), value("relevant")));
            }
            Event::Eof => return binds,
            _ => {}
        }
    }
}

/// Is a question there, by its own condition and by those around it?
fn is_asked(survey: &Survey, id: &str, answers: &Answers) -> Option<bool> {
    let page = survey
        .pages
        .iter()
        .find(|page| page.blocks.iter().any(|block| block.id == id))?;
    let block = page.blocks.iter().find(|block| block.id == id)?;
    let mut conditions = vec![page.when.as_ref(), block.when.as_ref()];
    let mut above = page.section.as_deref();
    while let Some(section) = above.and_then(|name| survey.section(name)) {
        conditions.push(section.when.as_ref());
        above = section.within.as_deref();
    }
    Some(
        conditions
            .into_iter()
            .flatten()
            .all(|when| when.eval(answers).is_true()),
    )
}

#[test]
fn the_same_questions_are_asked_as_in_the_reference() {
    let Some(folder) = collection() else { return };
    let mut compared = 0;
    let mut dice = Dice(7);
    for path in forms(&folder) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let stem = stem.split("__").last().unwrap().to_owned();
        let Ok(xml) = fs::read_to_string(folder.join("expected").join(format!("{stem}.xml")))
        else {
            continue;
        };
        let survey = read(&convert(&fs::read(&path).unwrap(), &name, &Nothing).unwrap());
        let binds = binds(&xml);
        let names: Vec<String> = survey.blocks().map(|block| block.id.clone()).collect();
        for _ in 0..50 {
            let words = [
                "",
                "yes",
                "no",
                "ada@example.org",
                "other",
                "3",
                "a b",
                "yes no",
            ];
            let answer = |name: &String| (name.clone(), Value::of_text(dice.one(&words)));
            let answers = Answers(names.iter().map(answer).collect());
            for (nodeset, _) in &binds {
                let id = nodeset.rsplit('/').next().unwrap();
                // What is refused is told, and blocks publishing.
                let open = format!("`{id}` is not ready");
                let mut problems = survey.problems.iter();
                if problems.any(|problem| problem.message.starts_with(&open)) {
                    continue;
                }
                let Some(asked) = is_asked(&survey, id, &answers) else {
                    continue;
                };
                let around = binds.iter().filter(|(other, _)| {
                    nodeset == other || nodeset.starts_with(&format!("{other}/"))
                });
                let expected = around
                    .filter_map(|(_, when)| when.as_ref())
                    .all(|when| holds(when, &answers));
                assert_eq!(asked, expected, "{name}: {id}");
                compared += 1;
            }
        }
    }
    assert!(compared > 5_000, "{compared}");
}
