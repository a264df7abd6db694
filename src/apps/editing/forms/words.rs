//! Texts that a form or a list has at names, in tables such as `labels`: the fields for them.

use super::super::pages::without;
use super::super::reading::{Field, Form};
use super::parts::Part;
use crate::base::written::edit::{Step, Unfit, find, line_at, line_of, parse, put, spelling};
use crate::web::Fields;

/// A text at a name in one of the tables of texts, such as `labels`.
pub(super) struct Word {
    pub(super) name: &'static str,
    label: &'static str,
    doc: &'static str,
    /// The form or list that has the table.
    path: Vec<Step>,
    table: &'static str,
    key: String,
}

/// What is said of `key` in the form or list. `name` is that of the field.
pub(super) fn word(
    part: &Part,
    name: &'static str,
    label: &'static str,
    doc: &'static str,
    key: &str,
) -> Word {
    Word {
        name,
        label,
        doc,
        path: part.path.clone(),
        table: match name {
            "w.label" => "labels",
            "w.help" => "help",
            "r.compute" => "compute",
            _ => "when",
        },
        key: key.to_owned(),
    }
}

/// A text as it stands at a key, and as it is spelled.
pub(super) fn held(text: &str, path: &[Step], key: &str) -> Option<(String, String)> {
    let toml = parse(text).ok()?;
    let value = find(toml.as_table(), path)?.body.get(key)?.as_value()?;
    Some((value.as_str()?.to_owned(), text[value.span()?].to_owned()))
}

/// Takes an entry out of a table of texts, and the table with its last one.
pub(super) fn unsaid(
    text: &str,
    path: &[Step],
    (table, name): (&str, &str),
) -> Result<String, Unfit> {
    let inner = [path, &[Step::key(table)]].concat();
    let count = |text: &str| -> Result<Option<usize>, Unfit> {
        let toml = parse(text)?;
        let at = find(toml.as_table(), &inner);
        Ok(at.map(|at| at.body.table().len()))
    };
    if held(text, &inner, name).is_none() {
        return Ok(text.to_owned());
    }
    if count(text)? == Some(1) {
        return without(text, path, table);
    }
    without(text, &inner, name)
}

impl Word {
    fn inner(&self) -> Vec<Step> {
        [self.path.as_slice(), &[Step::key(self.table)]].concat()
    }

    /// The lines of its table, and its own where it has one.
    pub(super) fn lines(&self, text: &str) -> Vec<usize> {
        let Ok(toml) = parse(text) else {
            return Vec::new();
        };
        let at = |path: &[Step], key: &str| {
            let found = find(toml.as_table(), path)?;
            let span = found.body.table().key(key)?.span()?;
            Some(line_at(text, span.start))
        };
        let own = at(&self.inner(), &self.key);
        let table = at(&self.path, self.table).filter(|_| own.is_some());
        own.into_iter().chain(table).collect()
    }

    pub(super) fn drawn(&self, text: &str, typed: Option<&Fields>) -> Field {
        let typed = typed
            .and_then(|typed| typed.get(self.name))
            .map(str::to_owned);
        let value = typed.or_else(|| held(text, &self.inner(), &self.key).map(|(text, _)| text));
        Field {
            name: self.name.to_owned(),
            label: self.label.to_owned(),
            doc: self.doc,
            is_required: false,
            form: Form::Line,
            values: value.into_iter().collect(),
            pairs: Vec::new(),
            options: Vec::new(),
            known: &[],
            groups: Vec::new(),
            line: line_of(text, &self.path).unwrap_or(1),
        }
    }

    pub(super) fn write(&self, text: &str, typed: &Fields) -> Result<String, Unfit> {
        let Some(new) = typed.get(self.name).map(str::trim) else {
            return Ok(text.to_owned());
        };
        match held(text, &self.inner(), &self.key) {
            Some((old, _)) if old == new => Ok(text.to_owned()),
            None if new.is_empty() => Ok(text.to_owned()),
            Some(_) if new.is_empty() => unsaid(text, &self.path, (self.table, &self.key)),
            old => {
                let spelled = spelling::text(new, old.as_ref().map(|(_, old)| old.as_str()));
                put(text, &self.inner(), &self.key, &spelled)
            }
        }
    }
}
