//! Somebody who answers by chance, within what is allowed, and remembers it.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::stage::Stage;
use crate::fieldwork::page_of;

/// What somebody typed, and what has to be kept of it.
pub(super) struct Typed {
    /// The path of their way.
    pub(super) token: String,
    pub(super) answers: BTreeMap<String, String>,
    /// Page by page, for a test that fails.
    pub(super) pages: Vec<String>,
}

impl Typed {
    pub(super) fn outcome(&self) -> &'static str {
        if self.answers["age"].parse::<i64>().unwrap() < 18 {
            "screenout"
        } else {
            "complete"
        }
    }
}

/// Numbers by chance, the same for a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % count
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}

/// The answers of one page: the form, and what it comes to.
#[derive(Default)]
struct Sheet {
    form: String,
    kept: BTreeMap<String, String>,
}

impl Sheet {
    fn field(&mut self, name: &str, value: &str) {
        let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        write!(self.form, "&{name}={value}").unwrap();
    }

    fn keep(&mut self, key: &str, value: &str) {
        self.kept.insert(key.to_owned(), value.to_owned());
    }

    /// A field whose answer is what was typed; empty, it was not answered.
    fn plain(&mut self, name: &str, value: &str) {
        self.field(name, value);
        self.keep(name, if value.is_empty() { "-" } else { value });
    }
}

/// Walks from the door to the end.
pub(super) async fn walk(stage: &Stage, seed: u64) -> Typed {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9) + 1);
    let way = stage.begin("").await;
    let mut sheets: BTreeMap<(String, String), Sheet> = BTreeMap::new();
    let mut typed = Typed {
        token: way.clone(),
        answers: BTreeMap::new(),
        pages: Vec::new(),
    };
    for _ in 0..60 {
        let page = stage.stranger.get(&way).await;
        if page.status == 303 || !page.text.contains("name=\".nonce\"") {
            break;
        }
        let id = page.between("name=\".page\" value=\"", "\"").to_owned();
        let turn = page.between("name=\".turn\" value=\"", "\"").to_owned();
        if id != "screener" && dice.one_in(8) {
            let form = format!("{}&.back=1", page_of(&page));
            typed.pages.push(format!("{id}/{turn}: back"));
            assert_eq!(stage.stranger.post(&way, &form).await.status, 303);
            continue;
        }
        let sheet = fill(&id, &mut dice);
        typed.pages.push(format!("{id}/{turn}: {}", sheet.form));
        let form = format!("{}{}", page_of(&page), sheet.form);
        let answer = stage.stranger.post(&way, &form).await;
        assert_eq!(answer.status, 303, "{:#?}\n{}", typed.pages, answer.text);
        if id == "use" {
            // What follows is answered again, or is not on the way any more.
            sheets.retain(|(page, _), _| page == "screener");
        }
        sheets.insert((id, turn), sheet);
    }
    for ((_, turn), sheet) in sheets {
        for (key, value) in sheet.kept {
            let key = if turn == "0" {
                key
            } else {
                format!("{key}@{turn}")
            };
            typed.answers.insert(key, value);
        }
    }
    decided(stage, &mut typed);
    typed
}

/// What nobody types: worked out, drawn, given in turn.
fn decided(stage: &Stage, typed: &mut Typed) {
    let (_, kept) = stage.kept(&typed.token);
    if typed.outcome() == "complete" {
        let age: i64 = typed.answers["age"].parse().unwrap();
        typed
            .answers
            .insert("double".to_owned(), (age * 2).to_string());
    }
    for drawn in ["cell", "arm"] {
        if let Some(code) = kept.get(drawn) {
            assert!(code == "1" || code == "2", "{drawn} is {code}");
            typed.answers.insert(drawn.to_owned(), code.clone());
        }
    }
}

