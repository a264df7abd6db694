//! One app file as types: what is here was checked when the file was loaded.

use super::statement::Texts;
use super::{Live, Position, Problem};
use crate::data::sql_text::Dialect;

/// A loaded app.
#[derive(Clone, Debug)]
pub struct App {
    pub id: String,
    pub title: String,
    pub description: Option<String>,
    pub uses: Vec<Use>,
    pub access: Access,
    /// They bind everybody within the app, besides the tables' own policies.
    pub policies: Vec<Policy>,
    pub queries: Vec<Query>,
    /// In the file's order; [`App::menu`] has the menu's.
    pub pages: Vec<Page>,
    /// Run before it is published, and whenever somebody asks.
    pub tests: Vec<Test>,
    /// What stands in the way of publishing, and notes. Never an error.
    pub problems: Vec<Problem>,
}

/// A datasource by the name the app has for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub name: String,
    /// `sqlite`, `postgres`, `mysql`, `mssql` or `http`.
    pub kind: String,
    pub needs: Vec<QueryKind>,
}

impl Use {
    /// Is it the workspace's own database?
    pub fn is_own(&self) -> bool {
        self.kind == "sqlite"
    }
}

impl App {
    /// Does that name of its `uses` stand for the workspace's own database?
    pub fn is_own(&self, uses: &str) -> bool {
        let mut known = self.uses.iter();
        known.any(|known| known.name == uses && known.is_own())
    }
}

/// Who may do what, as the file writes it; [`super::Name`] reads an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    pub open: Vec<String>,
    pub edit: Vec<String>,
    pub publish: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub name: String,
    /// `datasource.table`
    pub on: String,
    pub rows: Option<String>,
    /// Column and expression.
    pub mask: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryKind {
    Read,
    Write,
}

/// Named SQL with its parameters.
#[derive(Clone, Debug)]
pub struct Query {
    pub name: String,
    /// The name of a [`Use`].
    pub uses: String,
    /// Whose grammar `sql` is written in: that of what it uses.
    pub dialect: Dialect,
    pub kind: QueryKind,
    pub sql: String,
    /// In the file's order, with `same_as` followed.
    pub params: Vec<Param>,
    pub paging: Option<Paging>,
    pub audit: Option<String>,
    /// How many rows a write must change.
    pub expect: Option<u64>,
    /// Where its name stands.
    pub position: Position,
    /// What [`Query::statement`] worked out before.
    pub(super) texts: Texts,
}

impl Query {
    /// May a program read its rows? Not where it needs a form, a row or another page.
    pub fn is_for_programs(&self) -> bool {
        let is_open = |param: &Param| {
            matches!(
                param.source,
                Source::Url(_) | Source::Server(_) | Source::User(_) | Source::App(_)
            )
        };
        self.kind == QueryKind::Read && self.params.iter().all(is_open)
    }
}

/// How a long result is cut: by `key` where there is one, by offset where not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// Rows, 1 to 1000.
    pub size: u32,
    pub sort: Vec<String>,
    pub default: Option<Order>,
    /// A column that is unique in the result.
    pub key: Option<String>,
}

/// A column to sort by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub column: String,
    pub descending: bool,
}

impl Order {
    /// `amount` sorts upwards, `-amount` downwards.
    pub fn parse(text: &str) -> Order {
        let column = text.strip_prefix('-');
        Order {
            column: column.unwrap_or(text).to_owned(),
            descending: column.is_some(),
        }
    }
}

/// Where a parameter's value comes from, with the key there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Url(String),
    Form(String),
    Row(String),
    Page(String),
    /// `id`: the key of the row that a line of a form belongs to.
    Parent(String),
    /// `id`, `name`, `email`, `role`, `groups`, or an attribute of the person.
    User(String),
    /// `now` or `today`.
    Server(String),
    /// `id`.
    App(String),
}

impl Source {
    /// Can whoever sits at the browser choose the value?
    pub fn is_from_browser(&self) -> bool {
        matches!(
            self,
            Source::Url(_) | Source::Form(_) | Source::Row(_) | Source::Page(_)
        )
    }

    /// The name after the dot.
    pub fn key(&self) -> &str {
        match self {
            Source::Url(key)
            | Source::Form(key)
            | Source::Row(key)
            | Source::Page(key)
            | Source::Parent(key)
            | Source::User(key)
            | Source::Server(key)
            | Source::App(key) => key,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamType {
    Text,
    Int,
    Decimal,
    Bool,
    Date,
    DateTime,
    Enum,
    Email,
    Url,
    Phone,
    Uuid,
    Json,
    /// Not in this version: loads, refused at publish.
    File,
}

impl ParamType {
    pub fn named(name: &str) -> Option<ParamType> {
        Some(match name {
            "text" => ParamType::Text,
            "int" => ParamType::Int,
            "decimal" => ParamType::Decimal,
            "bool" => ParamType::Bool,
            "date" => ParamType::Date,
            "datetime" => ParamType::DateTime,
            "enum" => ParamType::Enum,
            "email" => ParamType::Email,
            "url" => ParamType::Url,
            "phone" => ParamType::Phone,
            "uuid" => ParamType::Uuid,
            "json" => ParamType::Json,
            "file" => ParamType::File,
            _ => return None,
        })
    }

    /// `min` and `max` are values.
    pub fn is_number(self) -> bool {
        matches!(self, ParamType::Int | ParamType::Decimal)
    }

    /// `min` and `max` count characters.
    pub fn has_length(self) -> bool {
        matches!(
            self,
            ParamType::Text
                | ParamType::Email
                | ParamType::Url
                | ParamType::Phone
                | ParamType::Json
        )
    }
}

/// A `:name` of a statement: where its value comes from and what it may be.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// As the statement says it, without the colon.
    pub name: String,
    pub source: Source,
    pub kind: ParamType,
    /// `list<…>`: many values of that type, bound as many placeholders.
    pub list: bool,
    pub null: bool,
    /// As the file writes it: `today-90d` is decided when it is bound.
    pub default: Option<String>,
    /// A number's value or a text's characters, both inclusive.
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// Digits after the point, at most.
    pub scale: Option<u32>,
    /// What an enum may be.
    pub values: Vec<String>,
    /// The `query.param` the rest was taken from.
    pub same_as: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub id: String,
    pub title: String,
    /// Begins with `/`; unique in the app.
    pub path: String,
    /// Pages without one come last, in the file's order.
    pub order: Option<i64>,
    pub menu: bool,
    pub live: Live,
    /// In the file's order.
    pub widgets: Vec<Widget>,
    pub position: Position,
}

#[derive(Clone, Debug)]
pub struct Widget {
    pub id: String,
    /// The name of its kind.
    pub kind: String,
    /// Row from 1, column 1 to 12, width 1 to 12.
    pub at: [u32; 3],
    /// Everything that was written, `type` and `at` too; read it with [`super::Settings::of`].
    pub settings: toml_edit::Table,
    /// The queries it names, each once.
    pub queries: Vec<String>,
    pub position: Position,
}

/// What must hold before publishing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    pub name: String,
    /// `id`, `name`, `email`, `role`, `groups` and attributes, with their values.
    pub person: Vec<(String, String)>,
    /// A query's name.
    pub run: String,
    /// Parameters and their values; a list has its parameter several times.
    pub with: Vec<(String, String)>,
    /// A question whose one value has to be true.
    pub expect: String,
    /// Where its name stands.
    pub position: Position,
}
