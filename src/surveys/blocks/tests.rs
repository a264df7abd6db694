//! What every kind promises: whatever is sent, what is kept is an answer; and
//! what is kept can be sent again.

use std::sync::LazyLock;

use super::{ALL, Gallery, Kept, Role, Sight, answer};
use crate::surveys::assets::{Asset, Assets, Form};
use crate::surveys::format::{Block, Survey};
use crate::surveys::map::{Datum, Kind as Data};
use crate::surveys::uploads::{Sort, Upload};
use crate::web::Fields;

const EVERY: &str = r#"
format = 1
id = "every"
title = "Every kind"
[[page]]
id = "p"
ask = [
  { id = "i", type = "info", text = "I" },
  { id = "s", type = "single", text = "S", items = [{ code = 1, text = "a" }, { code = -2, text = "b", other = true }] },
  { id = "m", type = "multi", text = "M", least = 2, most = 3, items = [{ code = 1, text = "a" }, { code = 2, text = "b" }, { code = 3, text = "c", other = true }, { code = 4, text = "d" }, { code = 9, text = "none", exclusive = true }] },
  { id = "im", type = "images", text = "I", items = [{ code = 1, text = "a", image = "a.png", alt = "A" }, { code = 2, text = "b", image = "b.jpg", alt = "B", other = true }, { code = 9, text = "none", exclusive = true }] },
  { id = "ims", type = "images", text = "I", least = 2, most = 3, captions = false, items = [{ code = 1, text = "a", image = "a.png", alt = "A" }, { code = 2, text = "b", image = "b.jpg", alt = "B" }, { code = 3, text = "c", image = "c.webp", alt = "C", other = true }, { code = 9, text = "none", exclusive = true }] },
  { id = "cm", type = "clickmap", text = "C", most = 2, image = "a.png", alt = "A", items = [{ code = 1, text = "a", at = [0, 0, 50, 100] }, { code = 2, text = "b", at = [40, 0, 100, 100] }, { code = 9, text = "none", exclusive = true }] },
  { id = "hl", type = "highlighter", text = "H", least = 1, most = 2, items = [{ code = 1, text = "Once" }, { code = 2, text = "upon" }, { code = 3, text = "a time." }, { code = 9, text = "none", exclusive = true }] },
  { id = "g1", type = "grid", text = "G", rows = [{ code = 1, text = "r" }, { code = 2, text = "q" }], items = [{ code = 1, text = "a" }, { code = 2, text = "b" }] },
  { id = "g2", type = "grid", cells = "multi", text = "G", rows = [{ code = 1, text = "r" }], items = [{ code = 1, text = "a" }, { code = 2, text = "b", exclusive = true }] },
  { id = "g3", type = "grid", cells = "number", range = [0, 9], text = "G", rows = [{ code = 1, text = "r" }], items = [{ code = 1, text = "a" }, { code = 2, text = "b" }] },
  { id = "g4", type = "grid", cells = "text", text = "G", rows = [{ code = 1, text = "r" }] },
  { id = "t", type = "text", text = "T", least = 2, most = 5 },
  { id = "n", type = "number", text = "N", range = [-5, 5], decimals = 1 },
  { id = "u", type = "sum", text = "U", total = 10, decimals = 1, items = [{ code = 1, text = "a" }, { code = 2, text = "b" }] },
  { id = "d", type = "date", text = "D", from = "2000-01-01", until = "2030-12-31" },
  { id = "dt", type = "date", clock = true, text = "D" },
  { id = "ti", type = "time", text = "T" },
  { id = "sc", type = "scale", text = "S", range = [0, 1], step = 0.25, decimals = 2 },
  { id = "np", type = "nps", text = "N" },
  { id = "r", type = "rank", text = "R", items = [{ code = 1, text = "a" }, { code = 2, text = "b" }, { code = 3, text = "c" }] },
  { id = "up", type = "upload", text = "U", accept = "image", size = 1 },
  { id = "ups", type = "upload", text = "U", most = 3 },
  { id = "h", type = "hidden", default = "'x'" },
  { id = "c", type = "computed", calculate = "1 + 1", decimals = 0 },
  { id = "z", type = "randomise", items = [{ code = 1, text = "a" }] },
  { id = "l", type = "least-fill", items = [{ code = 1, text = "a" }] },
  { id = "ca", type = "call", url = "https://a.b/c", take = { v = "/v" } },
]
"#;

/// One of the pictures is here, the others are not.
static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let asset = Asset {
        hash: "ab12".to_owned(),
        form: Form::Png,
        width: 300,
        height: 400,
        bytes: 5,
    };
    Assets::new([("a.png".to_owned(), asset)])
});

/// Files that somebody sent, fit and unfit.
static UPLOADS: LazyLock<Vec<Upload>> = LazyLock::new(|| {
    let file = |(at, (block, name, sort, bytes))| Upload {
        id: at,
        block: str::to_owned(block),
        turn: 0,
        name: str::to_owned(name),
        sort,
        bytes,
    };
    let all = [
        ("up", "1", Sort::Image, 9),
        ("up", "2", Sort::Pdf, 9),
        ("up", "3", Sort::Image, 2 << 20),
        ("ups", "1", Sort::Other, 9),
        ("ups", "0.25", Sort::Text, 9),
        ("ups", "<script>", Sort::Text, 9),
        ("ups", "5.5", Sort::Text, 9),
        ("ups", "9", Sort::Text, 0),
    ];
    (1..).zip(all).map(file).collect()
});

