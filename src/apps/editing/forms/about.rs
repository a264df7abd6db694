//! What is said of one field, or of one list of lines, as the fields of a form: some of it
//! stands in the widget, some at the parameter of its query.

use super::super::parts::param;
use super::super::reading::{Field, Offer};
use super::super::sheet::{Filled, Sheet};
use super::fields::{chosen_at, not_chosen};
use super::parts::{Part, asked, definition};
use super::words::{Word, word};
use crate::apps::format::{Key, KeyKind, PARAM};
use crate::base::written::edit::{Entry, Step, Unfit, elements, find, line_of, parse, spelling};
use crate::web::Fields;

/// Fields of a form that belong together.
pub struct Group {
    /// What its place on the page is called.
    pub id: &'static str,
    pub title: &'static str,
    pub fields: Vec<Field>,
}

/// A field of a form or a list, or a list itself.
pub struct About {
    words: Vec<Word>,
    rules: Vec<Word>,
    /// The table that says where its choices come from, and the field.
    choice: Option<(Sheet, Vec<Step>, String)>,
    /// Its parameter in each query that describes it by itself.
    params: Vec<Sheet>,
    /// The list.
    list: Option<Sheet>,
}

const WHEN: &str =
    "An expression over the fields, like ${express} or ${qty} > 1. Always asked when empty.";
const COMPUTE: &str =
    "An expression over the fields, like ${qty} * ${price}. Typed by people when empty.";

