//! A page before one respondent: what is on it, and what a form says to it.

use super::Compiled;
use super::answers::Answers;
use super::chance::Chance;
use super::scope::{Here, Who};
use super::walk::{self, Step};
use crate::expr::{Expr, Scope, Value};
use crate::surveys::blocks::{self, Fault, Gallery, Phrase, Pipe, Role, Sight};
use crate::surveys::format::{Block, Item, Order, Required};
use crate::surveys::map::Datum;
use crate::surveys::uploads::Upload;
use crate::web::Fields;

/// A page, and the answers it stands among.
#[derive(Clone, Copy)]
pub struct Stand<'a> {
    pub who: Who<'a>,
    pub step: Step,
    /// The answers on the way before it.
    pub answers: &'a Answers,
    /// What was answered on it before, if it was.
    pub kept: &'a Answers,
    /// What stands in the fields instead, after a fault.
    pub typed: Option<&'a Fields>,
    /// The address of the page, below which its pictures are.
    pub at: &'a str,
    /// The files they sent.
    pub uploads: &'a [Upload],
}

/// What a form said to a page.
#[derive(Debug, Default)]
pub struct Heard {
    /// Answers by key; what is not among them was not asked.
    pub kept: Vec<(String, Datum)>,
    /// The keys of all blocks that were there.
    pub asked: Vec<String>,
    pub faults: Vec<(String, Fault)>,
}

impl<'a> Stand<'a> {
    pub(super) fn here<'b>(&self, answers: &'b Answers, place: &'b str) -> Here<'b>
    where
        'a: 'b,
    {
        Here::on(self.who, answers, self.step).at(place)
    }

