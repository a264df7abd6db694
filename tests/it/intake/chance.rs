//! Cells by chance: whatever stands where, each row is accounted for.

use onsight::surveys::intake::{Nothing, convert};

use super::{form, read};

/// Chance with a seed, so that a failure can be had again.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        of[usize::try_from(self.0 >> 33).unwrap() % of.len()]
    }
}

const TYPES: &[&str] = &[
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

const NAMES: &[&str] = &[
    "a", "b", "c", "a_1", "l", "1", "", "ü", "-", "a b", "p1", "a_other", "a_count", "person",
];

const EXPRS: &[&str] = &[
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

const TEXTS: &[&str] = &[
    "",
    "Text ${a}",
    "${b} \"quoted\" 'too' \\ \n\ttab",
    "ü🦀",
    "#h",
    "]]",
    "\u{202e}rtl",
];

const HEAD: &[&str] = &[
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
];

/// A row with something in each of its cells, or nothing.
fn row(dice: &mut Dice) -> Vec<&'static str> {
    let mut row = vec![
        dice.one(TYPES),
        dice.one(NAMES),
        dice.one(TEXTS),
        dice.one(TEXTS),
    ];
    row.extend((0..7).map(|_| dice.one(EXPRS)));
    row.extend([
        dice.one(TEXTS),
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
    row
}

#[test]
fn any_cells_in_any_order_give_something_readable() {
    for seed in 0..60 {
        let mut dice = Dice(seed);
        let mut rows = vec![HEAD.to_vec()];
        rows.extend((0..25).map(|_| row(&mut dice)));
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
