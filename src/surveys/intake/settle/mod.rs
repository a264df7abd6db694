//! Checks a draft against itself: what names nothing, or what is asked later, is told
//! in the account and keeps its question from being published. It is never left out
//! in silence.

mod later;
mod names;

use crate::expr::Expr;
use crate::surveys::format::Piece;

use super::draft::{Block, Draft, Need, Page, Texts};
use super::{Account, Place};
use names::{Names, Spot};

pub(super) fn settle(draft: &mut Draft, account: &mut Account) {
    later::move_later(draft, account);
    let names = Names::of(draft);
    sections(draft, &names, account);
    lists(draft, &names, account);
    let mut pages = std::mem::take(&mut draft.pages);
    for (at, page) in pages.iter_mut().enumerate() {
        let mut desk = Desk {
            names: &names,
            account: &mut *account,
        };
        desk.page(at + 1, page);
    }
    draft.pages = pages;
}

/// The choices of a list are read where the first question with that list stands.
fn lists(draft: &mut Draft, names: &Names, account: &mut Account) {
    let place = draft.place.clone();
    for list in &mut draft.lists {
        let all = draft.pages.iter().flat_map(|page| &page.blocks);
        let users = all.filter(|block| block.list.as_ref() == Some(&list.id));
        let first = users.filter_map(|block| names.spot(&block.id)).min();
        let mut desk = Desk {
            names,
            account: &mut *account,
        };
        for item in &mut list.items {
            desk.words(&mut item.text, first.unwrap_or((usize::MAX, 0)), &place);
        }
    }
}

/// The condition of a section stands at the first page it has.
fn sections(draft: &mut Draft, names: &Names, account: &mut Account) {
    for at in 0..draft.sections.len() {
        let section = &mut draft.sections[at];
        let Some(when) = section.when.take() else {
            continue;
        };
        let spot = names.first_page(&section.id);
        match names.checked(&when, spot) {
            Ok(()) => section.when = Some(when),
            Err(why) => {
                let (id, place) = (section.id.clone(), section.place.clone());
                let said = said("condition", &when, &why);
                account.refuse(&place, said.clone());
                let inside = names.inside(&id);
                let pages = draft.pages.iter_mut();
                for page in pages.filter(|page| {
                    page.section
                        .as_ref()
                        .is_some_and(|name| inside.contains(name))
                }) {
                    page.unresolved.push(said.clone());
                }
            }
        }
    }
}

fn said(what: &str, text: &str, why: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("its {what} `{text}` is not carried over: {why}")
}

/// Where one page after the other is looked at.
struct Desk<'a> {
    names: &'a Names,
    account: &'a mut Account,
}

impl Desk<'_> {
    fn page(&mut self, at: usize, page: &mut Page) {
        let (before, place) = ((at, 0), page.place.clone());
        for (what, expr) in [
            ("condition", &mut page.when),
            ("number of turns", &mut page.times),
        ] {
            if let Err(why) = self.kept(what, expr, before, &place) {
                page.unresolved.push(why);
            }
        }
        self.words(&mut page.title, before, &place);
        for (index, block) in page.blocks.iter_mut().enumerate() {
            self.block((at, index + 1), block);
        }
    }

    fn block(&mut self, at: Spot, block: &mut Block) {
        let place = block.place.clone();
        let itself = (at.0, at.1 + 1);
        let mut faults = Vec::new();
        let mut needed = match std::mem::take(&mut block.required) {
            Need::When(when) => Some(when),
            other => {
                block.required = other;
                None
            }
        };
        let exprs = [
            ("condition", &mut block.when, at),
            ("condition for being required", &mut needed, at),
            ("default", &mut block.default, at),
            ("calculation", &mut block.calculate, itself),
            ("check", &mut block.check, itself),
        ];
        for (what, expr, spot) in exprs {
            faults.extend(self.kept(what, expr, spot, &place).err());
        }
        if let Some(when) = needed {
            block.required = Need::When(when);
        }
        faults.extend(self.filter(at, block).err());
        for fault in faults {
            block.unresolved(fault);
        }
        for words in [
            &mut block.text,
            &mut block.help,
            &mut block.check_text,
            &mut block.required_text,
        ] {
            self.words(words, at, &place);
        }
        for item in block.items.iter_mut().chain(&mut block.rows) {
            self.words(&mut item.text, at, &place);
        }
    }

    /// Takes an expression away that cannot stand, and says why.
    fn kept(
        &mut self,
        what: &str,
        expr: &mut Option<String>,
        spot: Spot,
        place: &Place,
    ) -> Result<(), String> {
        let Some(text) = expr else { return Ok(()) };
        let Err(why) = self.names.checked(text, spot) else {
            return Ok(());
        };
        let said = said(what, text, &why);
        self.account.refuse(place, said.clone());
        *expr = None;
        Err(said)
    }

    fn filter(&mut self, at: Spot, block: &mut Block) -> Result<(), String> {
        let Some(text) = block.filter.clone() else {
            return Ok(());
        };
        let own: Vec<&str> = block
            .items
            .iter()
            .flat_map(|item| &item.columns)
            .map(|column| column.0.as_str())
            .collect();
        let why = match Expr::parse(&text) {
            Ok(expr) => self
                .names
                .filter_fault(&expr, at, block.list.as_deref(), &own),
            Err(fault) => Some(fault.message),
        };
        let Some(why) = why else { return Ok(()) };
        let said = said("choice filter", &text, &why);
        self.account.refuse(&block.place, said.clone());
        block.filter = None;
        Err(said)
    }

    /// A text that pipes what is not there yet shows the name instead.
    fn words(&mut self, texts: &mut Texts, spot: Spot, place: &Place) {
        for (_, text) in texts {
            let pieces = Piece::of(text);
            let is_known = |name: &str| self.names.fault(name, spot).is_none();
            let unknown: Vec<&str> = pieces
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Answer(name) if !is_known(name) => Some(*name),
                    _ => None,
                })
                .collect();
            if unknown.is_empty() {
                continue;
            }
            let note = format!(
                "a text shows the answer of {} before it is given; the name is shown",
                unknown.join(", ")
            );
            let again: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => (*text).to_owned(),
                    Piece::Answer(name) if unknown.contains(name) => format!("[{name}]"),
                    Piece::Answer(name) => format!("${{{name}}}"),
                })
                .collect();
            *text = again;
            self.account.note(place, note);
        }
    }
}
