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
    match dice.roll(12) {
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
        7..=10 => of_form(text, dice),
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

/// One edit of a form of the text, if it has one.
fn of_form(text: &str, dice: &mut Dice) -> (String, Option<String>) {
    let mut forms = widgets(text);
    forms.retain(|(_, one)| one.kind == "form");
    let none = (text.to_owned(), None);
    if forms.is_empty() {
        return none;
    }
    let (page, one) = forms[dice.roll(forms.len())].clone();
    let of = (page.as_str(), one.id.as_str());
    let parts = Part::all(text, of).unwrap();
    let part = &parts[dice.roll(parts.len())];
    let (list, at) = (part.id.as_str(), dice.roll(part.fields.len()));
    let Some(field) = part.fields.get(at) else {
        return none;
    };
    let name = (list, field.name.as_str());
    match dice.roll(4) {
        0 if at + 1 < part.fields.len() => {
            let new = move_field(text, of, name, Way::Down).unwrap();
            let back = move_field(&new, of, name, Way::Up).unwrap();
            (new, Some(back))
        }
        1 if !list.is_empty() => {
            let extra = NewField {
                name: "extra",
                column: "extra",
                settings: "{ from = \"form.extra\", type = \"text\", null = true }",
            };
            match add_field(text, of, list, &extra) {
                Ok(new) => {
                    let back = remove_field(&new, of, (list, "extra")).unwrap();
                    (new, Some(back))
                }
                Err(_) => none,
            }
        }
        2 if text.contains("[query.add_part]") => {
            let id = format!("\"more_{}\"", parts.len());
            let entry = [("id", id), ("submit", "\"add_part\"".to_owned())];
            let entry = entry.map(|(key, value)| (key.to_owned(), value)).to_vec();
            let id = format!("more_{}", parts.len());
            let new = add_list(text, of, &entry).unwrap();
            let back = remove_list(&new, of, &id).unwrap();
            (new, Some(back))
        }
        _ => {
            let new = forms::said(text, of, name, "w.label=Anew&w.help=Some+words").unwrap();
            let label = form_urlencoded::Serializer::new(String::new())
                .append_pair("w.label", &field.label)
                .finish();
            let had = forms::said(text, of, name, "w.help=").unwrap() != text;
            let back = forms::said(&new, of, name, &format!("{label}&w.help=")).unwrap();
            (new, (!had).then_some(back))
        }
    }
}

#[test]
fn two_hundred_and_fifty_sequences_keep_every_comment_and_can_be_taken_back() {
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
