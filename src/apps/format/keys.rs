//! Which keys an app file has: the one list that loading, suggestions and the schema share.

use super::{AppOutline, Settings};
use KeyKind::{
    Any, Boolean, Grid, Integer, Named, Number, OneOf, Scalar, SomeOf, Table, Text, TextTable,
    Texts, Widgets,
};

/// A key of a section, and what may stand there.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub name: &'static str,
    pub kind: KeyKind,
    pub required: bool,
    /// A sentence for the schema and the reference page.
    pub doc: &'static str,
    /// What a form may offer there; the loader does not ask.
    pub hint: Hint,
}

/// What whoever fills in a key is offered. Nothing is refused for it.
#[derive(Clone, Copy, Debug)]
pub struct Hint {
    pub names: Names,
    /// What a value may look like.
    pub known: &'static [&'static str],
    /// A text over several lines.
    pub is_long: bool,
}

/// What the texts at a key are names of; in a table of texts, its own names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    Anything,
    /// Columns of the query that the widget shows.
    Columns,
    /// What people fill in: fields of the query it sends, parameters it sets.
    Fields,
    /// Widgets of the page.
    Widgets,
}

impl Key {
    pub const fn new(name: &'static str, kind: KeyKind, doc: &'static str) -> Key {
        Key {
            name,
            kind,
            required: false,
            doc,
            hint: Hint {
                names: Names::Anything,
                known: &[],
                is_long: false,
            },
        }
    }

    const fn of(self, names: Names) -> Key {
        let hint = Hint { names, ..self.hint };
        Key { hint, ..self }
    }

    /// The same key, for names of columns.
    #[must_use]
    pub const fn columns(self) -> Key {
        self.of(Names::Columns)
    }

    /// The same key, for names of fields.
    #[must_use]
    pub const fn fields(self) -> Key {
        self.of(Names::Fields)
    }

    /// The same key, for ids of widgets.
    #[must_use]
    pub const fn widgets(self) -> Key {
        self.of(Names::Widgets)
    }

    /// The same key, whose values look like these.
    #[must_use]
    pub const fn known(self, known: &'static [&'static str]) -> Key {
        let hint = Hint { known, ..self.hint };
        Key { hint, ..self }
    }

    /// The same key, for a text over several lines.
    #[must_use]
    pub const fn long(self) -> Key {
        let hint = Hint {
            is_long: true,
            ..self.hint
        };
        Key { hint, ..self }
    }

    /// The same key, without which the section is incomplete.
    #[must_use]
    pub const fn required(self) -> Key {
        Key {
            required: true,
            ..self
        }
    }
}

