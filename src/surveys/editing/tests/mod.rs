//! An edit and its opposite give the same bytes, and nothing else is touched.

mod fields;

use super::*;
use crate::surveys::blocks::ALL;
use crate::surveys::format::{Level, Survey};

const EXAMPLE: &str = include_str!("../../format/example.toml");
const TEXTS: [&str; 4] = [
    EXAMPLE,
    include_str!("../../../../tests/browser/surveys/household.toml"),
    include_str!("../../../../tests/browser/surveys/kinds.toml"),
    include_str!("../../../../tests/browser/surveys/visitors.toml"),
];
/// A text as somebody writes it who has a style of their own.
const UNTIDY: &str = r#"# First of all
format = 1
id     = 't'   # never change this
title  = "T"
langs  = ["en", "de"]

# What follows is about people.

[list.sizes]   # small ones only
items = [
  { code = 1, text = "S" },  # the small one
  # not yet: { code = 9, text = "XXL" },
  { code = 2, text = { de = "Mittel", en = 'Middling' } }, # the one between
  { code = 3, text = "L" }   # no comma here
]

# The first page
[[page]]
id = "one" # one

# The first question, which matters
[[page.ask]]
type = "single"
id = 'a'
text.en = "Size?"
text.de = 'Größe?'
items = [{ code = 1, text = "S" }, { code = 2, text = "L" }]

[[page.ask]]
id = "b"
type = "text"
when = '''selected(${ a }, 1)'''  # only the small ones
[page.ask.text]
en = """
You chose ${a}.
Why?"""
de = "Warum ${a}?"

[[page.leave]]
id = "out"
outcome = "screenout"
when = "${a} = 2 and jr:choice-name(${a}, '${a}') = 'L'"

[[page]]
id = "two"
loop = { chosen = "a" }

[[page.ask]]
id = "c"
type = "multi"
text = "C of ${two.item}"
[[page.ask.items]]
code = 1
text = "x"

# The second
[[page.ask.items]]
code = 2
text = "y"

# At the very end: nothing."#;

/// Numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).unwrap()
    }
}

fn all() -> impl Iterator<Item = &'static str> {
    TEXTS.into_iter().chain([UNTIDY])
}

/// Everything behind a `#` that begins a word, in some order.
fn comments(text: &str) -> Vec<String> {
    let mut found: Vec<String> = { text.lines() }
        .filter_map(|line| Some(line[line.find("# ")?..].to_owned()))
        .collect();
    found.sort();
    found
}

fn asks(text: &str) -> Vec<(usize, usize)> {
    let outline = Outline::of(text).unwrap();
    let pages = outline.pages.iter().enumerate();
    pages
        .flat_map(|(at, page)| (0..page.questions.len()).map(move |on| (at, on)))
        .collect()
}

fn part(text: &str, id: &str) -> Part {
    Part::question(text, id).unwrap()
}

fn place(text: &str, id: &str) -> (usize, usize) {
    let Part::Ask(at, on) = part(text, id) else {
        unreachable!()
    };
    (at, on)
}

fn sheet(text: &str, part: &Part) -> Sheet {
    let outline = Outline::of(text).unwrap();
    let kind = part.word(text, "type");
    let kind = kind.and_then(|kind| crate::surveys::blocks::named(&kind));
    let lines = match part {
        Part::Ask(..) => of_question(kind, &Names::default()),
        Part::Page(_) => of_page(&Names::default()),
        Part::Quota(_) => of_quota(),
        Part::Exit(_) => of_exit(),
        _ => of_survey(),
    };
    Sheet::of(part, lines, &outline.langs)
}

fn typed(pairs: &[(&str, &str)]) -> Typed {
    Typed::of(pairs.iter().copied())
}

#[test]
fn what_was_not_typed_anew_keeps_its_bytes() {
    for text in all() {
        for (at, on) in asks(text) {
            let part = Part::Ask(at, on);
            let sheet = sheet(text, &part);
            let same = sheet.write(text, &sheet.held(text)).unwrap();
            assert_eq!(same, text);
            assert!(sheet.faults(text, &sheet.held(text)).is_empty());
            for key in ["items", "rows"] {
                let rows = Rows::of(&part, key, &Outline::of(text).unwrap().langs);
                assert_eq!(rows.write(text, &rows.held(text)).unwrap(), text);
            }
        }
        let sheet = sheet(text, &Part::Survey);
        assert_eq!(sheet.write(text, &sheet.held(text)).unwrap(), text);
    }
}

