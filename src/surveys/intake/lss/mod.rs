//! LimeSurvey: a survey as its own export writes it.

mod asked;
mod choices;
mod conditions;
mod pairs;
mod questions;
mod tables;
mod texts;

use std::collections::HashMap;

use super::draft::{Draft, Page, Section, Texts};
use super::{Account, Place, Unreadable, convert};
use conditions::Known;
use questions::{Group, Question};
use tables::Tables;

/// Does it begin as such an export does?
pub(super) fn is_lss(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    head.contains("<LimeSurveyDocType>")
}

pub(super) fn draft(bytes: &[u8], name: &str, account: &mut Account) -> Result<Draft, Unreadable> {
    let tables = tables::read(bytes)?;
    if tables.rows("surveys").is_empty() {
        return Err(Unreadable::new(
            "the file holds no survey; export the survey structure (.lss)",
        ));
    }
    let mut draft = head(&tables, name, account);
    let questions = questions::questions(&tables, &draft.langs, account);
    let groups = questions::groups(&tables, &draft.langs, account);
    let names = Names::of(&questions);
    for group in &groups {
        self::group(group, &questions, &names, &mut draft, account);
    }
    if draft.pages.is_empty() {
        return Err(Unreadable::new("the survey has no questions"));
    }
    rest(&tables, account);
    Ok(draft)
}

/// The title and the languages.
fn head(tables: &Tables, name: &str, account: &mut Account) -> Draft {
    let place = Place::new("surveys", 1);
    let survey = &tables.rows("surveys")[0];
    account.row(&place, format!("survey {}", survey.get("sid")));
    let additional = survey.get("additional_languages").split_whitespace();
    let mut langs: Vec<String> = Vec::new();
    let all = std::iter::once(survey.get("language")).chain(additional);
    for lang in all.chain(tables.langs.iter().map(String::as_str)) {
        let lang = lang.to_lowercase();
        if !lang.is_empty() && !langs.contains(&lang) {
            langs.push(lang);
        }
    }
    if langs.is_empty() {
        langs.push("en".to_owned());
    }
    let mut title = Texts::new();
    for row in tables.rows("surveys_languagesettings") {
        let here = Place::new("surveys_languagesettings", row.number);
        account.row(&here, format!("texts in {}", row.get("surveyls_language")));
        let lang = row.get("surveyls_language").to_lowercase();
        let text = texts::plain(row.get("surveyls_title"));
        if !text.is_empty() && langs.contains(&lang) {
            title.push((lang, text));
        }
        for (field, what) in [
            ("surveyls_welcometext", "welcome text"),
            ("surveyls_endtext", "closing text"),
        ] {
            if !row.get(field).is_empty() {
                account.note(
                    &here,
                    format!("the {what} is not carried over; put it on a page of its own"),
                );
            }
        }
    }
    if title.is_empty() {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        title.push((
            langs[0].clone(),
            if stem.is_empty() { "Survey" } else { stem }.to_owned(),
        ));
    }
    account.note(
        &place,
        "settings of the survey itself (dates, mails, looks) are made here, not carried over",
    );
    Draft {
        id: convert::slug(&title[0].1, &place),
        title,
        langs,
        place,
        ..Draft::default()
    }
}

/// What names mean in conditions: by the code of a question, and by the code of a
/// question and one of its parts.
struct Names {
    known: HashMap<String, (String, Option<String>)>,
}

impl Names {
    fn of(questions: &[Question]) -> Names {
        let mut known = HashMap::new();
        for question in questions {
            known.insert(question.code.clone(), (question.id.clone(), None));
            for (name, part) in choices::parts(question) {
                known.insert(name, part);
            }
        }
        Names { known }
    }

    fn get(&self, name: &str) -> Option<Known> {
        let (id, choice) = self.known.get(name)?;
        Some(match choice {
            Some(choice) => Known::Flag(id.clone(), choice.clone()),
            None => Known::Answer(id.clone()),
        })
    }

    /// A condition in the words of here; one that always holds is none.
    fn said(&self, text: &str) -> Result<Option<String>, String> {
        match text.trim() {
            "" | "1" => Ok(None),
            text => conditions::said(text, &|name| self.get(name)).map(Some),
        }
    }
}

/// A group is a section of one page.
fn group(
    group: &Group,
    questions: &[Question],
    names: &Names,
    draft: &mut Draft,
    account: &mut Account,
) {
    let mut page = Page {
        id: format!("g{}", group.gid),
        title: group.title.clone(),
        place: group.place.clone(),
        ..Page::default()
    };
    match names.said(&group.relevance) {
        Ok(None) => {}
        Ok(when) => {
            let id = format!("g{}.section", group.gid);
            draft.sections.push(Section {
                id: id.clone(),
                when,
                place: group.place.clone(),
                ..Section::default()
            });
            page.section = Some(id);
        }
        Err(why) => {
            let said = format!(
                "its condition `{}` is not carried over: {why}",
                group.relevance
            );
            account.refuse(&group.place, said.clone());
            page.unresolved.push(said);
        }
    }
    page.blocks.extend(words(group));
    for question in questions
        .iter()
        .filter(|question| question.gid == group.gid)
    {
        let mut blocks = asked::blocks(question, account);
        let pipes = |texts: &mut Texts| {
            texts::piped(texts, &|name| match names.get(name)? {
                Known::Answer(id) | Known::Flag(id, _) => Some(id),
            });
        };
        for block in &mut blocks {
            pipes(&mut block.text);
            pipes(&mut block.help);
            asked::conditions(question, block, &|text| names.said(text), account);
        }
        page.blocks.extend(blocks);
    }
    if !page.blocks.is_empty() {
        draft.pages.push(page);
    }
}

/// What a group says before its questions.
fn words(group: &Group) -> Option<super::draft::Block> {
    let has_words = !group.description.is_empty();
    has_words.then(|| super::draft::Block {
        id: format!("g{}.words", group.gid),
        kind: "info",
        text: group.description.clone(),
        place: group.place.clone(),
        ..Default::default()
    })
}

/// Rows of tables that are about other things than what is asked, and those that
/// belong to nothing.
fn rest(tables: &Tables, account: &mut Account) {
    const READ: &[&str] = &[
        "surveys",
        "surveys_languagesettings",
        "groups",
        "group_l10ns",
        "questions",
        "subquestions",
        "question_l10ns",
        "answers",
        "answer_l10ns",
        "conditions",
        "question_attributes",
    ];
    for name in tables.names() {
        for row in tables.rows(name) {
            let place = Place::new(name, row.number);
            if account.has(&place) {
                continue;
            }
            account.row(&place, format!("row of {name}"));
            let why = match name {
                "quota" | "quota_members" | "quota_languagesettings" => {
                    "quotas are not carried over; write them as [quota.name] with a condition"
                }
                "defaultvalues" | "defaultvalue_l10ns" => {
                    "defaults are not carried over; write them as `default`"
                }
                name if READ.contains(&name) => "belongs to nothing that is asked",
                "assessments" => "assessments are not carried over; compute them",
                _ => "has no meaning here",
            };
            account.note(&place, why);
        }
    }
}
