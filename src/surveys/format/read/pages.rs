//! The pages, in order.

use super::super::{Leave, Order, Over, Page, Repeat};
use super::{Reader, asks};
use crate::base::written::Section;

/// A loop that says nothing else ends after so many turns.
const TURNS: u32 = 50;
const MOST_TURNS: u32 = 1000;

impl<'a> Reader<'a> {
    pub(super) fn pages(&self, root: &mut Section<'a>) -> Vec<Page> {
        if !root.has("page") {
            root.error("page", "there is no page yet; add one with [[page]]");
        }
        root.each("page", |page| self.page(page))
    }

    fn page(&self, page: &mut Section<'a>) -> Page {
        let id = Reader::id(page);
        asks::unresolved(page, &id);
        let title = self.words(page, "title");
        let when = self.expr(page, "when");
        let section = page.text("section").map(str::to_owned);
        let repeat = page.one("loop", |repeat| self.repeat(repeat)).flatten();
        let order = Reader::order(page);
        let blocks = page.each("ask", |ask| self.ask(ask));
        let leaves = page.each("leave", |leave| self.leave(leave));
        Page {
            id,
            title,
            when,
            section,
            repeat,
            order,
            is_empty: blocks.is_empty() && leaves.is_empty(),
            blocks: blocks.into_iter().flatten().collect(),
            leaves,
            position: self.position(page),
        }
    }

    fn repeat(&self, repeat: &mut Section<'a>) -> Option<Repeat> {
        let list = repeat.text("list").map(|list| Over::List(list.to_owned()));
        let chosen = repeat.text("chosen").map(|id| Over::Chosen(id.to_owned()));
        let times = self.expr(repeat, "times").map(Over::Times);
        let count = [&list, &chosen, &times].into_iter().flatten().count();
        if count != 1 {
            repeat.error(
                "list",
                "a loop goes over one thing: `list`, `chosen` or `times`",
            );
        }
        let most = repeat.count("most").unwrap_or(TURNS);
        if most == 0 || most > MOST_TURNS {
            repeat.error("most", format!("`most` is 1 to {MOST_TURNS} turns"));
        }
        let order = Reader::order(repeat);
        let over = list.or(chosen).or(times)?;
        Some(Repeat { over, most, order })
    }

    pub(super) fn order(section: &mut Section<'a>) -> Order {
        match section.one_of("order", &["written", "random", "flipped", "rotated"]) {
            Some("random") => Order::Random,
            Some("flipped") => Order::Flipped,
            Some("rotated") => Order::Rotated,
            _ => Order::Written,
        }
    }

    fn leave(&self, leave: &mut Section<'a>) -> Leave {
        Leave {
            id: Reader::id(leave),
            outcome: Reader::outcome(leave, "outcome"),
            when: self.expr(leave, "when"),
            text: self.words(leave, "text"),
            position: self.position(leave),
        }
    }
}
