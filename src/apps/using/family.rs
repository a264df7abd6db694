//! A form that was sent, with its lines: what each of them asks for, bound and ready to
//! be written together or not at all.

use super::row::{Act, Asks, Count, Row, There};
use super::sent::{Sent, Spot};
use super::sql;
use crate::apps::format::{Bound, Fault, Param, ParamType, Query, Source};
use crate::apps::render::{Chosen, asked, plain};
use crate::apps::widgets::{Answers, Counts, Family, Line, Lines, joined, lines, seen};
use crate::data::Value;
use crate::web::Faults;

/// Lines of one form in all.
const LINES: usize = 500;
/// What the key of a line is called among the values of its list's `load`.
const KEY: &str = "onsight__line";
pub(super) const NOT_THERE: &str = "this line is not there any more; open the page again";

/// What is above a list.
#[derive(Clone, Copy)]
struct Above<'b> {
    path: &'b str,
    /// It is a row already.
    is_there: bool,
    is_gone: bool,
}

/// Reads a form, noting whatever is wrong with it.
pub(super) struct Reading<'a, 'b> {
    sent: &'b Sent<'a>,
    family: &'b Family<'a>,
    faults: Faults,
    chosen: Vec<Chosen>,
    answers: Answers<'b, 'b>,
    left: usize,
}

/// The form and its lines, or what is wrong in any of them. `is_there`: the form's query
/// changes a row that is there.
pub(super) fn read<'a>(
    sent: &Sent<'a>,
    family: &Family<'a>,
    query: &'a Query,
    is_there: bool,
) -> Result<(Row, Vec<Chosen>), Faults> {
    let mut reading = Reading {
        sent,
        family,
        faults: Faults::default(),
        chosen: Vec::new(),
        answers: Answers::new(sent.app, (family, query), sent.body, sent.context.now),
        left: LINES,
    };
    let spot = Spot {
        path: "",
        choices: &family.choices,
        list: None,
        key: None,
    };
    let asks = reading.asks(query, spot);
    let above = Above {
        path: "",
        is_there,
        is_gone: false,
    };
    let (below, counts) = reading.lists(None, above);
    match (asks, reading.faults.is_empty()) {
        (Some(asks), true) => Ok((
            Row {
                path: String::new(),
                list: String::new(),
                act: if is_there { Act::Change } else { Act::Add },
                query: sent.at_of(query),
                asks,
                there: None,
                counts,
                below,
            },
            reading.chosen,
        )),
        _ => Err(reading.faults),
    }
}

