//! From the text of a definition to the survey, or to everything that is wrong with it.

mod asks;
mod pages;
mod parts;

use toml_edit::Document;

use super::{Level, Outcome, Problem, Retention, Survey, Words, checks, is_name};
use crate::base::written::{Notes, Position, Section, place, suggestion, syntax};
use crate::expr::Expr;
use crate::surveys::blocks::{Decision, Role};

pub use parts::exit_fault;

/// What every part is read with.
pub(super) struct Reader<'a> {
    text: &'a str,
    /// The survey's languages, the first for texts that name none.
    langs: Vec<String>,
    lists: Vec<super::List>,
}

impl Survey {
    /// Reads a definition.
    ///
    /// # Errors
    ///
    /// Every problem of the text, in its order, when at least one keeps it from
    /// loading. What merely keeps it from being published is in `problems` of the survey.
    pub fn read(text: &str) -> Result<Survey, Vec<Problem>> {
        let toml = Document::parse(text).map_err(|error| vec![syntax(text, &error)])?;
        let mut root = Section::new(toml.as_table(), 0);
        let mut reader = Reader {
            text,
            langs: langs(&mut root),
            lists: Vec::new(),
        };
        reader.lists = reader.lists(&mut root);
        let mut survey = reader.survey(&mut root);
        let mut notes = root.finish();
        checks::survey(&survey, text, &mut notes);
        survey.problems = problems(notes, text);
        let is_error = |problem: &Problem| problem.level == Level::Error;
        if survey.problems.iter().any(is_error) {
            return Err(survey.problems);
        }
        Ok(survey)
    }
}

/// At most so many are said: a wrong text is wrong in a hundred places soon.
const MOST: usize = 200;

fn problems(notes: Notes, text: &str) -> Vec<Problem> {
    let mut problems = notes.into_problems(text);
    // Whatever keeps it from loading or publishing is never among what is cut off.
    problems.sort_by_key(|problem| std::cmp::Reverse(problem.level));
    problems.truncate(MOST);
    problems.sort_by_key(|problem| (problem.line, problem.column));
    problems
}

fn langs(root: &mut Section<'_>) -> Vec<String> {
    let langs = root.texts("langs");
    let is_lang = |lang: &&str| {
        let mut letters = lang.bytes();
        (2..=20).contains(&lang.len())
            && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == b'-')
    };
    for lang in &langs {
        if !is_lang(lang) {
            let message = format!("`{lang}` is no language; write it like en or pt-BR");
            root.error("langs", message);
        }
    }
    if langs.is_empty() {
        return vec!["en".to_owned()];
    }
    langs.into_iter().map(str::to_owned).collect()
}

fn retention(root: &mut Section<'_>) -> Option<Retention> {
    let read = Retention::parse(root.text("retention")?);
    read.map_err(|fault| root.error("retention", format!("`retention`: {fault}")))
        .ok()
}

/// Do pages note events? Where nothing is said they do, but in an anonymous survey: when
/// somebody does what, and how quickly, could tell who they are.
fn notes_events(root: &mut Section<'_>, is_anonymous: bool) -> bool {
    let said = root.one("paradata", |paradata| paradata.boolean("events"));
    let said = said.flatten();
    if is_anonymous && said == Some(true) {
        let message = "`[paradata] events = true` notes what somebody does and when, and the survey is anonymous; take that out, or take out `anonymous`";
        root.say("paradata", Level::Refused, message);
    }
    said.unwrap_or(true) && !is_anonymous
}

/// What tells who somebody is has no place in an anonymous survey.
fn refuse_persons(root: &mut Section<'_>, survey: &Survey) {
    let mut refuse = |what: String| {
        let message = format!(
            "{what} tells who somebody is, and the survey is anonymous; take that out, or take out `anonymous`"
        );
        root.say("anonymous", Level::Refused, message);
    };
    for entry in survey.entries.iter().filter(|entry| entry.tells()) {
        refuse(format!(
            "`[entry.{}]`, which is unique, personal, signed or where they go back to,",
            entry.name
        ));
    }
    for block in survey.blocks().filter(|block| block.is_personal) {
        refuse(format!("the personal question `{}`", block.id));
    }
    // Another machine hears at that moment that somebody with these values is here.
    for block in survey.blocks() {
        if block.kind.role() == Role::Decided(Decision::Called) {
            refuse(format!("the call `{}`", block.id));
        }
    }
}