/// The keys of a list of tables, such as `choices`.
fn keys_of(keys: &'static [Key], name: &str) -> &'static [Key] {
    let found = keys.iter().find(|key| key.name == name);
    match found.map(|key| key.kind) {
        Some(KeyKind::Tables(keys)) => keys,
        _ => &[],
    }
}

impl About {
    /// One field. `keys` are those of the kind of widget.
    pub fn field(
        text: &str,
        form: (&str, &str),
        (list, name): (&str, &str),
        keys: &'static [Key],
    ) -> Result<About, Unfit> {
        let part = Part::of(text, form, list)?;
        part.field(name)?;
        let toml = parse(text)?;
        let root = toml.as_table();
        let mut params: Vec<(String, String)> = Vec::new();
        for of in part.takers() {
            let all = asked(root, of);
            let own = all.iter().find(|field| field.name == name);
            let found = own.map(|own| definition(root, (of, &own.param)));
            params.extend(found.filter(|found| !params.contains(found)));
        }
        let params = params.iter().map(|(of, name)| {
            let sheet = Sheet::at(param(of, name), "p.".to_owned(), PARAM);
            sheet.but(&["from", "same_as"])
        });
        let at = chosen_at(text, &part.path, name)
            .unwrap_or_else(|| elements::count(text, &part.path, "choices"));
        let path = [part.path.as_slice(), &[Step::key("choices"), Step::At(at)]].concat();
        let choice = Sheet::at(path, "c.".to_owned(), keys_of(keys, "choices"));
        Ok(About {
            words: vec![
                word(
                    &part,
                    "w.label",
                    "Label",
                    "What people read; a title made of its name when empty.",
                    name,
                ),
                word(
                    &part,
                    "w.help",
                    "Help",
                    "What stands below the field.",
                    name,
                ),
            ],
            rules: vec![
                word(&part, "r.when", "Asked when", WHEN, name),
                word(&part, "r.compute", "Worked out as", COMPUTE, name),
            ],
            params: params.collect(),
            choice: Some((choice.but(&["field"]), part.path.clone(), name.to_owned())),
            list: None,
        })
    }

    /// One list of lines.
    pub fn list(
        text: &str,
        form: (&str, &str),
        list: &str,
        keys: &'static [Key],
    ) -> Result<About, Unfit> {
        let all = Part::all(text, form)?;
        let own = all.iter().skip(1).find(|one| one.id == list);
        let own = own.ok_or_else(|| Unfit::Missing(list.to_owned()))?;
        let above = all.iter().find(|one| one.id == own.within);
        let sheet = Sheet::at(own.path.clone(), "l.".to_owned(), keys_of(keys, "lines"));
        let elsewhere = ["id", "labels", "help", "choices", "when", "compute"];
        let rules = above.map(|above| word(above, "r.when", "Asked when", WHEN, list));
        Ok(About {
            words: Vec::new(),
            rules: rules.into_iter().collect(),
            choice: None,
            params: Vec::new(),
            list: Some(sheet.but(&elsewhere)),
        })
    }

    /// The query that the choices of the field come from, as it was typed or written.
    pub fn query(&self, text: &str, typed: Option<&Fields>) -> Option<String> {
        let typed = typed.and_then(|typed| typed.get("c.query"));
        let (sheet, ..) = self.choice.as_ref()?;
        let toml = parse(text).ok()?;
        let written = find(toml.as_table(), &sheet.path);
        let written = written.and_then(|at| at.body.text("query").map(str::to_owned));
        typed
            .map(str::to_owned)
            .or(written)
            .filter(|query| !query.is_empty())
    }

    pub fn groups(&self, text: &str, offer: &Offer, typed: Option<&Fields>) -> Vec<Group> {
        let words = |words: &[Word]| -> Vec<Field> {
            words.iter().map(|word| word.drawn(text, typed)).collect()
        };
        let mut groups = Vec::new();
        let mut add = |id, title, fields: Vec<Field>| {
            if !fields.is_empty() {
                groups.push(Group { id, title, fields });
            }
        };
        add("said", "What people read", words(&self.words));
        if let Some(list) = &self.list {
            add("list", "The list", list.fields(text, offer, typed));
        }
        if let Some(param) = self.params.first() {
            let mut fields = param.fields(text, offer, typed);
            for field in &mut fields {
                match field.name.as_str() {
                    "p.null" => "May be left empty".clone_into(&mut field.label),
                    "p.default" => "At first".clone_into(&mut field.label),
                    "p.scale" => "Digits after the point".clone_into(&mut field.label),
                    _ => {}
                }
            }
            add("type", "What may be filled in", fields);
        }
        if let Some((sheet, ..)) = &self.choice {
            let mut fields = sheet.fields(text, offer, typed);
            for field in &mut fields {
                field.is_required = false;
                match field.name.as_str() {
                    "c.query" => {
                        "Rows of the query".clone_into(&mut field.label);
                        if let Some((_, none)) = field.options.first_mut() {
                            "No choices".clone_into(none);
                        }
                    }
                    "c.value" => "Column that is saved".clone_into(&mut field.label),
                    _ => "Column that people read".clone_into(&mut field.label),
                }
            }
            add("choice", "Chosen among rows", fields);
        }
        add(
            "rules",
            "When it is asked, and how it is worked out",
            words(&self.rules),
        );
        groups
    }
}

impl Filled for About {
    fn faults(&self, text: &str, typed: &Fields) -> Vec<(String, String)> {
        let sheets = self.params.first().into_iter().chain(&self.list);
        let mut faults: Vec<_> = sheets.flat_map(|sheet| sheet.faults(text, typed)).collect();
        if typed
            .get("p.type")
            .is_some_and(|kind| kind.trim().is_empty())
        {
            faults.push((
                "p.type".to_owned(),
                "choose what the field holds".to_owned(),
            ));
        }
        faults
    }

    fn write(&self, text: &str, typed: &Fields) -> Result<String, Unfit> {
        let mut new = text.to_owned();
        for sheet in self.params.iter().chain(&self.list) {
            new = sheet.write(&new, typed)?;
        }
        for word in self.words.iter().chain(&self.rules) {
            new = word.write(&new, typed)?;
        }
        match &self.choice {
            Some(choice) => chose(choice, &new, typed),
            None => Ok(new),
        }
    }

    fn field_at(&self, text: &str, line: usize) -> Option<String> {
        let sheets = self.params.iter().chain(&self.list);
        let sheets = sheets.chain(self.choice.iter().map(|(sheet, ..)| sheet));
        let mut own =
            sheets.filter(|sheet| line_of(text, &sheet.path).is_some_and(|at| at <= line));
        let exact = own.find_map(|sheet| {
            let mut keys = sheet.keys.iter();
            let key = keys.find(|key| sheet.line(text, key) == line && sheet.is_there(text, key));
            key.map(|key| sheet.name(key))
        });
        let words = self.rules.iter().chain(&self.words);
        let word = || {
            let mut here = words
                .clone()
                .filter(|word| word.lines(text).contains(&line));
            here.next().map(|word| word.name.to_owned())
        };
        word().or(exact)
    }

    fn knows_its_lines(&self) -> bool {
        true
    }
}

/// The choices of a field: begun, changed or taken out.
fn chose(
    (sheet, path, field): &(Sheet, Vec<Step>, String),
    text: &str,
    typed: &Fields,
) -> Result<String, Unfit> {
    let Some(query) = typed.get("c.query").map(str::trim) else {
        return Ok(text.to_owned());
    };
    let is_there = chosen_at(text, path, field).is_some();
    match (is_there, query.is_empty()) {
        (true, true) => not_chosen(text, path, field),
        (true, false) => sheet.write(text, typed),
        (false, true) => Ok(text.to_owned()),
        (false, false) => {
            let more = ["value", "label"].into_iter().filter_map(|key| {
                let value = typed.get(&format!("c.{key}"))?.trim();
                (!value.is_empty()).then_some((key, value))
            });
            let entry = [("field", field.as_str()), ("query", query)]
                .into_iter()
                .chain(more);
            let entry: Entry = entry
                .map(|(key, value)| (key.to_owned(), spelling::text(value, None)))
                .collect();
            elements::push(text, path, "choices", &entry)
        }
    }
}
