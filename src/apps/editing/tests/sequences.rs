//! Many edits after each other, of the page and of the text, in any order.

use super::*;
use crate::web::Fields;

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

/// Everything behind a `#` that begins a word, in some order.
fn comments(text: &str) -> Vec<String> {
    let mut found: Vec<String> = { text.lines() }
        .filter_map(|line| Some(line[line.find("# ")?..].to_owned()))
        .collect();
    found.sort();
    found
}

/// One edit, and the text as it was once that is taken back by its opposite.
fn edited(text: &str, dice: &mut Dice) -> (String, Option<String>) {
    let all = widgets(text);
    let (page, one) = all[dice.roll(all.len())].clone();
    let of = (page.as_str(), one.id.as_str());
    let at = one.at.unwrap_or([1, 1, 12]);
    let number = |dice: &mut Dice, most: usize| u32::try_from(dice.roll(most)).unwrap() + 1;
    match dice.roll(8) {
        0 | 1 => {
            let to = [number(dice, 6), number(dice, 12), number(dice, 12)];
            (place(text, of, to, &never).unwrap(), None)
        }
        2 => {
            let far = place(text, of, [at[0] + 100, at[1], at[2]], &|_, _| true).unwrap();
            let back = place(&far, of, at, &|_, _| true).unwrap();
            (far, Some(back))
        }
        3 => {
            let kinds = ALL.len();
            let kind = ALL[dice.roll(kinds)].schema().name;
            let (new, id) = new(text, &page, kind).unwrap();
            let back = remove_widget(&new, (&page, &id)).unwrap();
            (new, Some(back))
        }
        4 => match copy_widget(text, of) {
            Ok((new, id)) => {
                let back = remove_widget(&new, (&page, &id)).unwrap();
                (new, Some(back))
            }
            Err(_) => (text.to_owned(), None),
        },
        5 => {
            let (new, id) = add_page(text, "One more").unwrap();
            let back = remove_page(&new, &id).unwrap();
            (new, Some(back))
        }
        6 => {
            let settings = Sheet::of(super::page(&page), crate::apps::format::PAGE);
            let order = (dice.roll(9) * 10).to_string();
            let typed = Fields::parse(&format!("k.order={order}"));
            (settings.write(text, &typed).unwrap(), None)
        }
        // Somebody types.
        _ => {
            let own = widget_text(text, of).unwrap_or_default();
            let typed = own.replacen("\nat", "\n# typed by hand\nat", 1);
            let typed = if own.contains("# typed by hand") {
                own.clone()
            } else {
                typed
            };
            match set_widget_text(text, of, &typed) {
                Ok(new) => {
                    let back = set_widget_text(&new, of, &own).unwrap();
                    (new, Some(back))
                }
                Err(_) => (text.to_owned(), None),
            }
        }
    }
}

#[test]
fn two_hundred_sequences_keep_every_comment_and_can_be_taken_back() {
    for (at, text) in TEXTS.iter().enumerate() {
        for seed in 1..=50 {
            let mut dice = Dice(seed * 7919 + at as u64);
            let mut now = (*text).to_owned();
            for _ in 0..8 {
                let (next, back) = edited(&now, &mut dice);
                if let Some(back) = back {
                    assert_eq!(back, now, "text {at}, seed {seed}");
                }
                now = next;
                loads(&now);
            }
            let kept = comments(&now);
            for comment in comments(text) {
                assert!(
                    kept.contains(&comment),
                    "text {at}, seed {seed}: {comment}\n{now}"
                );
            }
        }
    }
}

#[test]
fn nothing_that_was_moved_lies_on_something_else() {
    for seed in 1..=50 {
        let mut dice = Dice(seed);
        let mut now = EXAMPLE.to_owned();
        for _ in 0..10 {
            let all = widgets(&now);
            let (page, one) = all[dice.roll(all.len())].clone();
            let number = |dice: &mut Dice| u32::try_from(dice.roll(12)).unwrap() + 1;
            let to = [number(&mut dice), number(&mut dice), number(&mut dice)];
            now = place(&now, (&page, &one.id), to, &never).unwrap();
        }
        for (page, one) in widgets(&now) {
            for (on, other) in widgets(&now) {
                let ([row, column, width], [line, from, wide]) =
                    (one.at.unwrap(), other.at.unwrap());
                let is_other = page == on && one.id != other.id && row == line;
                let meets = column < from + wide && from < column + width;
                assert!(
                    !(is_other && meets),
                    "seed {seed}: {} and {}\n{now}",
                    one.id,
                    other.id
                );
            }
        }
    }
}