pub(super) fn survey() -> Survey {
    Survey::read(EVERY).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn nobody(_: &str) -> String {
    String::new()
}

pub(super) fn sight(block: &Block, is_required: bool) -> Sight<'_> {
    Sight {
        block,
        lang: "en",
        items: block.items.iter().collect(),
        rows: block.rows.iter().collect(),
        is_required,
        fields: Vec::new(),
        fault: None,
        pipe: &nobody,
        gallery: Gallery {
            at: "/s/every/r/token",
            assets: &ASSETS,
        },
        uploads: UPLOADS.iter().collect(),
    }
}

pub(super) fn sent(pairs: &[(String, String)]) -> Fields {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    Fields::parse(&query.finish())
}

fn heard(block: &str, query: &str, is_required: bool) -> Result<Kept, String> {
    let survey = survey();
    let sight = sight(survey.block(block).unwrap(), is_required);
    answer(&sight, &Fields::parse(query))
        .map_err(|fault| format!("{}: {}", fault.field, fault.why.say("en")))
}

const HOSTILE: [&str; 28] = [
    "4500,1",
    "1,1",
    "10000,10000",
    "10001,5",
    "",
    " ",
    "0",
    "1",
    "2",
    "-2",
    "3",
    "9",
    "10",
    "0.25",
    "5.5",
    "1e9",
    "NaN",
    "inf",
    "-0",
    "\0",
    "99999999999999999999999",
    "2026-11-22",
    "2026-02-30",
    "2026-11-22T25:00",
    "2026-11-22T10:30",
    "10:30",
    "'; drop table answer; --",
    "<script>",
];

#[test]
fn whatever_is_sent_only_answers_are_kept_and_they_can_be_sent_again() {
    let survey = survey();
    for block in survey.blocks() {
        let variables = block.kind.variables(block);
        let mut names: Vec<String> = variables.iter().map(|each| each.key.clone()).collect();
        names.extend([
            block.id.clone(),
            format!("{}_m2_text", block.id),
            format!("{}_3_text", block.id),
            format!("{}_at", block.id),
        ]);
        names.extend(
            block
                .rows
                .iter()
                .map(|row| super::part(&block.id, row.code)),
        );
        let mut dice = 7_usize;
        for _ in 0..3000 {
            let mut pairs = Vec::new();
            for name in &names {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let times = (dice >> 40) % 3;
                for at in 0..times {
                    pairs.push((
                        name.clone(),
                        HOSTILE[((dice >> 33) + at * 5) % HOSTILE.len()].to_owned(),
                    ));
                }
            }
            let sight = sight(block, dice & 8 == 0);
            let Ok(kept) = answer(&sight, &sent(&pairs)) else {
                continue;
            };
            for (key, datum) in &kept {
                let variable = variables.iter().find(|each| each.key == *key);
                let variable = variable.unwrap_or_else(|| panic!("{key} is no variable"));
                fits(variable.kind, datum, &variable.codes);
            }
            let look = |key: &str| {
                let found = kept.iter().find(|(known, _)| known == key);
                found.map_or(Datum::NotAsked, |(_, datum)| datum.clone())
            };
            let again = answer(&sight, &sent(&block.kind.fields(block, &look)));
            assert_eq!(again.as_ref(), Ok(&kept), "{}: {pairs:?}", block.id);
        }
    }
}

fn fits(kind: Data, datum: &Datum, codes: &[crate::surveys::map::Code]) {
    match (kind, datum) {
        (_, Datum::NotAnswered) => {}
        (Data::Single, Datum::Number(code)) => {
            assert!(
                codes
                    .iter()
                    .any(|known| super::choices::datum(known.code) == Datum::Number(*code))
            );
        }
        (Data::Flag, Datum::Number(flag)) => assert!([0.0, 1.0].contains(flag)),
        (Data::Number { .. }, Datum::Number(number)) => assert!(number.is_finite()),
        (Data::Text | Data::File | Data::Date | Data::Time | Data::DateTime, Datum::Text(text)) => {
            assert!(!text.is_empty() && !text.contains('\0'));
        }
        (kind, datum) => panic!("{datum:?} is no {}", kind.name()),
    }
}

#[test]
fn every_kind_is_here_and_shows_itself_without_attributes_of_style() {
    let survey = survey();
    for kind in ALL {
        let block = survey
            .blocks()
            .find(|block| block.kind.name() == kind.name());
        let block = block.unwrap_or_else(|| panic!("{} has no sample", kind.name()));
        let mut html = String::new();
        kind.draw(&sight(block, true), &mut html).unwrap();
        assert!(!html.contains("style="), "{html}");
        let is_asked = kind.role() == Role::Asks;
        assert_eq!(
            is_asked,
            html.contains("name=\""),
            "{}: {html}",
            kind.name()
        );
    }
}

