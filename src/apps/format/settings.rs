//! Reading a section of the file: every look at it says what is wrong, with its place.

use toml_edit::{Item, TableLike};

use super::fits::{fits, not_one_of, scalar, texts};
use super::keys::{Key, KeyKind};
use super::{AppOutline, QueryKind, Widget};
use crate::base::written::{Level, Notes, item_at, key_at, suggestion, tables};

/// A table of the file and what was found wrong with it so far. A reader yields
/// nothing where nothing fitting stands, and notes why if something else does;
/// [`finish`](Settings::finish) notes what is missing and what is unknown.
pub struct Settings<'a> {
    table: &'a dyn TableLike,
    /// Where the table's name stands, in bytes.
    at: usize,
    app: Option<&'a AppOutline<'a>>,
    asked: Vec<String>,
    notes: Notes,
    queries: Vec<String>,
}

impl<'a> Settings<'a> {
    /// The settings of a loaded widget, for the renderer: they were checked.
    pub fn of(widget: &'a Widget) -> Settings<'a> {
        Settings::new(&widget.settings, 0, None)
    }

    pub(super) fn new(
        table: &'a dyn TableLike,
        at: usize,
        app: Option<&'a AppOutline<'a>>,
    ) -> Settings<'a> {
        Settings {
            table,
            at,
            app,
            asked: Vec::new(),
            notes: Notes::default(),
            queries: Vec::new(),
        }
    }

    /// What was noted, and the queries that were named.
    pub(super) fn into_found(self) -> (Notes, Vec<String>) {
        (self.notes, self.queries)
    }

