//! Answers made by chance, for trying a survey out: what kinds share.

use super::figures::Limits;
use super::kind::Fielded;
use super::sight::Sight;
use crate::surveys::format::Item;

/// One side in so many of a die comes up where something is rare.
const RARE: usize = 8;
/// What is written where words are asked for.
const WORDS: [&str; 8] = ["It", "tasted", "fresh", "and", "the", "box", "was", "easy"];

/// A die: what is thrown decides, and whoever holds it can throw the same again.
pub struct Die<'a>(&'a mut dyn FnMut(usize) -> usize);

impl<'a> Die<'a> {
    /// `throw` gives one of `0..count`, and 0 where there is none.
    pub fn new(throw: &'a mut dyn FnMut(usize) -> usize) -> Die<'a> {
        Die(throw)
    }

    pub fn below(&mut self, count: usize) -> usize {
        (self.0)(count).min(count.saturating_sub(1))
    }

    pub fn is_rare(&mut self) -> bool {
        self.below(RARE) == 0
    }

    pub fn among<'b, T>(&mut self, all: &'b [T]) -> Option<&'b T> {
        all.get(self.below(all.len()))
    }

    /// All of them, in another order.
    pub(super) fn mixed<T>(&mut self, mut all: Vec<T>) -> Vec<T> {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
        all
    }
}

/// How many of so many, within those bounds.
fn count(die: &mut Die<'_>, (least, most): (u32, u32), there: usize) -> usize {
    let most = (most as usize).min(there);
    let least = (least as usize).clamp(1.min(most), most);
    least + die.below(most - least + 1)
}

/// Some of the items: one that goes with no other, or as many as are asked for.
pub(super) fn some<'a>(die: &mut Die<'_>, items: &[&'a Item], bounds: (u32, u32)) -> Vec<&'a Item> {
    let (alone, others): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|item| item.exclusive);
    if !alone.is_empty() && (others.is_empty() || die.is_rare()) {
        return die.among(&alone).into_iter().copied().collect();
    }
    let many = count(die, bounds, others.len());
    die.mixed(others).into_iter().take(many).collect()
}

/// A number as people write it, between 0 and 100 where nothing is said.
pub(super) fn number(die: &mut Die<'_>, limits: Limits) -> String {
    let (low, high) = limits.range.unwrap_or((0.0, 100.0));
    let decimals = limits.decimals.min(9);
    let one = 10_f64.powi(i32::try_from(decimals).unwrap_or_default());
    let (first, last) = ((low * one).ceil(), (high * one).floor());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped just before"
    )]
    let steps = (last - first).clamp(0.0, 1e9) as usize;
    let at = u32::try_from(die.below(steps + 1)).unwrap_or_default();
    let decimals = decimals as usize;
    format!("{:.decimals$}", (first + f64::from(at)) / one)
}

/// Words of so many characters.
pub(super) fn words(die: &mut Die<'_>, (least, most): (u32, u32)) -> String {
    let (least, most) = (least.max(1) as usize, most.max(1) as usize);
    let mut text = String::new();
    let wanted = (least + 8 + die.below(40)).clamp(least, most);
    while text.chars().count() < wanted {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(die.among(&WORDS).copied().unwrap_or("it"));
    }
    // A text that was cut must not end with a space, which would not count.
    let cut: String = text.chars().take(wanted).collect();
    let cut = cut.trim_end();
    let missing = least.saturating_sub(cut.chars().count());
    format!("{cut}{}", "e".repeat(missing))
}

/// One of the texts, for the field of the block.
pub(super) fn point(die: &mut Die<'_>, sight: &Sight<'_>, points: &[String]) -> Fielded {
    let point = die.among(points).cloned();
    point
        .map(|point| (sight.block.id.clone(), point))
        .into_iter()
        .collect()
}