#[test]
fn a_picture_is_shown_with_its_words_and_words_stand_where_it_is_not() {
    let survey = survey();
    let mut html = String::new();
    let block = survey.block("ims").unwrap();
    block.kind.draw(&sight(block, true), &mut html).unwrap();

    let shown = "<img src=\"/s/every/r/token/assets/ab12\" width=\"300\" height=\"400\" alt=\"A\">";
    assert!(html.contains(shown), "{html}");
    assert!(
        html.contains("<span class=\"no-picture\">B</span>"),
        "{html}"
    );
    assert_eq!(html.matches("type=\"checkbox\"").count(), 4, "{html}");
    // Who does not see the captions hears them; what has no picture shows its words.
    assert_eq!(html.matches("class=\"hidden-text\"").count(), 3, "{html}");
}

#[test]
fn a_point_is_kept_with_the_regions_it_lies_in() {
    let kept = heard("cm", "cm_at=4500,1&cm_at=9000,9000", true).unwrap();
    let number = |key: &str| {
        let found = kept.iter().find(|(known, _)| known == key);
        found.map(|(_, datum)| datum.clone())
    };
    for (key, value) in [
        ("cm_x1", 4500.0),
        ("cm_y1", 1.0),
        ("cm_x2", 9000.0),
        ("cm_1", 1.0),
        ("cm_2", 1.0),
        ("cm_9", 0.0),
    ] {
        assert_eq!(number(key), Some(Datum::Number(value)), "{key}");
    }
    let named = heard("cm", "cm=2", true).unwrap();
    assert_eq!(named[0], ("cm_x1".to_owned(), Datum::NotAnswered));
    assert!(named.contains(&("cm_2".to_owned(), Datum::Number(1.0))));
    assert!(named.contains(&("cm_1".to_owned(), Datum::Number(0.0))));
    for (query, said) in [
        ("cm_at=1,1&cm_at=2,2&cm_at=3,3", "choose at most 2"),
        ("cm_at=1,1&cm=9", "together with something else"),
        ("cm_at=1,10001", "not one of the answers"),
    ] {
        assert!(
            heard("cm", query, true).unwrap_err().contains(said),
            "{query}"
        );
    }
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let said = |block, query| heard(block, query, true).unwrap_err();

    assert_eq!(said("s", ""), "s: Please answer this question.");
    assert_eq!(
        said("s", "s=-2"),
        "s_m2_text: Please say what you mean by “b”."
    );
    assert_eq!(said("m", "m=1"), "m: Please choose at least 2.");
    assert_eq!(
        said("m", "m=1&m=2&m=3&m=4&m_3_text=x"),
        "m: Please choose at most 3."
    );
    assert_eq!(
        said("m", "m=9&m=1"),
        "m: “none” cannot be chosen together with something else."
    );
    assert_eq!(said("g1", "g1_1=1"), "g1_2: Please answer for “q”.");
    assert_eq!(
        said("g2", "g2_1=1&g2_1=2"),
        "g2_1: “b” cannot be chosen together with something else."
    );
    assert_eq!(
        said("u", "u_1=4&u_2=5"),
        "u_1: The numbers must add up to 10. Now they add up to 9.0."
    );
    assert_eq!(
        said("r", "r_1=1&r_2=1&r_3=2"),
        "r_2: Two items have the same place. Please give each place once."
    );
    assert_eq!(
        said("d", "d=1999-12-31"),
        "d: Please enter 2000-01-01 or later."
    );
    assert_eq!(
        said("up", "up=2"),
        "up: “2” is no picture. Please choose a picture."
    );
    assert_eq!(
        said("up", "up=3"),
        "up: “3” is too large. A file may have at most 1 MiB."
    );
    assert_eq!(
        said("ups", "ups=9"),
        "ups: “9” is empty. Please choose another file."
    );
    assert_eq!(
        said("ups", "ups=1&ups=0.25&ups=5.5&ups=<script>"),
        "ups: Please send at most 3 files."
    );
    assert_eq!(
        said("ups", "ups=of+another"),
        "ups: One of the files is not here any more. Please choose it again."
    );
    assert_eq!(
        said("t", "t=abcdef"),
        "t: Please write at most 5 characters."
    );
}

#[test]
fn what_is_left_empty_is_not_answered() {
    for block in [
        "s", "m", "im", "ims", "cm", "g1", "g2", "g3", "g4", "t", "n", "u", "d", "dt", "ti", "sc",
        "np", "r", "up", "ups",
    ] {
        let kept = heard(block, "", false).unwrap();
        assert!(!kept.is_empty(), "{block}");
        assert!(
            kept.iter().all(|(_, datum)| *datum == Datum::NotAnswered),
            "{block}: {kept:?}"
        );
        assert!(heard(block, "", true).is_err(), "{block}");
    }
    let only_one = heard("m", "m=9", true).unwrap();
    assert_eq!(
        only_one
            .iter()
            .filter(|(_, datum)| *datum == Datum::Number(1.0))
            .count(),
        1
    );
}