    /// The blocks in the order they are shown.
    pub fn blocks(&self) -> Vec<&'a Block> {
        let page = self.who.compiled.page(self.step.page);
        let place = format!("{}:{}:order", page.id, self.step.turn);
        let order = Chance::of(self.who.seed, &place).places(page.blocks.len(), page.order);
        order.into_iter().map(|at| &page.blocks[at]).collect()
    }

    /// What is piped into words here.
    pub fn read_out(&self, name: &str) -> String {
        self.here(self.answers, "").read_out(name)
    }

    /// Draws or reads with the block as it is seen here. `None` where it is not there.
    pub(super) fn sight<T>(
        &self,
        answers: &Answers,
        (block, fault): (&Block, Option<&Fault>),
        with: impl FnOnce(&Sight<'_>) -> T,
    ) -> Option<T> {
        let here = self.here(answers, &block.id);
        let pipe: Pipe<'_> = &|name: &str| here.read_out(name);
        let kept = |key: &str| self.kept.get(key, self.step.turn);
        let sight = Sight {
            block,
            lang: self.who.lang,
            items: self.ordered("items", block, walk::items(&here, block)?),
            rows: self.ordered("rows", block, walk::rows(&here, block)?),
            is_required: match &block.required {
                Required::No => false,
                Required::Yes => true,
                Required::When(when) => here.holds(Some(when)),
            },
            fields: match self.typed {
                Some(typed) => own(typed),
                None => filled(&here, block, &kept),
            },
            fault: fault.cloned(),
            pipe,
            gallery: Gallery {
                at: self.at,
                assets: &self.who.compiled.assets,
            },
            uploads: { self.uploads.iter() }
                .filter(|file| file.turn == self.step.turn)
                .collect(),
        };
        Some(with(&sight))
    }

    pub(super) fn ordered<'b>(
        &self,
        what: &str,
        block: &Block,
        items: Vec<&'b Item>,
    ) -> Vec<&'b Item> {
        if block.order == Order::Written {
            return items;
        }
        let grid = !block.rows.is_empty();
        // The columns of a grid stay; its rows are what is turned round.
        if grid && what == "items" {
            return items;
        }
        let place = format!("{}:{}:{what}", block.id, self.step.turn);
        Chance::of(self.who.seed, &place).items(&items, block.order)
    }

    /// Shows each block that can be there to `show`: with whether it is there now.
    pub fn each(&self, faults: &[(String, Fault)], show: &mut dyn FnMut(&Sight<'_>, bool)) {
        for block in self.blocks() {
            if matches!(block.kind.role(), Role::Decided(_)) {
                continue;
            }
            let is_there = self.here(self.answers, &block.id).is_relevant(block);
            if !is_there && !self.may_appear(block) {
                continue;
            }
            let fault = faults.iter().find(|(id, _)| *id == block.id);
            let fault = fault.map(|(_, fault)| fault);
            self.sight(self.answers, (block, fault), |sight| show(sight, is_there));
        }
    }

    /// Does an answer of the same page decide whether the block is there?
    fn may_appear(&self, block: &Block) -> bool {
        self.deciding(block)
            .iter()
            .flat_map(|when| when.names())
            .any(|name| self.is_here(name))
    }

    /// Its conditions as the page works them out itself; nothing where none of
    /// them asks for an answer of the page.
    pub fn conditions(&self, block: &Block) -> Option<Vec<serde_json::Value>> {
        let all = self.deciding(block);
        self.may_appear(block)
            .then(|| all.into_iter().map(Expr::json).collect())
    }

    /// The conditions of a block and of the sections it lies in.
    fn deciding<'b>(&self, block: &'b Block) -> Vec<&'b Expr>
    where
        'a: 'b,
    {
        let survey = &self.who.compiled.survey;
        let mut conditions: Vec<&Expr> = block.when.iter().collect();
        let mut section = block
            .section
            .as_deref()
            .and_then(|name| survey.section(name));
        while let Some(each) = section {
            conditions.extend(&each.when);
            section = each.within.as_deref().and_then(|name| survey.section(name));
        }
        conditions
    }

    /// Is that asked on this page?
    fn is_here(&self, name: &str) -> bool {
        let page = self.who.compiled.page(self.step.page);
        page.blocks.iter().any(|block| {
            block.kind.role() == Role::Asks
                && (block.id == name || block.kind.names(block).iter().any(|part| part == name))
        })
    }

    /// What the conditions of this page ask of pages before it.
    pub fn known(&self) -> serde_json::Map<String, serde_json::Value> {
        let page = self.who.compiled.page(self.step.page);
        let here = self.here(self.answers, "");
        let mut known = serde_json::Map::new();
        for block in page.blocks.iter().filter(|block| self.may_appear(block)) {
            let conditions = self.deciding(block);
            for name in conditions.iter().flat_map(|when| when.names()) {
                if !self.is_here(name) {
                    known.insert(name.to_owned(), json(&here.value(name)));
                }
            }
        }
        known
    }

    /// Reads what a form says, block by block in the order of the file: a
    /// condition sees the answers before it. What is not there is not looked at.
    pub fn hear(&self, sent: &Fields) -> Heard {
        let page = self.who.compiled.page(self.step.page);
        let mut heard = Heard::default();
        let mut answers = self.answers.clone();
        for block in &page.blocks {
            let is_there = self.here(&answers, &block.id).is_relevant(block);
            if block.kind.role() != Role::Asks || !is_there {
                continue;
            }
            let keys = self.who.compiled.keys(block);
            heard.asked.extend_from_slice(keys);
            let found = self.sight(&answers, (block, None), |sight| self.answer(sight, sent));
            match found {
                Some(Ok(kept)) => {
                    for (key, datum) in kept {
                        answers.put(&key, self.step.turn, datum.clone());
                        heard.kept.push((key, datum));
                    }
                    let fault = self.check(&answers, block);
                    heard
                        .faults
                        .extend(fault.map(|fault| (block.id.clone(), fault)));
                }
                Some(Err(fault)) => heard.faults.push((block.id.clone(), fault)),
                None => {}
            }
        }
        heard
    }

    pub(super) fn answer(&self, sight: &Sight<'_>, sent: &Fields) -> Result<blocks::Kept, Fault> {
        if !sight.block.read_only {
            return blocks::answer(sight, sent);
        }
        // What cannot be changed is what stood there, whatever was sent.
        let pairs: Vec<(String, String)> = {
            let kept = |key: &str| self.kept.get(key, self.step.turn);
            let here = self.here(self.answers, &sight.block.id);
            filled(&here, sight.block, &kept)
        };
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs);
        blocks::answer(sight, &Fields::parse(&query.finish()))
    }

    /// Does the answer meet the block's check? What is not answered meets all.
    pub(super) fn check(&self, answers: &Answers, block: &Block) -> Option<Fault> {
        let (check, _) = block.check.as_ref()?;
        let here = self.here(answers, &block.id);
        let value = here.answer(block, self.step.turn);
        if value.is_empty() {
            return None;
        }
        let here = Here {
            itself: Some(&value),
            ..here
        };
        (!here.holds(Some(check))).then(|| Fault::at(&block.id, Phrase::new("not-met")))
    }

    /// The orders that chance had a hand in, as JSON.
    pub fn shown(&self) -> serde_json::Value {
        let page = self.who.compiled.page(self.step.page);
        let mut shown = serde_json::Map::new();
        if page.order != Order::Written {
            let ids = self.blocks().into_iter().map(|block| block.id.as_str());
            shown.insert(String::new(), ids.collect());
        }
        for block in page
            .blocks
            .iter()
            .filter(|block| block.order != Order::Written)
        {
            self.sight(self.answers, (block, None), |sight| {
                let of = if sight.rows.is_empty() {
                    &sight.items
                } else {
                    &sight.rows
                };
                let codes = of.iter().map(|item| item.code);
                shown.insert(block.id.clone(), codes.collect());
            });
        }
        serde_json::Value::Object(shown)
    }
}

