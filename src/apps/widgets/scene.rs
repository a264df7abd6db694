//! What a widget sees when it is drawn: the app around it, the address, its rows.

use std::borrow::Cow;
use std::fmt;

use super::figures::escape;
use super::form::{Below, Offer};
use crate::apps::format::{App, Context, Order, Page, Param, Source, Widget};
use crate::base::text::title;
use crate::data::tables::Table;
use crate::data::{Catalog, Column, Rows};
use crate::web::{Faults, Fields};

// What makes a form that is sent twice count once.
crate::id!(Once);

/// The same for all widgets of a page.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts about one view that go together in any way"
)]
pub struct Scene<'a> {
    pub app: &'a App,
    pub page: &'a Page,
    /// What the address carries.
    pub fields: &'a Fields,
    /// Where the app's own pages begin.
    pub base: &'a str,
    /// Forms are shown and not sent.
    pub is_preview: bool,
    /// Forms and buttons are shown and cannot be sent.
    pub is_read_only: bool,
    /// Whoever looks could mend the app.
    pub is_builder: bool,
    pub catalog: &'a Catalog,
    pub context: Context<'a>,
    pub tried: Option<Tried<'a>>,
    pub assets: &'static str,
    /// Several tables share the address, so each has its own words in it.
    pub is_prefixed: bool,
    /// The origins whose pages and pictures may be shown.
    pub shown: &'a [String],
}

/// A form that was sent and has to be put right.
#[derive(Clone, Copy)]
pub struct Tried<'a> {
    pub widget: &'a str,
    pub typed: &'a Fields,
    pub faults: &'a Faults,
}

/// One widget of a page, about to be drawn.
pub struct Sight<'a> {
    pub scene: &'a Scene<'a>,
    pub widget: &'a Widget,
    /// There when the kind says it needs rows.
    pub rows: Option<&'a PageOfRows>,
    /// The lines of a form.
    pub below: &'a [Below],
    /// What its fields offer.
    pub offers: &'a [Offer],
    /// The widgets it holds, drawn.
    pub inside: &'a str,
    pub place: Place,
}

/// Where on the grid of 12 columns; shows as the classes that say so.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub row: usize,
    pub column: u32,
    pub width: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The sheet knows as many rows; what stands below flows.
        if self.row <= 16 {
            write!(f, "r-{} c-{} ", self.row, self.column)?;
        }
        write!(f, "w-{}", self.width)
    }
}

/// Rows of a query, or a page of them.
#[derive(Debug, Default)]
pub struct PageOfRows {
    pub rows: Rows,
    /// The place of the page before, as the address says it after `before=`.
    pub previous: Option<String>,
    /// The place of the page that follows, as the address says it after `after=`.
    pub next: Option<String>,
    /// The number of the first row, from 1.
    pub first: u64,
    pub order: Option<Order>,
}

impl PageOfRows {
    /// All rows there are.
    pub fn of(rows: Rows) -> PageOfRows {
        PageOfRows {
            rows,
            first: 1,
            ..PageOfRows::default()
        }
    }
}

/// Why a widget has no rows.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// Whoever looks can mend it: a value of the address.
    Address(String),
    /// Whoever made the app can.
    Query(String),
}

impl<'a> Scene<'a> {
    /// The name of a word in the address that concerns one widget only.
    pub fn word(&self, widget: &'a Widget, word: &'static str) -> Cow<'static, str> {
        if self.is_prefixed {
            Cow::Owned(format!("{}.{word}", widget.id))
        } else {
            Cow::Borrowed(word)
        }
    }

    /// The address of a page of the app.
    pub fn page(&self, id: &str) -> String {
        address(self.base, self.app, id)
    }

    /// Adds the address of this page with some of its words replaced, ready to
    /// stand in an attribute.
    pub fn here(&self, without: &[&str], with: &[(&str, &str)], out: &mut String) {
        let kept = self.fields.iter();
        let kept = kept.filter(|(name, value)| !without.contains(name) && !value.is_empty());
        let mut mark = "?";
        for (name, value) in kept.chain(with.iter().copied()) {
            out.push_str(mark);
            out.extend(form_urlencoded::byte_serialize(name.as_bytes()));
            out.push('=');
            out.extend(form_urlencoded::byte_serialize(value.as_bytes()));
            mark = "&amp;";
        }
        if mark == "?" {
            out.push('?');
        }
    }

    /// Does the address narrow down what is shown?
    pub fn is_filtered(&self) -> bool {
        self.fields.iter().any(|(_, value)| !value.is_empty())
    }

    /// The tables a query speaks of, for the titles of their columns.
    pub fn tables_of(&self, query: &str) -> Vec<&'a Table> {
        let query = self.app.query(query);
        // A table elsewhere can be called like one of ours.
        let own = query.filter(|query| self.app.is_own(&query.uses));
        self.catalog.named_in(own.map_or("", |query| &query.sql))
    }

    /// What the address says for a parameter: everything sent under its name.
    pub fn sent(&self, param: &'a Param) -> Vec<&'a str> {
        match &param.source {
            Source::Url(key) | Source::Row(key) | Source::Page(key) => {
                self.fields.all(key).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// What people call a column: what the widget says, or its table, or its name.
pub fn column_title(column: &Column, labels: &[(&str, &str)], tables: &[&Table]) -> String {
    let said = labels.iter().find(|(name, _)| *name == column.name);
    if let Some((_, label)) = said {
        return (*label).to_owned();
    }
    let known = tables.iter().find_map(|table| table.column(&column.name));
    match known.filter(|known| column.kind == Some(known.kind)) {
        Some(known) => known.title.clone(),
        None => title(&column.name),
    }
}

/// The address of a page of the app that begins at `base`.
pub fn address(base: &str, app: &App, page: &str) -> String {
    match app.page(page).map(|page| page.path.as_str()) {
        None | Some("/") => base.to_owned(),
        Some(path) => format!("{base}/p{path}"),
    }
}

impl Sight<'_> {
    /// What stands on a widget that its author gave no title: escaped elsewhere.
    pub fn heading<'b>(&'b self, title: Option<&'b str>) -> &'b str {
        title.unwrap_or(&self.scene.page.title)
    }

    /// Adds the attributes every widget has.
    pub fn open(&self, element: &str, class: &str, out: &mut String) {
        out.push('<');
        out.push_str(element);
        out.push_str(" id=\"w-");
        escape(&self.widget.id, out);
        out.push_str("\" class=\"");
        out.push_str(class);
        if !class.is_empty() {
            out.push(' ');
        }
        out.push_str(&self.place.to_string());
        out.push_str("\">");
    }
}
