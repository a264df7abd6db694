//! The fields of a form: what stands in each, and what it offers.

use super::sheet::Sheet;
use super::writing::{Value, sent};
use crate::apps::format::{Key, KeyKind, Names};
use crate::base::text::title;
use crate::web::Fields;

/// Empty lines at the end of a list, for more.
const MORE: usize = 2;

/// What there is to choose from.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// Queries that read, and those that write.
    pub reads: Vec<String>,
    pub writes: Vec<String>,
    /// Id and title.
    pub pages: Vec<(String, String)>,
    /// `query.parameter`, for those that come from the address.
    pub inputs: Vec<String>,
    /// Of the query that is shown; none where nobody knows them.
    pub columns: Vec<String>,
    pub fields: Vec<String>,
    pub widgets: Vec<String>,
}

/// How a key is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Line,
    Long,
    Number,
    Choice,
    Ticks,
    List,
    Pairs,
    /// The fields of a table inside.
    Group,
    /// The same for each table of a list, and one more.
    Groups,
    /// It has no field: it is written in the text.
    Text,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub label: String,
    pub doc: &'static str,
    pub is_required: bool,
    pub form: Form,
    /// What stands there, with room for more where it is a list.
    pub values: Vec<String>,
    pub pairs: Vec<(String, String)>,
    /// What may be chosen, and what people read.
    pub options: Vec<(String, String)>,
    pub known: &'static [&'static str],
    pub groups: Vec<Vec<Field>>,
    /// Where it stands in the text.
    pub line: usize,
}

impl Field {
    pub fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    pub fn has(&self, value: &str) -> bool {
        self.values.iter().any(|known| known == value)
    }

    /// What may be chosen where `value` stands, which may be something else.
    pub fn options_for(&self, value: &str) -> Vec<(String, String, bool)> {
        let is_known = self.options.iter().any(|(one, _)| one == value);
        let odd = (!is_known && !value.is_empty())
            .then(|| (value.to_owned(), format!("{value} (not known here)")));
        let all = self.options.iter().cloned().chain(odd);
        all.map(|(one, label)| (one.clone(), label, one == value))
            .collect()
    }

    /// The lines of a list: the id of each, what it is called, and what stands there.
    pub fn lines(&self) -> Vec<(String, String, &str)> {
        let (name, label) = (&self.name, &self.label);
        let mut lines = Vec::new();
        for (number, value) in (1..).zip(&self.values) {
            let called = (format!("{name}-{number}"), format!("{label} {number}"));
            lines.push((called.0, called.1, value.as_str()));
        }
        lines
    }

    /// The same of a table of texts: what its two fields are called, the name, the text.
    pub fn entries(&self) -> Vec<(String, String, &str, &str)> {
        let label = &self.label;
        let mut entries = Vec::new();
        for (number, (name, value)) in (1..).zip(&self.pairs) {
            entries.push((
                format!("{label}, line {number}: what"),
                format!("{label}, line {number}: to be"),
                name.as_str(),
                value.as_str(),
            ));
        }
        entries
    }

    pub fn is(&self, form: &str) -> bool {
        format!("{:?}", self.form).eq_ignore_ascii_case(form)
    }
}

pub(super) fn drawn(
    (sheet, key): (&Sheet, &'static Key),
    text: &str,
    offer: &Offer,
    typed: Option<&Fields>,
) -> Field {
    let name = sheet.name(key);
    let old = sheet.held(text, key);
    let now = typed.and_then(|typed| sent(typed, &name, key.kind));
    let form = match old {
        Value::Odd => Form::Text,
        _ => form(key, offer),
    };
    let mut field = Field {
        label: title(key.name),
        doc: key.doc,
        is_required: key.required,
        form,
        values: Vec::new(),
        pairs: Vec::new(),
        options: options(key, offer, form),
        known: key.hint.known,
        groups: Vec::new(),
        line: sheet.line(text, key),
        name,
    };
    match now.unwrap_or(old) {
        Value::One(value) => field.values = vec![value],
        Value::Many(values) => field.values = values,
        Value::Pairs(pairs) => field.pairs = pairs,
        Value::None | Value::Odd => {}
    }
    match form {
        Form::List => field.values.extend(vec![String::new(); MORE]),
        Form::Pairs => field
            .pairs
            .extend(vec![(String::new(), String::new()); MORE]),
        Form::Group | Form::Groups => {
            let inner = sheet.inner(text, key).into_iter();
            field.groups = inner.map(|one| one.fields(text, offer, typed)).collect();
        }
        _ => {}
    }
    field
}

fn form(key: &Key, offer: &Offer) -> Form {
    let is_column = key.hint.names == Names::Columns && !offer.columns.is_empty();
    match key.kind {
        KeyKind::Text if is_column => Form::Choice,
        KeyKind::Text if key.hint.is_long => Form::Long,
        KeyKind::Text | KeyKind::Scalar => Form::Line,
        KeyKind::Integer | KeyKind::Number => Form::Number,
        KeyKind::Boolean
        | KeyKind::OneOf(_)
        | KeyKind::ReadQuery
        | KeyKind::WriteQuery
        | KeyKind::Page => Form::Choice,
        KeyKind::SomeOf(_) => Form::Ticks,
        KeyKind::Texts | KeyKind::Inputs => Form::List,
        KeyKind::TextTable => Form::Pairs,
        KeyKind::Table(_) => Form::Group,
        KeyKind::Tables(_) => Form::Groups,
        KeyKind::Grid | KeyKind::Named(_) | KeyKind::Widgets | KeyKind::Any => Form::Text,
    }
}

fn options(key: &Key, offer: &Offer, form: Form) -> Vec<(String, String)> {
    let same = |names: &[String]| -> Vec<(String, String)> {
        names
            .iter()
            .map(|name| (name.clone(), name.clone()))
            .collect()
    };
    let words = |known: &[&str]| -> Vec<(String, String)> {
        let each = known.iter();
        each.map(|word| ((*word).to_owned(), title(word))).collect()
    };
    let named = || match key.hint.names {
        Names::Anything => Vec::new(),
        Names::Columns => same(&offer.columns),
        Names::Fields => same(&offer.fields),
        Names::Widgets => same(&offer.widgets),
    };
    let found = match key.kind {
        KeyKind::ReadQuery => same(&offer.reads),
        KeyKind::WriteQuery => same(&offer.writes),
        KeyKind::Page => offer.pages.clone(),
        KeyKind::Inputs => same(&offer.inputs),
        KeyKind::OneOf(known) | KeyKind::SomeOf(known) => words(known),
        KeyKind::Boolean => vec![
            ("true".to_owned(), "Yes".to_owned()),
            ("false".to_owned(), "No".to_owned()),
        ],
        KeyKind::Text | KeyKind::Texts | KeyKind::TextTable => named(),
        _ => Vec::new(),
    };
    let none = (form == Form::Choice).then(|| {
        let words = match key.kind {
            _ if key.required => "Choose…",
            KeyKind::OneOf(_) | KeyKind::Boolean | KeyKind::Text => "As usual",
            _ => "None",
        };
        (String::new(), words.to_owned())
    });
    none.into_iter().chain(found).collect()
}