/// What stands at a key.
#[derive(Clone, Copy, Debug)]
pub enum KeyKind {
    Text,
    Integer,
    Number,
    Boolean,
    /// Text, a number, `true` or `false`, a date.
    Scalar,
    /// A list of texts.
    Texts,
    /// A table of texts under any names.
    TextTable,
    OneOf(&'static [&'static str]),
    /// A list of texts out of these.
    SomeOf(&'static [&'static str]),
    /// `[row, column, width]` on the grid of 12 columns.
    Grid,
    /// The name of a query that reads.
    ReadQuery,
    /// The name of a query that writes.
    WriteQuery,
    /// The id of a page.
    Page,
    /// A list of `query.parameter`, each from the address.
    Inputs,
    /// A table with these keys.
    Table(&'static [Key]),
    /// A list of tables, each with these keys.
    Tables(&'static [Key]),
    /// A table of tables under names the author chooses, each with these keys.
    Named(&'static [Key]),
    /// Widgets under their names; their kinds know their keys.
    Widgets,
    /// A table of anything.
    Any,
}

/// A kind of widget as the schema and the suggestions know it.
#[derive(Clone, Copy, Debug)]
pub struct KindSchema {
    pub name: &'static str,
    pub doc: &'static str,
    /// Besides `type` and `at`.
    pub keys: &'static [Key],
}

/// The kinds of widget there are. The format does not know them; it asks.
pub trait Kinds {
    /// Checks the settings of a widget of that kind; `false` when there is no such kind.
    fn check(&self, kind: &str, settings: &mut Settings<'_>, app: &AppOutline<'_>) -> bool;

    fn schema(&self) -> Vec<KindSchema>;
}

pub(in crate::apps) const TYPES: &[&str] = &[
    "text",
    "int",
    "decimal",
    "bool",
    "date",
    "datetime",
    "enum",
    "email",
    "url",
    "phone",
    "uuid",
    "json",
    "file",
    "list<text>",
    "list<int>",
    "list<decimal>",
    "list<bool>",
    "list<date>",
    "list<datetime>",
    "list<enum>",
    "list<email>",
    "list<url>",
    "list<phone>",
    "list<uuid>",
];

pub(in crate::apps) static ROOT: &[Key] = &[
    Key::new("format", Integer, "The version of the format: 1.").required(),
    Key::new(
        "id",
        Text,
        "The app's name in addresses: small letters, digits, - and _.",
    )
    .required(),
    Key::new("title", Text, "What people see as the app's name.").required(),
    Key::new("description", Text, "What the app is for, in a sentence."),
    Key::new(
        "uses",
        Named(USE),
        "The datasources the app needs, under names of its own.",
    ),
    Key::new(
        "access",
        Table(ACCESS),
        "Who may open, edit and publish the app.",
    ),
    Key::new(
        "policy",
        Named(POLICY),
        "Which rows and columns of a table a person sees.",
    ),
    Key::new(
        "query",
        Named(QUERY),
        "Named SQL; widgets and forms refer to it.",
    ),
    Key::new("page", Named(PAGE), "The pages, each with its widgets."),
    Key::new(
        "test",
        Named(TEST),
        "What must hold before the app is published.",
    ),
];

static USE: &[Key] = &[
    Key::new(
        "kind",
        OneOf(&["sqlite", "postgres", "mysql", "mssql", "http"]),
        "What the datasource is; `http` only reads, `mssql` is refused when you publish.",
    )
    .required(),
    Key::new(
        "needs",
        SomeOf(&["read", "write"]),
        "What the app does with it; read when absent.",
    ),
];

static ACCESS: &[Key] = &[
    Key::new("open", Texts, "Who may use the app, like group:sales."),
    Key::new("edit", Texts, "Who may change it."),
    Key::new("publish", Texts, "Who may publish it."),
];

static POLICY: &[Key] = &[
    Key::new("on", Text, "The table, as datasource.table.").required(),
    Key::new("rows", Text, "An SQL condition a row must meet to be seen."),
    Key::new(
        "mask",
        TextTable,
        "Per column, the SQL expression shown instead of it.",
    ),
];

pub(in crate::apps) static QUERY: &[Key] = &[
    Key::new("use", Text, "The datasource, by its name under uses.").required(),
    Key::new(
        "kind",
        OneOf(&["read", "write"]),
        "Whether it reads or changes rows.",
    )
    .required(),
    Key::new("sql", Text, "One statement; values enter as :name only.").required(),
    Key::new(
        "paging",
        Table(PAGING),
        "How a long result is cut into pages.",
    ),
    Key::new(
        "audit",
        Text,
        "The name of the journal entry a write leaves, like order.create.",
    ),
    Key::new(
        "expect",
        Integer,
        "How many rows a write changes; anything else is undone.",
    ),
    Key::new(
        "param",
        Named(PARAM),
        "One for each :name of the statement.",
    ),
];

static PAGING: &[Key] = &[
    Key::new("size", Integer, "Rows per page, 1 to 1000.").required(),
    Key::new("sort", Texts, "The columns people may sort by."),
    Key::new(
        "default",
        Text,
        "The column sorted by at first, with - in front for downwards.",
    ),
    Key::new(
        "key",
        Text,
        "A column that is unique in the result; it makes far pages fast.",
    ),
];

pub(in crate::apps) static PARAM: &[Key] = &[
    Key::new(
        "from",
        Text,
        "Where the value comes from, like url.status or user.id.",
    ),
    Key::new("type", OneOf(TYPES), "What the value is."),
    Key::new("null", Boolean, "Whether it may be missing."),
    Key::new(
        "default",
        Scalar,
        "The value when it is missing; dates know today-90d and now.",
    ),
    Key::new(
        "min",
        Number,
        "The smallest number, or the fewest characters.",
    ),
    Key::new("max", Number, "The largest number, or the most characters."),
    Key::new(
        "scale",
        Integer,
        "How many digits a decimal has after the point, at most.",
    ),
    Key::new("values", Texts, "What an enum may be."),
    Key::new(
        "same_as",
        Text,
        "Another query's parameter, as query.parameter, to be the same as.",
    ),
];

pub(in crate::apps) static PAGE: &[Key] = &[
    Key::new("title", Text, "What people see as the page's name.").required(),
    Key::new(
        "path",
        Text,
        "The page's address inside the app, like /new.",
    )
    .required(),
    Key::new("order", Integer, "Its place in the menu, smallest first."),
    Key::new(
        "menu",
        Boolean,
        "Whether the menu shows it; true when absent.",
    ),
    Key::new(
        "live",
        Scalar,
        "Whether open pages follow what others change: true, or how often rows elsewhere are \
         asked again besides, like 30s.",
    )
    .known(&["true", "30s"]),
    Key::new("widget", Widgets, "What stands on the page."),
];

pub(in crate::apps) static WIDGET: &[Key] = &[
    Key::new("type", Text, "The kind of widget.").required(),
    Key::new("at", Grid, "Row, column and width on a grid of 12 columns.").required(),
];

static TEST: &[Key] = &[
    Key::new(
        "as",
        TextTable,
        "Who asks: id, name, email, role, groups between commas, and attributes.",
    )
    .required(),
    Key::new("run", Text, "The query.").required(),
    Key::new("with", Any, "The values that are sent, by parameter."),
    Key::new(
        "expect",
        Text,
        "An SQL question over the table result that must give 1.",
    )
    .required(),
];
