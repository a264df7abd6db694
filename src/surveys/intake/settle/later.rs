//! What is worked out from later answers is worked out later, and words about them
//! are shown later.

use super::super::Account;
use super::super::draft::{Block, Draft, Page, joined};
use super::names::{Names, Spot};
use crate::expr::Expr;

/// Moves computed blocks and words behind the last answer they need. What goes round in a
/// circle stays, and is told by the checks after this.
pub(super) fn move_later(draft: &mut Draft, account: &mut Account) {
    let mut left = draft.blocks().filter(|block| may_move(block)).count() * 4;
    while left > 0 {
        left -= 1;
        let names = Names::of(draft);
        let Some((from, after)) = next(draft, &names) else {
            return;
        };
        let when = around(draft, from.0 - 1);
        let mut block = draft.pages[from.0 - 1].blocks.remove(from.1 - 1);
        block.when = joined(when.into_iter().chain(block.when.take()).collect());
        let needs = name_at(draft, after, from);
        let verb = if block.kind == "info" {
            "shown"
        } else {
            "worked out"
        };
        account.note(
            &block.place,
            format!("is {verb} after `{needs}`, which it needs"),
        );
        put(draft, block, from, after);
    }
}

fn may_move(block: &Block) -> bool {
    matches!(block.kind, "computed" | "info")
}

/// The conditions a page and its sections stand under.
fn around(draft: &Draft, page: usize) -> Vec<String> {
    let page = &draft.pages[page];
    let mut all: Vec<String> = page.when.iter().cloned().collect();
    let mut above = page.section.clone();
    while let Some(name) = above {
        let section = draft.sections.iter().find(|section| section.id == name);
        all.extend(section.and_then(|section| section.when.clone()));
        above = section.and_then(|section| section.within.clone());
    }
    all
}

/// The first of them that needs a later answer, and the last answer it needs.
fn next(draft: &Draft, names: &Names) -> Option<(Spot, Spot)> {
    for (at, page) in draft.pages.iter().enumerate() {
        if page.times.is_some() {
            continue;
        }
        for (index, block) in page.blocks.iter().enumerate() {
            let spot = (at + 1, index + 1);
            let last = last_needed(block, names);
            if may_move(block) && last.is_some_and(|last| last > spot) {
                return last.map(|last| (spot, last));
            }
        }
    }
    None
}

fn last_needed(block: &Block, names: &Names) -> Option<Spot> {
    let exprs = [&block.calculate, &block.when].into_iter().flatten();
    let parsed: Vec<Expr> = exprs.filter_map(|text| Expr::parse(text).ok()).collect();
    let needed = parsed.iter().flat_map(Expr::names);
    needed.filter_map(|name| names.spot(name)).max()
}

/// What stands at a spot, counted before the block at `from` was taken out.
fn name_at(draft: &Draft, (page, index): Spot, from: Spot) -> String {
    let page_there = &draft.pages[page - 1];
    let shift = usize::from(page == from.0 && index > from.1);
    let block = index
        .checked_sub(1 + shift)
        .and_then(|at| page_there.blocks.get(at));
    block.map_or_else(|| page_there.id.clone(), |block| block.id.clone())
}

fn put(draft: &mut Draft, block: Block, from: Spot, (page, index): Spot) {
    if draft.pages[page - 1].times.is_none() {
        let shift = usize::from(page == from.0);
        draft.pages[page - 1].blocks.insert(index - shift, block);
        return;
    }
    // After the last page of the loop, on a page of its own.
    let end = draft.pages[page - 1..]
        .iter()
        .position(|page| page.times.is_none());
    let end = end.map_or(draft.pages.len(), |count| page - 1 + count);
    let own = Page {
        id: format!("{}.page", block.id),
        place: block.place.clone(),
        blocks: vec![block],
        ..Page::default()
    };
    draft.pages.insert(end, own);
}
