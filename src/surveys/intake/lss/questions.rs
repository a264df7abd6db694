//! Groups, questions, their parts and answers, put together from their tables.

use std::collections::{HashMap, HashSet};

use super::super::draft::Texts;
use super::super::{Account, Place};
use super::pairs;
use super::tables::{Row, Tables};
use super::texts;
use crate::surveys::format::is_name;

#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) gid: String,
    pub(super) title: Texts,
    pub(super) description: Texts,
    pub(super) relevance: String,
    pub(super) place: Place,
    order: i64,
}

/// A choice, or a row of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Part {
    pub(super) code: String,
    pub(super) text: Texts,
    /// Tables of two kinds of column number them 0 and 1.
    pub(super) scale: String,
    pub(super) place: Place,
    pub(super) id: String,
    pub(super) order: i64,
}

#[derive(Debug, Default)]
pub(super) struct Question {
    pub(super) qid: String,
    pub(super) gid: String,
    /// As conditions name it.
    pub(super) code: String,
    /// As it is called here.
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) text: Texts,
    pub(super) help: Texts,
    pub(super) is_mandatory: bool,
    pub(super) has_other: bool,
    /// What it has to look like.
    pub(super) pattern: String,
    pub(super) relevance: String,
    pub(super) parts: Vec<Part>,
    pub(super) answers: Vec<Part>,
    pub(super) attributes: HashMap<String, String>,
    /// Conditions of the time before there were expressions.
    pub(super) old_conditions: Option<String>,
    pub(super) place: Place,
    order: i64,
}

fn order(row: &Row, field: &str) -> i64 {
    row.get(field).parse().unwrap_or_default()
}

fn put(texts: &mut Texts, langs: &[String], lang: &str, text: String) {
    let lang = if lang.is_empty() {
        langs[0].clone()
    } else {
        lang.to_lowercase()
    };
    if !text.is_empty() && langs.contains(&lang) && texts.iter().all(|(known, _)| *known != lang) {
        texts.push((lang, text));
    }
}

pub(super) fn groups(tables: &Tables, langs: &[String], account: &mut Account) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for table in ["groups", "group_l10ns"] {
        for row in tables.rows(table) {
            let place = Place::new(table, row.number);
            account.row(&place, format!("group {}", row.get("gid")));
            let at = groups.iter().position(|group| group.gid == row.get("gid"));
            let at = at.unwrap_or_else(|| {
                groups.push(Group {
                    gid: row.get("gid").to_owned(),
                    relevance: row.get("grelevance").to_owned(),
                    place: place.clone(),
                    order: order(row, "group_order"),
                    ..Group::default()
                });
                groups.len() - 1
            });
            let group = &mut groups[at];
            put(
                &mut group.title,
                langs,
                row.get("language"),
                texts::plain(row.get("group_name")),
            );
            put(
                &mut group.description,
                langs,
                row.get("language"),
                texts::marked(row.get("description")),
            );
        }
    }
    groups.sort_by_key(|group| group.order);
    groups
}

pub(super) fn questions(tables: &Tables, langs: &[String], account: &mut Account) -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    for row in tables.rows("questions") {
        let place = Place::new("questions", row.number);
        account.row(&place, format!("{} {}", row.get("type"), row.get("title")));
        // The same question once more, in another language.
        if questions.iter().all(|known| known.qid != row.get("qid")) {
            questions.push(question(row, place));
        }
        let own = questions
            .iter_mut()
            .find(|known| known.qid == row.get("qid"));
        if let Some(own) = own {
            words(own, row, langs);
        }
    }
    for row in tables.rows("question_l10ns") {
        account.row(
            &Place::new("question_l10ns", row.number),
            format!("texts of {}", row.get("qid")),
        );
        if let Some(own) = questions
            .iter_mut()
            .find(|known| known.qid == row.get("qid"))
        {
            words(own, row, langs);
        }
    }
    for question in &mut questions {
        question.parts = parts(tables, langs, question, account);
        question.answers = answers(tables, langs, question, account);
    }
    attributes(tables, &mut questions, account);
    pairs::conditions(tables, &mut questions, account);
    name(&mut questions, account);
    questions.sort_by_key(|question| question.order);
    questions
}

fn question(row: &Row, place: Place) -> Question {
    Question {
        qid: row.get("qid").to_owned(),
        gid: row.get("gid").to_owned(),
        code: row.get("title").to_owned(),
        kind: row.get("type").to_owned(),
        is_mandatory: matches!(row.get("mandatory"), "Y" | "S"),
        has_other: row.get("other") == "Y",
        pattern: row.get("preg").to_owned(),
        relevance: row.get("relevance").to_owned(),
        place,
        order: order(row, "question_order"),
        ..Question::default()
    }
}

fn words(question: &mut Question, row: &Row, langs: &[String]) {
    let lang = row.get("language");
    put(
        &mut question.text,
        langs,
        lang,
        texts::marked(row.get("question")),
    );
    put(
        &mut question.help,
        langs,
        lang,
        texts::marked(row.get("help")),
    );
}