impl<'a> Reading<'a, '_> {
    /// The query with its values, the key of the row above still open.
    fn asks(&mut self, query: &'a Query, spot: Spot<'_>) -> Option<Asks> {
        let mut values: Vec<(&str, Bound)> = Vec::with_capacity(query.params.len());
        let mut above = Vec::new();
        for param in &query.params {
            if matches!(param.source, Source::Parent(_)) {
                above.push(param.name.clone());
                values.push((&param.name, Bound::Integer(0)));
                continue;
            }
            match self.bound(param, spot) {
                Ok(value) => {
                    self.choose(param, spot, &value);
                    values.push((&param.name, value));
                }
                Err(fault) => self.refuse(param, spot, &fault.0),
            }
        }
        // The form itself may be written elsewhere; what is saved together is saved here.
        if !spot.path.is_empty() && !self.sent.app.is_own(&query.uses) {
            let said = "lines of a form are saved in this workspace's own tables only";
            self.faults.add(spot.path, said);
            return None;
        }
        if values.len() < query.params.len() {
            return None;
        }
        match query.statement(&values) {
            Ok(statement) => Some(Asks {
                question: asked(statement),
                above,
            }),
            Err(error) => {
                self.faults.add(spot.path, error.to_string());
                None
            }
        }
    }

    /// The value of a parameter; one that is not asked is null, whatever was sent.
    fn bound(&self, param: &'a Param, spot: Spot<'_>) -> Result<Bound, Fault> {
        let is_field = matches!(param.source, Source::Form(_));
        if is_field && self.answers.of(spot.list, spot.path, param) == Counts::Not {
            let is_box = param.kind == ParamType::Bool && !param.null;
            return Ok(if param.list {
                Bound::List(Vec::new())
            } else if is_box {
                Bound::Integer(0)
            } else {
                Bound::Null
            });
        }
        let sent = self.counting(param, spot);
        let sent: Vec<&str> = sent.iter().map(String::as_str).collect();
        param.bind_all(&sent, &self.sent.context)
    }

    /// What was sent for a parameter, as far as it counts.
    fn counting(&self, param: &'a Param, spot: Spot<'_>) -> Vec<String> {
        if matches!(param.source, Source::Form(_)) {
            match self.answers.of(spot.list, spot.path, param) {
                Counts::Typed => {}
                Counts::Not => return Vec::new(),
                Counts::Computed(text) => return vec![text],
            }
        }
        self.sent.of(param, spot)
    }

    /// Notes a value that has to be one of its choices.
    fn choose(&mut self, param: &Param, spot: Spot<'_>, value: &Bound) {
        let name = param.source.key();
        let is_field = matches!(param.source, Source::Form(_)) && *value != Bound::Null;
        let choice = spot
            .choices
            .iter()
            .find(|choice| is_field && choice.field == name);
        let Some(choice) = choice else { return };
        let asks = (&self.sent.context, self.sent.at);
        let field = (joined(spot.path, name), plain(value.clone()));
        match Chosen::of(self.sent.app, choice, asks, field) {
            Ok(chosen) => self.chosen.push(chosen),
            Err(_) => self.faults.add(
                &joined(spot.path, name),
                "its choices could not be asked for",
            ),
        }
    }

    /// Notes what is wrong with a value: at its field, if it has one.
    fn refuse(&mut self, param: &Param, spot: Spot<'_>, fault: &str) {
        let name = param.source.key();
        if spot.path.is_empty() || matches!(param.source, Source::Form(_)) {
            self.faults.add(&joined(spot.path, name), fault);
        } else {
            self.faults.add(spot.path, format!("{name} {fault}"));
        }
    }

    fn lists(&mut self, within: Option<&str>, above: Above<'_>) -> (Vec<Row>, Vec<Count>) {
        let (mut rows, mut counts) = (Vec::new(), Vec::new());
        let family = self.family;
        for list in family.within(within) {
            let path = joined(above.path, list.id);
            if !self.answers.has(list, above.path) {
                continue;
            }
            let all = lines(self.sent.body, &path);
            let kept = all.iter().filter(|line| !line.is_gone).count();
            self.left = self.left.saturating_sub(all.len());
            if self.left == 0 {
                self.faults.add(
                    "",
                    format!("a form has at most {LINES} lines; save some of them first"),
                );
                return (rows, counts);
            }
            if !above.is_gone {
                if let Err(fault) = number(kept, list.min, list.max) {
                    self.faults.add(&path, fault);
                }
                counts.extend(self.count(list, &path));
            }
            for line in &all {
                rows.extend(self.line(list, line, above));
            }
        }
        (rows, counts)
    }

    fn count(&mut self, list: &Lines<'a>, path: &str) -> Option<Count> {
        let load = self.sent.app.query(list.load?)?;
        let mut asks = self.asks(
            load,
            Spot {
                path,
                choices: &[],
                list: None,
                key: None,
            },
        )?;
        asks.question.sql = sql::how_many(&asks.question.sql);
        Some(Count {
            path: path.to_owned(),
            asks,
            min: list.min,
            max: list.max,
        })
    }

    fn line(&mut self, list: &Lines<'a>, line: &Line, above: Above<'_>) -> Option<Row> {
        let is_gone = line.is_gone || above.is_gone;
        let query = match (&line.key, is_gone) {
            (None, true) => return None,
            (None, false) => Some(list.submit),
            // What hangs on a line that goes is the database's to keep or to take.
            (Some(_), true) if above.is_gone && list.remove.is_none() => return None,
            (Some(_), true) => list.remove,
            (Some(_), false) => list.change,
        };
        let query = query.and_then(|name| self.sent.app.query(name));
        let Some(query) = query.filter(|_| line.key.is_none() || above.is_there) else {
            self.faults.add(&line.path, NOT_THERE);
            return None;
        };
        let spot = Spot {
            path: &line.path,
            choices: &list.choices,
            list: Some(list),
            key: line.key.as_deref().map(|key| (list.key, key)),
        };
        let asks = self.asks(query, spot);
        let there = match &line.key {
            Some(key) => Some(self.there(list, line, key)?),
            None => None,
        };
        let is_there = there.is_some();
        let below = Above {
            path: &line.path,
            is_there,
            is_gone,
        };
        let (below, counts) = self.lists(Some(list.id), below);
        Some(Row {
            path: line.path.clone(),
            list: list.id.to_owned(),
            act: match (is_there, is_gone) {
                (false, _) => Act::Add,
                (true, true) => Act::Remove,
                (true, false) if self.is_as_it_was(query, line, spot) => Act::Keep,
                (true, false) => Act::Change,
            },
            query: self.sent.at_of(query),
            asks: asks?,
            there,
            counts,
            below,
        })
    }

    /// Its row, to be found among those of its list.
    fn there(&mut self, list: &Lines<'a>, line: &Line, key: &str) -> Option<There> {
        let load = self.sent.app.query(list.load?)?;
        let mut asks = self.asks(
            load,
            Spot {
                path: &line.path,
                choices: &[],
                list: None,
                key: None,
            },
        )?;
        asks.question.sql = sql::with_key(&asks.question.sql, list.key, KEY);
        let key = match key.parse::<i64>() {
            Ok(number) if number.to_string() == key => Value::Integer(number),
            _ => Value::Text(key.to_owned()),
        };
        asks.question.values.push((KEY.to_owned(), key.clone()));
        Some(There {
            asks,
            key,
            seen: line.seen.split('-').next().unwrap_or_default().to_owned(),
        })
    }

    fn is_as_it_was(&self, query: &'a Query, line: &Line, spot: Spot<'_>) -> bool {
        let now = seen::of_fields(query, &self.sent.context, &|param| {
            self.counting(param, spot)
        });
        line.seen
            .split_once('-')
            .is_some_and(|(_, then)| then == now)
    }
}

/// Are there as many lines as there may be?
pub(super) fn number(kept: usize, min: usize, max: usize) -> Result<(), String> {
    if kept > max {
        return Err(format!(
            "there may be {max} at most, and these are {kept}; remove some"
        ));
    }
    if kept < min {
        return Err(format!(
            "there must be {min} at least, and these are {kept}; add some"
        ));
    }
    Ok(())
}
