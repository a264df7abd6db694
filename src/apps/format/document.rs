//! Changing an app file by hand's rules: what is not changed stays, to the byte.

use std::fmt;

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::QueryKind;

/// The text of an app file, with its comments and its order.
#[derive(Clone, Debug)]
pub struct Document {
    toml: DocumentMut,
    /// As it was read. The tables lose a missing last line end and `\r`.
    text: String,
    is_edited: bool,
}

/// Why an edit does not fit the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("there is no {0} `{1}` in this app; reload it")]
    Missing(&'static str, String),
    #[error("there is a {0} `{1}` already; choose another name")]
    Taken(&'static str, String),
    #[error("`{0}` is written in a way that cannot be edited here; edit the text")]
    Shape(String),
    #[error("this is not TOML: {0}")]
    Syntax(String),
}

/// A query to add. The settings of parameters are written in the order given.
#[derive(Clone, Debug)]
pub struct NewQuery<'a> {
    pub name: &'a str,
    /// The datasource, by its name under `uses`.
    pub uses: &'a str,
    pub kind: QueryKind,
    pub sql: &'a str,
    pub params: Vec<NewParam<'a>>,
}

/// A parameter: its name and its keys, like `("from", "url.q".into())`.
#[derive(Clone, Debug)]
pub struct NewParam<'a> {
    pub name: &'a str,
    pub settings: Vec<(&'a str, Value)>,
}

/// A widget to add to a page.
#[derive(Clone, Debug)]
pub struct NewWidget<'a> {
    pub id: &'a str,
    pub kind: &'a str,
    /// Row, column, width.
    pub at: [u32; 3],
    /// Everything besides `type` and `at`.
    pub settings: Vec<(&'a str, Value)>,
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_edited {
            return f.write_str(&self.text);
        }
        let edited = self.toml.to_string();
        if self.text.contains("\r\n") {
            f.write_str(&edited.replace("\r\n", "\n").replace('\n', "\r\n"))
        } else {
            f.write_str(&edited)
        }
    }
}

impl Document {
    /// Any TOML; whether it is an app, [`super::App::parse`] says.
    pub fn parse(text: &str) -> Result<Document, Unfit> {
        let parsed: Result<DocumentMut, _> = text.parse();
        let toml = parsed.map_err(|error| Unfit::Syntax(error.message().to_owned()))?;
        Ok(Document {
            toml,
            text: text.to_owned(),
            is_edited: false,
        })
    }

    pub fn set_title(&mut self, title: &str) {
        set(self.edited(), "title", title.into());
    }

    /// Another id, for a file whose own is taken.
    pub fn set_id(&mut self, id: &str) {
        set(self.edited(), "id", id.into());
    }

    pub fn set_page_title(&mut self, page: &str, title: &str) -> Result<(), Unfit> {
        set(self.existing("page", page)?, "title", title.into());
        Ok(())
    }

    pub fn set_query_sql(&mut self, query: &str, sql: &str) -> Result<(), Unfit> {
        set(self.existing("query", query)?, "sql", long_text(sql));
        Ok(())
    }

    pub fn add_query(&mut self, new: &NewQuery<'_>) -> Result<(), Unfit> {
        let mut query = Table::new();
        query.insert("use", new.uses.into());
        let kind = match new.kind {
            QueryKind::Read => "read",
            QueryKind::Write => "write",
        };
        query.insert("kind", kind.into());
        query.insert("sql", long_text(new.sql).into());
        if !new.params.is_empty() {
            let mut params = section();
            for param in &new.params {
                let mut settings = InlineTable::new();
                for (key, value) in &param.settings {
                    settings.insert(*key, value.clone());
                }
                params.insert(param.name, settings.into());
            }
            query.insert("param", Item::Table(params));
        }
        self.add("query", new.name, query)
    }

    /// Adds an empty page at `path`, after the last one.
    pub fn add_page(&mut self, id: &str, title: &str, path: &str) -> Result<(), Unfit> {
        let mut page = Table::new();
        page.insert("title", title.into());
        page.insert("path", path.into());
        self.add("page", id, page)
    }

    pub fn add_widget(&mut self, page: &str, new: &NewWidget<'_>) -> Result<(), Unfit> {
        let mut widget = section();
        widget.insert("type", new.kind.into());
        let at: Array = new.at.iter().map(|number| i64::from(*number)).collect();
        widget.insert("at", at.into());
        for (key, value) in &new.settings {
            widget.insert(key, value.clone().into());
        }
        let page = self.existing("page", page)?;
        insert(inner(page, "widget")?, "widget", new.id, widget)
    }

    fn add(&mut self, kind: &'static str, name: &str, mut table: Table) -> Result<(), Unfit> {
        table.decor_mut().set_prefix("\n");
        insert(inner(self.edited(), kind)?, kind, name, table)
    }

    fn edited(&mut self) -> &mut Table {
        self.is_edited = true;
        self.toml.as_table_mut()
    }

    fn existing(&mut self, kind: &'static str, name: &str) -> Result<&mut dyn TableLike, Unfit> {
        let missing = || Unfit::Missing(kind, name.to_owned());
        let section = self.edited().get_mut(kind);
        let section = section.and_then(Item::as_table_like_mut);
        let item = section.and_then(|section| section.get_mut(name));
        let table = item.ok_or_else(missing)?.as_table_like_mut();
        table.ok_or_else(|| Unfit::Shape(format!("{kind}.{name}")))
    }
}

/// A table whose heading stands after an empty line.
fn section() -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    table
}

/// The table of tables at `key`, made when there is none.
fn inner<'a>(table: &'a mut dyn TableLike, key: &str) -> Result<&'a mut dyn TableLike, Unfit> {
    let mut empty = Table::new();
    empty.set_implicit(true);
    let item = table.entry(key).or_insert(Item::Table(empty));
    // Tables cannot have headings inside of a table in braces.
    match item {
        Item::Table(table) => Ok(table),
        _ => Err(Unfit::Shape(key.to_owned())),
    }
}

fn insert(
    section: &mut dyn TableLike,
    kind: &'static str,
    name: &str,
    table: Table,
) -> Result<(), Unfit> {
    if section.contains_key(name) {
        return Err(Unfit::Taken(kind, name.to_owned()));
    }
    section.insert(name, Item::Table(table));
    Ok(())
}

/// Puts `value` at `key`; what stood around the old one (spaces, a comment) stays.
fn set(table: &mut dyn TableLike, key: &str, mut value: Value) {
    // Inserting over a key would lose the comment above it.
    let Some(old) = table.get_mut(key) else {
        table.insert(key, Item::Value(value));
        return;
    };
    if let Some(old) = old.as_value() {
        *value.decor_mut() = old.decor().clone();
    }
    *old = Item::Value(value);
}

/// A text in `'''`, as one reads SQL best; in escapes where that cannot hold it.
fn long_text(text: &str) -> Value {
    let plain = format!(
        "'''\n{text}{}'''",
        if text.ends_with('\n') { "" } else { "\n" }
    );
    let parsed = plain.parse::<Value>().ok();
    parsed
        .filter(|value| {
            value
                .as_str()
                .is_some_and(|read| read.trim_end() == text.trim_end())
        })
        .unwrap_or_else(|| text.into())
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