#[test]
fn a_move_and_the_move_back_give_the_same_bytes() {
    for text in all() {
        let mut dice = Dice(7);
        for _ in 0..60 {
            let asks = asks(text);
            let from = asks[dice.roll(asks.len())];
            let way = [Way::Up, Way::Down][dice.roll(2)];
            let back = if way == Way::Up { Way::Down } else { Way::Up };
            let id = Outline::of(text).unwrap().pages[from.0].questions[from.1]
                .id
                .clone();

            let moved = move_question(text, from, way).unwrap();

            assert_eq!(comments(&moved), comments(text), "{id} {way:?}");
            if moved != text {
                let again = move_question(&moved, place(&moved, &id), back).unwrap();
                assert_eq!(again, text, "{id} {way:?}");
            }
        }
        for at in 0..Outline::of(text).unwrap().pages.len().saturating_sub(1) {
            let moved = move_page(text, at, Way::Down).unwrap();
            assert_ne!(moved, text);
            assert_eq!(comments(&moved), comments(text));
            assert_eq!(move_page(&moved, at + 1, Way::Up).unwrap(), text);
        }
    }
}

#[test]
fn what_was_added_and_removed_leaves_no_trace() {
    for text in all() {
        let langs = Outline::of(text).unwrap().langs;
        for (at, on) in asks(text) {
            for kind in ALL {
                let on = (at, Some(on));
                let (new, id) = add_question(text, on, *kind, (&[], &langs)).unwrap();
                assert_eq!(
                    remove(&new, &part(&new, &id)).unwrap(),
                    text,
                    "{}",
                    kind.name()
                );
            }
            let (new, id) = copy_question(text, (at, on)).unwrap();
            assert_eq!(place(&new, &id), (at, on + 1));
            assert_eq!(remove(&new, &part(&new, &id)).unwrap(), text);
        }
        let (new, id) = add_page(text, None).unwrap();
        let page = Part::page(&new, &id).unwrap();
        assert_eq!(remove(&new, &page).unwrap(), text);
        let (new, name) = add_quota(text).unwrap();
        assert_eq!(remove(&new, &Part::Quota(name)).unwrap(), text);
        let (new, name) = add_list(text, &langs).unwrap();
        assert_eq!(remove(&new, &Part::List(name)).unwrap(), text);
    }
}

#[test]
fn a_new_question_of_any_kind_loads_straight_away() {
    for kind in ALL {
        let (text, id) = add_question(
            EXAMPLE,
            (0, Some(0)),
            *kind,
            (&[], &["en".into(), "de".into()]),
        )
        .unwrap();
        let (text, twice) = add_question(
            &text,
            (0, Some(1)),
            *kind,
            (&[], &["en".into(), "de".into()]),
        )
        .unwrap();

        let survey = Survey::read(&text).unwrap_or_else(|said| panic!("{}: {said:?}", kind.name()));

        assert_eq!(survey.block(&id).unwrap().kind.name(), kind.name());
        assert_ne!(id, twice);
        let refused = survey
            .problems
            .iter()
            .filter(|one| one.level == Level::Refused);
        let shows = survey
            .block(&id)
            .unwrap()
            .kind
            .pictures(survey.block(&id).unwrap());
        assert_eq!(refused.count() > 0, !shows.is_empty(), "{}", kind.name());
    }
}

#[test]
fn random_edits_end_in_a_text_that_holds_all_comments_and_can_be_taken_back() {
    for text in all() {
        for seed in 1..25 {
            let mut dice = Dice(seed);
            let mut now = text.to_owned();
            for _ in 0..12 {
                let asks = asks(&now);
                let (at, on) = asks[dice.roll(asks.len())];
                let part = Part::Ask(at, on);
                let langs = Outline::of(&now).unwrap().langs;
                let rows = Rows::of(&part, "items", &langs);
                let item = dice.roll(rows.count(&now));
                let next = match dice.roll(6) {
                    0 => move_question(&now, (at, on), Way::Up),
                    1 => move_question(&now, (at, on), Way::Down),
                    2 => sheet(&now, &part).write(
                        &now,
                        &typed(&[("text.en", "Words \"said\""), ("when", "1 = 1")]),
                    ),
                    3 => rows.step(&now, "down", item),
                    4 => sheet(&now, &part)
                        .write(&now, &typed(&[("required", "yes"), ("help.en", "A\nB")])),
                    _ => copy_question(&now, (at, on)).map(|(text, _)| text),
                };
                now = next.unwrap_or_else(|unfit| panic!("{unfit}:\n{now}"));
            }
            let kept = comments(&now);
            let is_kept = |comment: &String| kept.contains(comment);
            assert!(comments(text).iter().all(is_kept), "seed {seed}:\n{now}");
            assert!(now.parse::<toml_edit::DocumentMut>().is_ok());
        }
    }
}