/// Rows of `subquestions`, whose texts may stand in `question_l10ns`.
fn parts(
    tables: &Tables,
    langs: &[String],
    question: &Question,
    account: &mut Account,
) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let rows = tables.rows("subquestions").iter();
    for row in rows.filter(|row| row.get("parent_qid") == question.qid) {
        let place = Place::new("subquestions", row.number);
        account.row(
            &place,
            format!("part {} of {}", row.get("title"), question.code),
        );
        let part = part(&mut parts, row, ["qid", "title", "question_order"], place);
        put(
            &mut part.text,
            langs,
            row.get("language"),
            texts::plain(row.get("question")),
        );
    }
    for row in tables.rows("question_l10ns") {
        if let Some(part) = parts.iter_mut().find(|part| part.id == row.get("qid")) {
            put(
                &mut part.text,
                langs,
                row.get("language"),
                texts::plain(row.get("question")),
            );
        }
    }
    parts.sort_by_key(|part| part.order);
    parts
}

fn answers(
    tables: &Tables,
    langs: &[String],
    question: &Question,
    account: &mut Account,
) -> Vec<Part> {
    let mut answers: Vec<Part> = Vec::new();
    let rows = tables.rows("answers").iter();
    for row in rows.filter(|row| row.get("qid") == question.qid) {
        let place = Place::new("answers", row.number);
        account.row(
            &place,
            format!("answer {} of {}", row.get("code"), question.code),
        );
        let id = if row.get("aid").is_empty() {
            "code"
        } else {
            "aid"
        };
        let answer = part(&mut answers, row, [id, "code", "sortorder"], place);
        put(
            &mut answer.text,
            langs,
            row.get("language"),
            texts::plain(row.get("answer")),
        );
    }
    for row in tables.rows("answer_l10ns") {
        if let Some(answer) = answers
            .iter_mut()
            .find(|answer| answer.id == row.get("aid"))
        {
            account.row(
                &Place::new("answer_l10ns", row.number),
                format!("text of {}", answer.code),
            );
            put(
                &mut answer.text,
                langs,
                row.get("language"),
                texts::plain(row.get("answer")),
            );
        }
    }
    answers.sort_by_key(|answer| answer.order);
    answers
}

/// The one of that code and scale; a new one where there is none yet.
fn part<'p>(parts: &'p mut Vec<Part>, row: &Row, fields: [&str; 3], place: Place) -> &'p mut Part {
    let [id, code, sorted] = fields;
    let found = parts
        .iter()
        .position(|part| part.code == row.get(code) && part.scale == row.get("scale_id"));
    let at = found.unwrap_or_else(|| {
        parts.push(Part {
            id: row.get(id).to_owned(),
            code: row.get(code).to_owned(),
            scale: row.get("scale_id").to_owned(),
            order: order(row, sorted),
            place,
            ..Part::default()
        });
        parts.len() - 1
    });
    &mut parts[at]
}

/// What these attributes say is carried over where the question is made.
const READ: &[&str] = &[
    "hidden",
    "random_order",
    "answer_order",
    "min_answers",
    "max_answers",
    "min_num_value_n",
    "max_num_value_n",
    "num_value_int_only",
    "exclude_all_others",
    "equals_num_value",
];
/// These change what is asked, and cannot be said.
const REFUSED: &[&str] = &[
    "array_filter",
    "array_filter_exclude",
    "em_validation_q",
    "em_validation_sq",
];

fn attributes(tables: &Tables, questions: &mut [Question], account: &mut Account) {
    for row in tables.rows("question_attributes") {
        let place = Place::new("question_attributes", row.number);
        let (name, value) = (row.get("attribute"), row.get("value"));
        account.row(&place, format!("{name} = {value}"));
        let Some(own) = questions
            .iter_mut()
            .find(|known| known.qid == row.get("qid"))
        else {
            account.note(&place, "belongs to no question that is asked");
            continue;
        };
        if value.is_empty() || value == "0" && name != "min_answers" {
            continue;
        }
        if REFUSED.contains(&name) {
            account.refuse(
                &place,
                format!("`{name}` of {} is not known here", own.code),
            );
        } else if !READ.contains(&name) {
            account.note(&place, "has no effect here");
        }
        own.attributes.insert(name.to_owned(), value.to_owned());
    }
}

impl Question {
    /// What of its attributes cannot be said here.
    pub(super) fn refused(&self) -> Vec<String> {
        let refused = REFUSED
            .iter()
            .filter_map(|name| self.attributes.get_key_value(*name));
        refused
            .map(|(name, value)| format!("`{name}` = `{value}` is not known here"))
            .collect()
    }
}

/// Codes are names already; those that are none, or are there twice, get another.
fn name(questions: &mut [Question], account: &mut Account) {
    let mut used: HashSet<String> = HashSet::new();
    for question in questions {
        let mut id = question.code.clone();
        if !is_name(&id) || used.contains(&id) {
            id = format!("q{}", question.qid);
            account.note(
                &question.place,
                format!("its code cannot be a name here; it is called `{id}`"),
            );
        }
        used.insert(id.clone());
        question.id = id;
    }
}
