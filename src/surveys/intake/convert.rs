//! From the bytes of a file to a definition that can be read.

use super::draft::{Block, Draft, Page};
use super::settle::settle;
use super::{Account, Place, book, lss, write, xlsform};
use crate::surveys::format::{Level, Problem, Survey};

/// A questionnaire that became a definition.
#[derive(Clone, Debug)]
pub struct Converted {
    /// What it was: `XLSForm` or `LimeSurvey`.
    pub from: &'static str,
    /// The definition; [`Survey::read`] reads it.
    pub text: String,
    pub account: Account,
}

/// Why a file is no questionnaire at all, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

impl Unreadable {
    pub(super) fn new(why: impl Into<String>) -> Unreadable {
        Unreadable(why.into())
    }
}

/// The files that lie beside a questionnaire: lists it names.
pub trait Beside {
    fn file(&self, name: &str) -> Option<Vec<u8>>;
}

/// No file lies beside it.
pub struct Nothing;

impl Beside for Nothing {
    fn file(&self, _: &str) -> Option<Vec<u8>> {
        None
    }
}

/// Makes a definition of an XLSForm or a LimeSurvey survey; `name` is the file's.
///
/// # Errors
///
/// When it is neither, or cannot be read as one.
pub fn convert(bytes: &[u8], name: &str, beside: &dyn Beside) -> Result<Converted, Unreadable> {
    let mut account = Account::default();
    let (from, mut draft) = if book::is_book(bytes) {
        (
            "XLSForm",
            xlsform::draft(&book::sheets(bytes)?, name, beside, &mut account)?,
        )
    } else if lss::is_lss(bytes) {
        ("LimeSurvey", lss::draft(bytes, name, &mut account)?)
    } else {
        let why = "this is neither an Excel workbook (XLSForm) nor a LimeSurvey survey (.lss)";
        return Err(Unreadable::new(why));
    };
    settle(&mut draft, &mut account);
    let text = readable(&mut draft, &mut account);
    Ok(Converted {
        from,
        text,
        account,
    })
}

/// The text of the draft. What the reader of definitions still finds wrong in a
/// question takes that question's place: it stays as words that cannot be published.
fn readable(draft: &mut Draft, account: &mut Account) -> String {
    let mut is_bare = false;
    loop {
        let text = write::text(draft);
        let Err(problems) = Survey::read(&text) else {
            return text;
        };
        let first = problems
            .into_iter()
            .find(|problem| problem.level == Level::Error);
        let Some(problem) = first.filter(|_| !is_bare) else {
            return text;
        };
        if !mended(draft, &text, &problem, account) {
            bare(draft, &problem, account);
            is_bare = true;
        }
    }
}

/// What cannot be mended in one question is a page of words, with the reason.
fn bare(draft: &mut Draft, problem: &Problem, account: &mut Account) {
    account.refuse(&draft.place, problem.message.clone());
    let first = draft.langs.first().map_or("en", String::as_str);
    let mut words = Block {
        id: "words".to_owned(),
        kind: "info",
        text: vec![(first.to_owned(), "–".to_owned())],
        ..Block::default()
    };
    words.unresolved(problem.message.clone());
    draft.lists.clear();
    draft.sections.clear();
    draft.pages = vec![Page {
        id: "page".to_owned(),
        blocks: vec![words],
        ..Page::default()
    }];
}

/// Takes out what a problem is about; `false` when nothing is left to take.
fn mended(draft: &mut Draft, text: &str, problem: &Problem, account: &mut Account) -> bool {
    // A problem of a whole table stands at its head, and its id on the next line.
    let lines = text.lines().take(problem.line + 1);
    let ids = lines.filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
    // The first one is the survey's.
    let Some(id) = ids.skip(1).last() else {
        return false;
    };
    for at in 0..draft.pages.len() {
        let page = &mut draft.pages[at];
        if let Some(index) = page.blocks.iter().position(|block| block.id == id) {
            let block = &page.blocks[index];
            let place = block.place.clone();
            if block.kind == "info" && block.when.is_none() {
                page.blocks.remove(index);
            } else {
                page.blocks[index] = words_only(block, &problem.message);
            }
            account.refuse(&place, problem.message.clone());
            return true;
        }
        if page.id == id {
            let page = draft.pages.remove(at);
            for block in &page.blocks {
                account.refuse(&block.place, problem.message.clone());
            }
            account.refuse(&page.place, problem.message.clone());
            return true;
        }
    }
    false
}

fn words_only(block: &Block, why: &str) -> Block {
    let mut words = Block {
        id: block.id.clone(),
        kind: "info",
        text: block.text.clone(),
        place: block.place.clone(),
        ..Block::default()
    };
    // What is never seen has no words of its own.
    if words.text.is_empty() {
        words.text.push(("en".to_owned(), block.id.clone()));
    }
    words.unresolved(why);
    words
}

/// The part of an address that a title gives.
pub(super) fn slug(title: &str, place: &Place) -> String {
    let mut slug: String = crate::base::text::slug(title).chars().take(60).collect();
    if slug.is_empty() {
        slug = format!("survey-{}", place.row);
    }
    slug
}
