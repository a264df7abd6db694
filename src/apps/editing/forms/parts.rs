//! What a form is made of, read from the text: the form itself and its lists, the queries
//! of each, and what people fill in there.

use toml_edit::Table;

use super::super::parts::{param as param_of, params, widget};
use crate::base::written::edit::{Body, Step, Unfit, find, line_at, listed, parse};

/// How far `same_as` is followed.
const STEPS: usize = 16;

/// A form, or one of the lists of lines below it.
#[derive(Clone, Debug)]
pub struct Part {
    /// Empty for the form itself.
    pub id: String,
    /// The list whose lines have this one below each; empty below the form.
    pub within: String,
    pub title: String,
    pub submit: String,
    pub load: String,
    pub change: String,
    pub remove: String,
    pub fields: Vec<Asked>,
    pub line: usize,
    pub(super) path: Vec<Step>,
    pub(super) at: usize,
}

/// What people fill in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What the browser sends.
    pub name: String,
    /// What people read, if the form says so.
    pub label: String,
    pub kind: String,
    pub is_needed: bool,
    /// Words for what else is said of it, such as `worked out`.
    pub said: Vec<&'static str>,
    /// The parameter of the query that takes it.
    pub(super) param: String,
}

impl Part {
    /// The form itself first, then its lists in the order of the text.
    pub fn all(text: &str, (page, id): (&str, &str)) -> Result<Vec<Part>, Unfit> {
        let toml = parse(text)?;
        let root = toml.as_table();
        let path = widget(page, id);
        let missing = || Unfit::Missing(id.to_owned());
        let form = find(root, &path).ok_or_else(missing)?;
        let mut all = vec![Part::read((text, root), form.body, (path.clone(), 0))];
        let lists = form.body.get("lines").map(listed).unwrap_or_default();
        for (at, body) in lists.into_iter().enumerate() {
            let own = [path.as_slice(), &[Step::key("lines"), Step::At(at)]].concat();
            all.push(Part::read((text, root), body, (own, at)));
        }
        if let Some(form) = all.first_mut() {
            form.id = String::new();
        }
        Ok(all)
    }

    /// The form itself, or the list of that name.
    pub fn of(text: &str, form: (&str, &str), id: &str) -> Result<Part, Unfit> {
        let found = Part::all(text, form)?.into_iter().find(|one| one.id == id);
        found.ok_or_else(|| Unfit::Missing(id.to_owned()))
    }

    fn read((text, root): (&str, &Table), body: Body<'_>, (path, at): (Vec<Step>, usize)) -> Part {
        let word = |key: &str| body.text(key).unwrap_or_default().to_owned();
        let submit = word("submit");
        let mut fields = asked(root, &submit);
        for field in &mut fields {
            field.label = said(body, "labels", &field.name);
            if is_chosen(body, &field.name) {
                field.said.push("chosen among rows");
            }
            for (table, words) in [("when", "asked in some cases"), ("compute", "worked out")] {
                if !said(body, table, &field.name).is_empty() {
                    field.said.push(words);
                }
            }
        }
        Part {
            id: word("id"),
            within: word("within"),
            title: word("title"),
            load: word("load"),
            change: word("change"),
            remove: word("remove"),
            line: line_at(text, body.start()),
            submit,
            fields,
            path,
            at,
        }
    }

    /// The queries that take its fields.
    pub(super) fn takers(&self) -> impl Iterator<Item = &str> {
        let both = [self.submit.as_str(), self.change.as_str()].into_iter();
        both.filter(|name| !name.is_empty())
    }

    /// One of its fields.
    pub(super) fn field(&self, name: &str) -> Result<&Asked, Unfit> {
        let found = self.fields.iter().find(|field| field.name == name);
        found.ok_or_else(|| Unfit::Missing(name.to_owned()))
    }
}

fn said(body: Body<'_>, table: &str, field: &str) -> String {
    let table = body.get(table).and_then(toml_edit::Item::as_table_like);
    let text = table.and_then(|table| table.get(field)?.as_str());
    text.unwrap_or_default().to_owned()
}

fn is_chosen(body: Body<'_>, field: &str) -> bool {
    let all = body.get("choices").map(listed).unwrap_or_default();
    all.iter().any(|one| one.text("field") == Some(field))
}

/// The parameters of a query that people fill in, in the order of the text.
pub(super) fn asked(root: &Table, name: &str) -> Vec<Asked> {
    let Some(all) = find(root, &params(name)) else {
        return Vec::new();
    };
    let mut found: Vec<Asked> = Vec::new();
    for (param, _) in all.body.table().iter() {
        let (query, own) = definition(root, (name, param));
        let path = param_of(&query, &own);
        let Some(at) = find(root, &path) else {
            continue;
        };
        let field = at
            .body
            .text("from")
            .and_then(|from| from.strip_prefix("form."));
        let Some(field) = field.filter(|field| !found.iter().any(|one| one.name == **field)) else {
            continue;
        };
        let is = |key: &str| at.body.get(key).and_then(toml_edit::Item::as_bool) == Some(true);
        found.push(Asked {
            name: field.to_owned(),
            label: String::new(),
            kind: at.body.text("type").unwrap_or_default().to_owned(),
            is_needed: !is("null") && at.body.get("default").is_none(),
            said: Vec::new(),
            param: param.to_owned(),
        });
    }
    found
}

/// Where a parameter is described: itself, or the one it is the same as.
pub(super) fn definition(root: &Table, (of, param): (&str, &str)) -> (String, String) {
    let mut now = (of.to_owned(), param.to_owned());
    for _ in 0..STEPS {
        let at = find(root, &param_of(&now.0, &now.1));
        let other = at.and_then(|at| at.body.text("same_as")?.split_once('.'));
        let Some((query, param)) = other else { break };
        now = (query.to_owned(), param.to_owned());
    }
    now
}
