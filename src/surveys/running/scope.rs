//! What a condition sees where it stands: the answers on the way, this turn, this item.

use super::Answers;
use super::compiled::{Compiled, Named};
use super::walk::Step;
use crate::base::Time;
use crate::expr::{Expr, Scope, Value};
use crate::surveys::blocks;
use crate::surveys::format::{Block, Item, Over};
use crate::surveys::map::Datum;

/// One respondent, as far as conditions care.
#[derive(Clone, Copy)]
pub struct Who<'a> {
    pub compiled: &'a Compiled,
    pub entries: &'a [(String, String)],
    pub seed: i64,
    pub lang: &'a str,
    pub now: Time,
}

/// A place on the way at which a condition stands.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    pub(super) who: Who<'a>,
    pub(super) answers: &'a Answers,
    /// The page and the turn it stands in; turn 0 is outside of loops.
    pub(super) page: usize,
    pub(super) turn: u32,
    /// What makes its chance its own.
    pub(super) place: &'a str,
    pub(super) itself: Option<&'a Value>,
    pub(super) item: Option<&'a Item>,
}

impl<'a> Here<'a> {
    /// On that page, as those answers leave it.
    pub(super) fn on(who: Who<'a>, answers: &'a Answers, step: Step) -> Here<'a> {
        Here {
            who,
            answers,
            page: step.page,
            turn: step.turn,
            place: "",
            itself: None,
            item: None,
        }
    }

    pub(super) fn at(self, place: &'a str) -> Here<'a> {
        Here { place, ..self }
    }

    /// Does the condition hold, where there is one?
    pub(super) fn holds(&self, when: Option<&Expr>) -> bool {
        when.is_none_or(|when| when.eval(self).is_true())
    }

    /// Do the conditions of that section, and of those it lies in, hold?
    pub(super) fn is_in(&self, section: Option<&str>) -> bool {
        let survey = &self.who.compiled.survey;
        let mut above = section.and_then(|name| survey.section(name));
        // A section does not lie in itself: that was checked.
        while let Some(section) = above {
            if !self.holds(section.when.as_ref()) {
                return false;
            }
            above = section
                .within
                .as_deref()
                .and_then(|name| survey.section(name));
        }
        true
    }

    pub(super) fn is_relevant(&self, block: &Block) -> bool {
        self.is_in(block.section.as_deref()) && self.holds(block.when.as_ref())
    }

    /// Does the item get past its own condition and the filter of its block?
    pub(super) fn has_item(&self, block: &Block, item: &Item) -> bool {
        let here = Here {
            item: Some(item),
            ..*self
        };
        here.holds(item.when.as_ref()) && here.holds(block.filter.as_ref())
    }

    /// The answer to a block as expressions see it.
    pub(super) fn answer(&self, block: &Block, turn: u32) -> Value {
        block
            .kind
            .value(block, &|key: &str| self.answers.get(key, turn))
    }

    /// The turns of a loop.
    fn turns_of(&self, page: usize) -> Vec<u32> {
        super::turns::turns(self, page)
    }

    /// In this turn where the page is in the same loop, else of all turns.
    fn of_turns(&self, page: usize, value: &dyn Fn(u32) -> Value) -> Value {
        let loops = &self.who.compiled.loops;
        let own = loops.get(self.page).copied().flatten();
        match loops[page] {
            None => value(0),
            Some(first) if own == Some(first) && self.turn > 0 => value(self.turn),
            Some(first) => {
                let mut turns = self.turns_of(first);
                turns.sort_unstable();
                Value::List(turns.into_iter().map(value).collect())
            }
        }
    }

    fn in_one_turn(&self, name: &str, turn: u32) -> Value {
        match self.who.compiled.names.get(name) {
            Some(Named::Block(page, block)) => {
                self.answer(self.who.compiled.block(*page, *block), turn)
            }
            Some(Named::Part(page, block)) => {
                let block = self.who.compiled.block(*page, *block);
                let kept = |key: &str| self.answers.get(key, turn);
                block.kind.named(block, name, &kept).unwrap_or(Value::Empty)
            }
            Some(Named::Entry) => self.entry(name),
            Some(Named::Loop(_)) | None => Value::Empty,
        }
    }

    fn entry(&self, name: &str) -> Value {
        let found = self.who.entries.iter().find(|(known, _)| known == name);
        found.map_or(Value::Empty, |(_, value)| Value::of_text(value.as_str()))
    }

    /// `loop.item` and `loop.code`: what this turn of it is about.
    fn of_loop(&self, name: &str) -> Option<Value> {
        let (page, what) = name.rsplit_once('.')?;
        let page = self.who.compiled.page_at(page)?;
        let item = super::turns::item(self, page, self.turn)?;
        match what {
            "item" => Some(Value::of_text(blocks::plain(
                item.text.text(self.who.lang),
                &|name: &str| self.read_out(name),
            ))),
            "code" => Some(item.value()),
            _ => None,
        }
    }

    /// An answer as a respondent reads it: the text of what was chosen.
    pub(super) fn read_out(&self, name: &str) -> String {
        self.labels(name, &self.value(name))
    }

    /// A value of that name in the words of its codes.
    pub(super) fn labels(&self, name: &str, value: &Value) -> String {
        let read = |code: &str| self.label(name, code).unwrap_or_else(|| code.to_owned());
        match value {
            Value::List(_) => {
                let chosen: Vec<String> = value.chosen().iter().map(|code| read(code)).collect();
                chosen.join(", ")
            }
            one => {
                let text = one.text();
                self.label(name, &text).unwrap_or(text)
            }
        }
    }

    fn block_of(&self, name: &str) -> Option<&'a Block> {
        match self.who.compiled.names.get(name)? {
            Named::Block(page, block) | Named::Part(page, block) => {
                Some(self.who.compiled.block(*page, *block))
            }
            Named::Entry | Named::Loop(_) => None,
        }
    }
}

