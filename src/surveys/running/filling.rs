//! A page filled in by chance: answers that the page takes as it would take a respondent's.

use std::collections::HashMap;

use super::answers::Answers;
use super::chance::Chance;
use super::compiled::Compiled;
use super::sights::Stand;
use crate::expr::{Expr, Value};
use crate::surveys::blocks::{Die, Fault, Fielded, Role};
use crate::surveys::format::{Block, Required};
use crate::surveys::map::Datum;
use crate::web::Fields;

/// So many answers are made up for a question before it is given up.
const TRIES: usize = 60;

/// What conditions compare each question with: values that are worth an answer.
#[derive(Debug, Default)]
pub struct Hints(HashMap<String, Vec<String>>);

/// How a page is filled.
#[derive(Clone, Copy, Debug)]
pub struct How<'a> {
    pub with: With,
    /// What makes its chance its own: the same gives the same answers.
    pub place: &'a str,
    /// Values of conditions are tried more often than any.
    pub is_eager: bool,
}

/// What it is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    /// With what was given before, and by chance what was not.
    Given,
    /// All of it by chance.
    Chance,
}

impl Hints {
    pub fn of(compiled: &Compiled) -> Hints {
        let mut hints = Hints::default();
        let mut chance = Chance::of(0, "hints");
        let mut throw = |count: usize| chance.below(count);
        for condition in conditions(compiled) {
            // What stands between `and` and `or` compares by itself.
            for part in condition.parts() {
                let values = part.hints(&mut throw);
                let texts: Vec<String> = values.iter().flat_map(near).collect();
                for name in part.names() {
                    hints.put(name, &texts);
                }
            }
        }
        hints
    }

    fn put(&mut self, name: &str, texts: &[String]) {
        let known = self.0.entry(name.to_owned()).or_default();
        for text in texts {
            if !known.contains(text) {
                known.push(text.clone());
            }
        }
    }

    fn at(&self, block: &str) -> &[String] {
        self.0.get(block).map_or(&[], Vec::as_slice)
    }
}

/// A value, and of a number those beside it: conditions say less and more.
fn near(value: &Value) -> Vec<String> {
    match value {
        Value::Number(number) => [*number - 1.0, *number, *number + 1.0]
            .map(|number| Value::of_number(number).text())
            .to_vec(),
        other => vec![other.text()],
    }
}

/// All conditions of a survey that ask for answers.
fn conditions(compiled: &Compiled) -> Vec<&Expr> {
    let survey = &compiled.survey;
    let mut all: Vec<&Expr> = Vec::new();
    all.extend(survey.sections.iter().filter_map(|each| each.when.as_ref()));
    all.extend(survey.quotas.iter().filter_map(|each| each.when.as_ref()));
    for page in &survey.pages {
        all.extend(&page.when);
        all.extend(page.leaves.iter().filter_map(|leave| leave.when.as_ref()));
    }
    for block in survey.blocks() {
        all.extend(&block.when);
        all.extend(&block.filter);
        all.extend(block.check.iter().map(|(check, _)| check));
        if let Required::When(when) = &block.required {
            all.push(when);
        }
    }
    all
}

/// What a form would send for that page. Question by question in the order of the file: a
/// condition sees the answers before it.
///
/// # Errors
///
/// The question for which no answer was found that is taken, and what was said of the last.
pub fn fill(stand: &Stand<'_>, hints: &Hints, how: How<'_>) -> Result<Fields, (String, Fault)> {
    let page = stand.who.compiled.page(stand.step.page);
    let mut answers = stand.answers.clone();
    let mut all = Fielded::new();
    for block in page
        .blocks
        .iter()
        .filter(|block| block.kind.role() == Role::Asks)
    {
        if !stand.here(&answers, &block.id).is_relevant(block) {
            continue;
        }
        let place = format!("{}:{}:{}", how.place, block.id, stand.step.turn);
        let mut chance = Chance::of(stand.who.seed, &place);
        let filling = Filling {
            stand,
            block,
            hints: hints.at(&block.id),
            how,
        };
        let fields = filling.found(&mut answers, &mut |count| chance.below(count));
        all.extend(fields.map_err(|fault| (block.id.clone(), fault))?);
    }
    Ok(as_form(&all))
}

fn as_form(pairs: &[(String, String)]) -> Fields {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    Fields::parse(&query.finish())
}

/// One question being filled in.
struct Filling<'a, 'b> {
    stand: &'a Stand<'b>,
    block: &'a Block,
    hints: &'a [String],
    how: How<'a>,
}

impl Filling<'_, '_> {
    /// Fields that the question takes; what they answer is put to the answers.
    fn found(
        &self,
        answers: &mut Answers,
        throw: &mut dyn FnMut(usize) -> usize,
    ) -> Result<Fielded, Fault> {
        let mut last = None;
        let given = (self.how.with == With::Given)
            .then(|| self.given())
            .flatten();
        let made = (0..TRIES).map(|_| None);
        // Nothing is an answer too, where none is needed.
        for own in given
            .into_iter()
            .map(Some)
            .chain(made)
            .chain([Some(Fielded::new())])
        {
            let fields = match own {
                Some(own) => own,
                None => self.made(answers, throw),
            };
            match self.taken(answers, &fields) {
                Ok(()) => return Ok(fields),
                // That it is missing says less than what was wrong with what was there.
                Err(fault) if last.is_none() || !fields.is_empty() => last = Some(fault),
                Err(_) => {}
            }
        }
        match last {
            Some(fault) => Err(fault),
            None => Ok(Fielded::new()),
        }
    }

    /// What was given before, as a form sends it.
    fn given(&self) -> Option<Fielded> {
        let kept = |key: &str| self.stand.kept.get(key, self.stand.step.turn);
        let keys = self.stand.who.compiled.keys(self.block);
        let was_asked = keys.iter().any(|key| kept(key) != Datum::NotAsked);
        was_asked.then(|| self.block.kind.fields(self.block, &kept))
    }

    fn made(&self, answers: &Answers, throw: &mut dyn FnMut(usize) -> usize) -> Fielded {
        let block = self.block;
        let mut die = Die::new(throw);
        let is_open = matches!(block.required, Required::No);
        if is_open && die.is_rare() {
            return Fielded::new();
        }
        let is_typed = block.items.is_empty() && block.rows.is_empty();
        let often = if self.how.is_eager { 3 } else { 1 };
        if is_typed && die.below(4) < often {
            let mut hints = self.hints.to_vec();
            if let Some((check, _)) = &block.check {
                let own = check.hints(&mut |count| die.below(count));
                hints.extend(own.iter().flat_map(near));
            }
            if let Some(hint) = die.among(&hints) {
                return vec![(block.id.clone(), hint.clone())];
            }
        }
        let made = self.stand.sight(answers, (block, None), |sight| {
            block.kind.invent(sight, &mut die)
        });
        made.unwrap_or_default()
    }

    /// Is it taken as a respondent's answer would be?
    fn taken(&self, answers: &mut Answers, fields: &[(String, String)]) -> Result<(), Fault> {
        let (stand, block) = (self.stand, self.block);
        let sent = as_form(fields);
        let read = stand.sight(answers, (block, None), |sight| stand.answer(sight, &sent));
        // Where it is not there, nothing is asked.
        let Some(read) = read else { return Ok(()) };
        let before = answers.clone();
        for (key, datum) in read? {
            answers.put(&key, stand.step.turn, datum);
        }
        match stand.check(answers, block) {
            None => Ok(()),
            Some(fault) => {
                *answers = before;
                Err(fault)
            }
        }
    }
}