fn fill(page: &str, dice: &mut Dice) -> Sheet {
    let mut sheet = Sheet::default();
    match page {
        "screener" => {
            let gender = ["1", "2", "9"][usize::try_from(dice.below(3)).unwrap()];
            let age = if dice.one_in(6) {
                dice.below(18)
            } else {
                18 + dice.below(100)
            };
            sheet.plain("gender", gender);
            sheet.plain("age", &age.to_string());
        }
        "use" => brands(&mut sheet, dice),
        "each_brand" => {
            let liking = if dice.one_in(5) {
                String::new()
            } else {
                (1 + dice.below(7)).to_string()
            };
            sheet.plain("liking", &liking);
        }
        "details" => details(&mut sheet, dice),
        "last" => last(&mut sheet, dice),
        other => panic!("there is no page {other}"),
    }
    sheet
}

fn brands(sheet: &mut Sheet, dice: &mut Dice) {
    let mut chosen: Vec<&str> = ["1", "2", "3", "8"]
        .into_iter()
        .filter(|_| dice.one_in(2))
        .collect();
    if chosen.is_empty() {
        chosen.push("9");
    }
    for code in ["1", "2", "3", "8", "9"] {
        let is_chosen = chosen.contains(&code);
        if is_chosen {
            sheet.field("brands", code);
        }
        sheet.keep(&format!("brands_{code}"), if is_chosen { "1" } else { "0" });
    }
    // Sent whether or not it belongs to what was chosen.
    sheet.field("brands_8_text", "Größe \"&<b>");
    if chosen.contains(&"8") {
        sheet.keep("brands_8_text", "Größe \"&<b>");
    }
    sheet.field("why", " =cmd|' 日本 \r\n two ");
    if chosen.contains(&"9") {
        sheet.keep("why", "=cmd|' 日本 \n two");
    }
}

fn details(sheet: &mut Sheet, dice: &mut Dice) {
    for row in ["grid_1", "grid_2"] {
        let code = ["", "1", "2", "3"][usize::try_from(dice.below(4)).unwrap()];
        sheet.plain(row, code);
    }
    for row in ["times_1", "times_2"] {
        let chosen = dice.below(4);
        for (bit, code) in [(1, "1"), (2, "2")] {
            let is_chosen = chosen & bit != 0;
            if is_chosen {
                sheet.field(row, code);
            }
            let flag = if chosen == 0 {
                "-"
            } else if is_chosen {
                "1"
            } else {
                "0"
            };
            sheet.keep(&format!("{row}_{code}"), flag);
        }
    }
    let spend = ["", "0", "12.5", "999.99", "1000"][usize::try_from(dice.below(5)).unwrap()];
    sheet.plain("spend_1", spend);
    let taste = dice.below(102);
    if taste == 101 {
        sheet.plain("split_1", "");
        sheet.plain("split_2", "");
    } else {
        sheet.plain("split_1", &taste.to_string());
        // Nothing beside a hundred is no points.
        sheet.field(
            "split_2",
            &(if taste == 100 {
                String::new()
            } else {
                (100 - taste).to_string()
            }),
        );
        sheet.keep("split_2", &(100 - taste).to_string());
    }
    let places = [
        ["", "", ""],
        ["1", "2", "3"],
        ["3", "1", "2"],
        ["2", "", "1"],
    ];
    let places = places[usize::try_from(dice.below(4)).unwrap()];
    for (item, place) in ["order_1", "order_2", "order_3"].into_iter().zip(places) {
        sheet.plain(item, place);
    }
}

fn last(sheet: &mut Sheet, dice: &mut Dice) {
    let recommend = if dice.one_in(4) {
        String::new()
    } else {
        dice.below(11).to_string()
    };
    sheet.plain("recommend", &recommend);
    sheet.plain(
        "bought",
        ["", "2024-02-29", "2026-11-22"][usize::try_from(dice.below(3)).unwrap()],
    );
    let time = ["", "7:05", "23:59"][usize::try_from(dice.below(3)).unwrap()];
    sheet.field("eaten", time);
    sheet.keep(
        "eaten",
        ["-", "07:05:00", "23:59:00"][["", "7:05", "23:59"]
            .iter()
            .position(|each| *each == time)
            .unwrap()],
    );
    sheet.plain(
        "name",
        ["", "Zoë", "O'Brien; drop table answer"][usize::try_from(dice.below(3)).unwrap()],
    );
}