/// Is the item the one that expressions call so?
fn is_called(item: &Item, code: &str) -> bool {
    match &item.name {
        Some(name) => name == code,
        None => item.code.to_string() == code,
    }
}

impl Scope for Here<'_> {
    fn value(&self, name: &str) -> Value {
        match self.who.compiled.names.get(name) {
            Some(Named::Entry) => self.entry(name),
            Some(Named::Block(page, _) | Named::Part(page, _)) => {
                self.of_turns(*page, &|turn| self.in_one_turn(name, turn))
            }
            Some(Named::Loop(page)) => {
                let mut turns = self.turns_of(*page);
                turns.sort_unstable();
                let numbers = turns.into_iter().map(|turn| Value::Number(f64::from(turn)));
                Value::List(numbers.collect())
            }
            None => self.of_loop(name).unwrap_or(Value::Empty),
        }
    }

    fn now(&self) -> Time {
        self.who.now
    }

    fn itself(&self) -> Value {
        self.itself.cloned().unwrap_or(Value::Empty)
    }

    fn label(&self, name: &str, code: &str) -> Option<String> {
        let block = self.block_of(name)?;
        let item = block.items.iter().find(|item| is_called(item, code))?;
        Some(blocks::plain(item.text.text(self.who.lang), &|_| {
            String::new()
        }))
    }

    fn seed(&self) -> String {
        format!("{}:{}:{}", self.who.seed, self.place, self.turn)
    }

    fn turn(&self) -> Option<u32> {
        (self.turn > 0).then_some(self.turn)
    }

    fn turns(&self, loop_name: &str) -> u32 {
        match self.who.compiled.names.get(loop_name) {
            Some(Named::Loop(page)) => {
                u32::try_from(self.turns_of(*page).len()).unwrap_or(u32::MAX)
            }
            _ => 0,
        }
    }

    fn in_turn(&self, name: &str, turn: u32) -> Value {
        self.in_one_turn(name, turn)
    }

    fn column(&self, name: &str) -> Value {
        self.item
            .map_or(Value::Empty, |item| cell(item, name, self.who.lang))
    }

    fn rows(&self, list: &str) -> usize {
        let list = self.who.compiled.survey.list(list);
        list.map_or(0, |list| list.items.len())
    }

    fn cell(&self, list: &str, row: usize, column: &str) -> Value {
        let list = self.who.compiled.survey.list(list);
        let item = list.and_then(|list| list.items.get(row));
        item.map_or(Value::Empty, |item| cell(item, column, self.who.lang))
    }
}

fn cell(item: &Item, column: &str, lang: &str) -> Value {
    match column {
        "name" | "code" => item.value(),
        "label" => Value::of_text(item.text.text(lang)),
        _ => {
            let found = item.columns.iter().find(|(name, _)| name == column);
            found.map_or(Value::Empty, |(_, value)| Value::of_text(value.as_str()))
        }
    }
}

/// What a loop goes over, when it is items.
pub(super) fn items_of<'a>(compiled: &'a Compiled, over: &Over) -> &'a [Item] {
    let survey = &compiled.survey;
    match over {
        Over::List(name) => survey.list(name).map_or(&[], |list| list.items.as_slice()),
        Over::Chosen(name) => survey
            .block(name)
            .map_or(&[], |block| block.items.as_slice()),
        Over::Times(_) => &[],
    }
}

/// Whether that item was chosen in the question of that name.
pub(super) fn is_chosen(here: &Here<'_>, name: &str, item: &Item) -> bool {
    let Some(block) = here.block_of(name) else {
        return false;
    };
    let key = blocks::part(&block.id, item.code);
    let flag = here.answers.get(&key, 0);
    let single = here.answers.get(&block.id, 0);
    #[expect(clippy::cast_precision_loss, reason = "codes are short")]
    let code = Datum::Number(item.code as f64);
    flag == Datum::Number(1.0) || single == code
}