/// A value as the page's own script has it.
pub(super) fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Empty => serde_json::Value::Null,
        Value::Number(number) => serde_json::json!(number),
        Value::Text(text) => text.as_str().into(),
        Value::Bool(truth) => (*truth).into(),
        Value::List(all) => all.iter().map(json).collect(),
    }
}

/// What stands in the fields: the answer given before, or the default.
fn filled(here: &Here<'_>, block: &Block, kept: &dyn Fn(&str) -> Datum) -> Vec<(String, String)> {
    let mut keys = here.who.compiled.keys(block).iter();
    let was_asked = keys.any(|key| kept(key) != Datum::NotAsked);
    match &block.default {
        Some(default) if !was_asked => preset(block, &default.eval(here)),
        _ => block.kind.fields(block, kept),
    }
}

fn own(typed: &Fields) -> Vec<(String, String)> {
    let all = typed.iter();
    all.map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// A default as the fields of its block: the codes of items, else the text.
fn preset(block: &Block, value: &Value) -> Vec<(String, String)> {
    if block.items.is_empty() {
        let text = value.text();
        return vec![(block.id.clone(), text)];
    }
    let code = |name: &String| {
        let called = |item: &&Item| match &item.name {
            Some(known) => known == name,
            None => item.code.to_string() == *name,
        };
        block
            .items
            .iter()
            .find(called)
            .map(|item| item.code.to_string())
    };
    let codes = value.chosen();
    let codes = codes.iter().filter_map(code);
    codes.map(|code| (block.id.clone(), code)).collect()
}

impl Compiled {
    /// How many questions there are to be answered, and how many stand before that page.
    pub fn questions(&self, page: usize) -> (usize, usize) {
        let count = |pages: &[crate::surveys::format::Page]| {
            let blocks = pages.iter().flat_map(|page| &page.blocks);
            blocks
                .filter(|block| block.kind.role() == Role::Asks)
                .count()
        };
        let pages = &self.survey.pages;
        (count(&pages[..page.min(pages.len())]), count(pages))
    }
}
