//! The turns of a loop: which there are, and in what order.

use super::chance::Chance;
use super::scope::{Here, is_chosen, items_of};
use crate::surveys::format::{Item, Over, Repeat};

/// The turns of the loop that begins with that page, in the order they are made.
/// A turn over items has the number of its item in the list, so that the same
/// turn is about the same thing for everybody.
pub(super) fn turns(here: &Here<'_>, page: usize) -> Vec<u32> {
    let page = here.who.compiled.page(page);
    let Some(repeat) = &page.repeat else {
        return Vec::new();
    };
    // What a loop goes over is decided outside of it.
    let outside = Here { turn: 0, ..*here };
    let mut found = numbers(&outside, repeat);
    let places = Chance::of(here.who.seed, &page.id).places(found.len(), repeat.order);
    found = places.into_iter().map(|at| found[at]).collect();
    found.truncate(repeat.most as usize);
    found
}

fn numbers(here: &Here<'_>, repeat: &Repeat) -> Vec<u32> {
    let number = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
    let items = items_of(here.who.compiled, &repeat.over).iter().enumerate();
    match &repeat.over {
        Over::List(_) => items
            .filter(|(_, item)| here.holds(item.when.as_ref()))
            .map(|(at, _)| number(at))
            .collect(),
        Over::Chosen(name) => items
            .filter(|(_, item)| is_chosen(here, name, item))
            .map(|(at, _)| number(at))
            .collect(),
        Over::Times(times) => {
            let times = times.eval(here).number().unwrap_or_default();
            let times = times.clamp(0.0, f64::from(repeat.most));
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped just before"
            )]
            let times = times as u32;
            (1..=times).collect()
        }
    }
}

/// The item that a turn is about.
pub(super) fn item<'a>(here: &Here<'a>, page: usize, turn: u32) -> Option<&'a Item> {
    let repeat = here.who.compiled.page(page).repeat.as_ref()?;
    let at = usize::try_from(turn).ok()?.checked_sub(1)?;
    items_of(here.who.compiled, &repeat.over).get(at)
}