    /// The queries that were named so far.
    pub fn named(&self) -> Vec<String> {
        self.queries.clone()
    }

    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub fn string(&mut self, key: &str) -> Option<&'a str> {
        self.read(key, KeyKind::Text)?.as_str()
    }

    /// Empty when it is missing, which is noted.
    pub fn required_string(&mut self, key: &str) -> &'a str {
        self.require(key);
        self.string(key).unwrap_or_default()
    }

    pub fn strings(&mut self, key: &str) -> Vec<&'a str> {
        texts(self.read(key, KeyKind::Texts)).collect()
    }

    /// Empty when it is missing, which is noted.
    pub fn required_strings(&mut self, key: &str) -> Vec<&'a str> {
        self.require(key);
        self.strings(key)
    }

    pub fn integer(&mut self, key: &str) -> Option<i64> {
        self.read(key, KeyKind::Integer)?.as_integer()
    }

    /// A number with or without a point.
    pub fn number(&mut self, key: &str) -> Option<f64> {
        let item = self.read(key, KeyKind::Number)?;
        #[expect(clippy::cast_precision_loss, reason = "limits are short numbers")]
        item.as_float()
            .or_else(|| item.as_integer().map(|whole| whole as f64))
    }

    pub fn boolean(&mut self, key: &str) -> Option<bool> {
        self.read(key, KeyKind::Boolean)?.as_bool()
    }

    /// Text, a number, a truth or a date, as the file would write it in quotes.
    pub fn scalar(&mut self, key: &str) -> Option<String> {
        scalar(self.read(key, KeyKind::Scalar)?)
    }

    pub fn one_of(&mut self, key: &str, known: &[&str]) -> Option<&'a str> {
        let text = self.string(key)?;
        if known.contains(&text) {
            return Some(text);
        }
        self.problem(key, not_one_of(key, text, known));
        None
    }

    /// A table of texts, in the file's order.
    pub fn texts(&mut self, key: &str) -> Vec<(&'a str, &'a str)> {
        let Some(table) = self
            .read(key, KeyKind::TextTable)
            .and_then(Item::as_table_like)
        else {
            return Vec::new();
        };
        let text = |(name, item): (&'a str, &'a Item)| Some((name, item.as_str()?));
        table.iter().filter_map(text).collect()
    }

    /// Reads the table at `key` with `read`; what is wrong in there is noted here.
    pub fn table<T>(&mut self, key: &str, read: impl FnOnce(&mut Settings<'a>) -> T) -> Option<T> {
        let inner = self.read(key, KeyKind::Any)?.as_table_like()?;
        let mut settings = Settings::new(inner, key_at(self.table, key), self.app);
        let result = read(&mut settings);
        self.take(settings);
        Some(result)
    }

    /// Reads each table of the list at `key` with `read`; what is wrong there is noted here.
    pub fn tables<T>(&mut self, key: &str, mut read: impl FnMut(&mut Settings<'a>) -> T) -> Vec<T> {
        let list = self.read(key, KeyKind::Tables(&[])).and_then(tables);
        let each = |(at, table)| {
            let mut settings = Settings::new(table, at, self.app);
            let result = read(&mut settings);
            self.take(settings);
            result
        };
        list.into_iter().flatten().map(each).collect()
    }

    /// The name of a query that reads; noted as one this widget needs.
    pub fn read_query(&mut self, key: &str) -> Option<&'a str> {
        self.read(key, KeyKind::ReadQuery)?.as_str()
    }

    /// The name of a query that writes; noted as one this widget needs.
    pub fn write_query(&mut self, key: &str) -> Option<&'a str> {
        self.read(key, KeyKind::WriteQuery)?.as_str()
    }

    /// The id of a page.
    pub fn page(&mut self, key: &str) -> Option<&'a str> {
        self.read(key, KeyKind::Page)?.as_str()
    }

    /// Parameters from the address, as `query.parameter`.
    pub fn inputs(&mut self, key: &str) -> Vec<&'a str> {
        texts(self.read(key, KeyKind::Inputs)).collect()
    }

    /// Notes a problem with the value at `key`, or with the table when there is none.
    pub fn problem(&mut self, key: &str, message: impl Into<String>) {
        let at = self.place(key);
        self.notes.error(at, message);
    }

    /// Notes something at `key` that keeps the app from being published.
    pub fn refuse(&mut self, key: &str, message: impl Into<String>) {
        let at = self.place(key);
        self.notes.add(at, Level::Refused, message.into());
    }

    fn place(&self, key: &str) -> usize {
        if self.has(key) {
            item_at(self.table, key)
        } else {
            self.at
        }
    }

    fn take(&mut self, inner: Settings<'_>) {
        self.notes.take(inner.notes);
        self.queries.extend(inner.queries);
    }

    fn require(&mut self, key: &str) {
        if !self.has(key) {
            self.notes
                .error(self.at, format!("`{key}` is missing here; add it"));
        }
    }

    /// Notes the missing among the `known` keys, values that are not what their key
    /// says, and keys that are neither known nor were asked for.
    pub fn finish(&mut self, known: &[Key]) {
        for key in known {
            self.expect_key(key);
        }
        let names: Vec<String> = self.asked.clone();
        let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
        names.sort_unstable();
        for (name, _) in self.table.iter() {
            if !names.contains(&name) {
                let message = format!("unknown key `{name}`{}", suggestion(name, &names));
                self.notes.error(key_at(self.table, name), message);
            }
        }
    }

    pub(super) fn expect_key(&mut self, key: &Key) {
        if key.required {
            self.require(key.name);
        }
        let item = self.read(key.name, key.kind);
        let text = item.and_then(Item::as_str);
        if key.required && text.is_some_and(|text| text.trim().is_empty()) {
            self.problem(key.name, format!("`{}` is empty; fill it in", key.name));
        }
        self.descend(key);
    }

    fn descend(&mut self, key: &Key) {
        match key.kind {
            KeyKind::Table(keys) => {
                self.table(key.name, |inner| inner.finish(keys));
            }
            KeyKind::Tables(keys) => {
                self.tables(key.name, |inner| inner.finish(keys));
            }
            KeyKind::Named(keys) => {
                self.table(key.name, |inner| {
                    let names: Vec<&str> = inner.table.iter().map(|(name, _)| name).collect();
                    for name in names {
                        inner.table(name, |entry| entry.finish(keys));
                    }
                });
            }
            KeyKind::Widgets => {
                self.table(key.name, |inner| {
                    let names: Vec<&str> = inner.table.iter().map(|(name, _)| name).collect();
                    for name in names {
                        inner.read(name, KeyKind::Any);
                    }
                });
            }
            _ => {}
        }
    }

    /// The item at `key` if it is what `kind` says.
    fn read(&mut self, key: &str, kind: KeyKind) -> Option<&'a Item> {
        if !self.asked.iter().any(|known| known == key) {
            self.asked.push(key.to_owned());
        }
        let item = self.table.get(key)?;
        if let Err(message) = fits(key, item, kind) {
            self.problem(key, message);
            return None;
        }
        match kind {
            KeyKind::ReadQuery => self.query(key, item.as_str()?, QueryKind::Read),
            KeyKind::WriteQuery => self.query(key, item.as_str()?, QueryKind::Write),
            KeyKind::Page => self.page_exists(key, item.as_str()?),
            KeyKind::Inputs => self.inputs_exist(item.as_array()?),
            _ => {}
        }
        Some(item)
    }

    fn query(&mut self, key: &str, name: &str, kind: QueryKind) {
        if !self.queries.iter().any(|known| known == name) {
            self.queries.push(name.to_owned());
        }
        let Some(app) = self.app else { return };
        let Some(query) = app.query(name) else {
            let names: Vec<&str> = app
                .queries
                .iter()
                .map(|query| query.name.as_str())
                .collect();
            let near = suggestion(name, &names);
            return self.problem(key, format!("there is no query `{name}`{near}"));
        };
        match (kind, query.kind) {
            (QueryKind::Read, QueryKind::Write) => self.problem(
                key,
                format!("`{name}` writes; name a query of kind \"read\" here"),
            ),
            (QueryKind::Write, QueryKind::Read) => self.problem(
                key,
                format!("`{name}` reads; name a query of kind \"write\" here"),
            ),
            _ => {}
        }
    }

    fn page_exists(&mut self, key: &str, id: &str) {
        let Some(app) = self.app else { return };
        if app.page(id).is_none() {
            let ids: Vec<&str> = app.pages.iter().map(|page| page.id.as_str()).collect();
            let near = suggestion(id, &ids);
            self.problem(key, format!("there is no page `{id}`{near}"));
        }
    }

    fn inputs_exist(&mut self, inputs: &'a toml_edit::Array) {
        let Some(app) = self.app else { return };
        for input in inputs {
            let name = input.as_str().unwrap_or_default();
            if let Some(message) = input_fault(app, name) {
                let at = input.span().map_or(self.at, |span| span.start);
                self.notes.error(at, message);
            }
        }
    }
}

fn input_fault(app: &AppOutline<'_>, name: &str) -> Option<String> {
    let Some(param) = app.param(name) else {
        let all: Vec<String> = app
            .queries
            .iter()
            .flat_map(|query| {
                query
                    .params
                    .iter()
                    .map(|p| format!("{}.{}", query.name, p.name))
            })
            .collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        return Some(format!(
            "there is no parameter `{name}`{}",
            suggestion(name, &all)
        ));
    };
    (!matches!(param.source, super::Source::Url(_))).then(|| {
        format!("a filter sets the address, and `{name}` does not come from there; give it `from = \"url.{}\"`", param.name)
    })
}