impl<'a> Reader<'a> {
    fn survey(&self, root: &mut Section<'a>) -> Survey {
        if let Some(other) = root.integer("format").filter(|version| *version != 1) {
            let message = format!("this version reads format 1, not {other}; set `format = 1`");
            root.error("format", message);
        } else if !root.has("format") {
            root.error("format", "`format` is missing; add `format = 1`");
        }
        let id = root.needed_text("id").to_owned();
        let is_slug = id
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
        if !is_slug || id.len() > 60 {
            root.error(
                "id",
                format!("`{id}` cannot be an id; use small letters, digits, - and _, at most 60"),
            );
        }
        let title = self.needed_words(root, "title");
        let off_path = root.one_of("off_path", &["clear", "keep"]);
        let frame_exit = root.one_of("frame_exit", &["frame", "top"]);
        let is_anonymous = root.boolean("anonymous").unwrap_or_default();
        let survey = Survey {
            id,
            title,
            langs: self.langs.clone(),
            retention: retention(root),
            is_anonymous,
            notes_events: notes_events(root, is_anonymous),
            can_withdraw: root.boolean("withdraw").unwrap_or_default(),
            consent: self.words(root, "consent"),
            privacy: self.words(root, "privacy"),
            has_back: root.boolean("back").unwrap_or(true),
            keeps_off_path: off_path == Some("keep"),
            allowed_origins: Reader::origins(root, "allowed_origins"),
            leaves_frame: frame_exit == Some("top"),
            entries: Reader::entries(root),
            lists: self.lists.clone(),
            sections: self.sections(root),
            pages: self.pages(root),
            quotas: self.quotas(root),
            exits: self.exits(root),
            problems: Vec::new(),
        };
        if survey.is_anonymous {
            refuse_persons(root, &survey);
        }
        survey
    }

    /// A text that is the same in every language, or a table of texts by language.
    pub(super) fn words(&self, section: &mut Section<'a>, key: &'a str) -> Words {
        let Some(item) = section.item(key) else {
            return Words::default();
        };
        if let Some(text) = item.as_str() {
            let same = |lang: &String| (lang.clone(), text.to_owned());
            return Words::new(self.langs.iter().map(same));
        }
        let Some(table) = item.as_table_like() else {
            let is = item.type_name();
            let wanted =
                "text in quotes, or one for each language, like { en = \"Yes\", de = \"Ja\" }";
            section.error(key, format!("`{key}` needs {wanted}; found: {is}"));
            return Words::default();
        };
        let mut texts = Vec::new();
        for (lang, text) in table.iter() {
            match text.as_str() {
                Some(_) if !self.langs.iter().any(|known| known == lang) => {
                    let known: Vec<&str> = self.langs.iter().map(String::as_str).collect();
                    let near = suggestion(lang, &known);
                    section.error(key, format!("`{lang}` is not among `langs`{near}"));
                }
                Some(text) => texts.push((lang.to_owned(), text.to_owned())),
                None => section.error(key, format!("the text for `{lang}` is no text in quotes")),
            }
        }
        Words::new(texts)
    }

    pub(super) fn needed_words(&self, section: &mut Section<'a>, key: &'a str) -> Words {
        let words = self.words(section, key);
        if !section.has(key) {
            section.error(key, format!("`{key}` is missing here; add it"));
        } else if words.is_empty() {
            section.error(key, format!("`{key}` is empty; fill it in"));
        }
        words
    }

    /// An expression, with what is wrong in it where it stands.
    pub(super) fn expr(&self, section: &mut Section<'a>, key: &'a str) -> Option<Expr> {
        let text = section.text(key)?;
        if text.trim().is_empty() {
            section.error(
                key,
                format!("`{key}` is empty; remove it or write a condition"),
            );
            return None;
        }
        match Expr::parse(text) {
            Ok(expr) => Some(expr),
            Err(fault) => {
                let mut notes = Notes::default();
                let at = self.inside(section.place(key), text, fault.at);
                notes.error(at, format!("`{key}`: {}", fault.message));
                section.take(notes);
                None
            }
        }
    }

    /// The byte `within` the text that stands at `start`.
    fn inside(&self, start: usize, text: &str, within: usize) -> usize {
        let source = self.text.get(start..).unwrap_or_default();
        let quote = ["'''", "\"\"\"", "'", "\""].into_iter();
        let opening = quote.into_iter().find(|quote| source.starts_with(quote));
        let opening = opening.map_or(0, str::len);
        // A text with escapes has no bytes of its own in the file.
        if source
            .get(opening..)
            .is_some_and(|rest| rest.starts_with(text))
        {
            start + opening + within
        } else {
            start
        }
    }

    pub(super) fn position(&self, section: &Section<'_>) -> Position {
        let (line, column) = place(self.text, section.at());
        Position { line, column }
    }

    /// An id that expressions can name.
    pub(super) fn id(section: &mut Section<'a>) -> String {
        let id = section.needed_text("id");
        if !id.trim().is_empty() {
            name_fits(section, "id", id);
        }
        id.to_owned()
    }

    pub(super) fn outcome(section: &mut Section<'a>, key: &'a str) -> Outcome {
        if !section.has(key) {
            section.error(key, format!("`{key}` is missing here; add it"));
        }
        let name = section.one_of(key, &Outcome::NAMES);
        name.and_then(Outcome::named).unwrap_or(Outcome::Screenout)
    }
}

pub(super) fn name_fits(section: &mut Section<'_>, key: &str, name: &str) {
    if !is_name(name) {
        section.error(
            key,
            format!("`{name}` cannot be a name; use a letter, then letters, digits, _, - and ., at most 64"),
        );
    }
}

#[cfg(test)]
mod tests;
