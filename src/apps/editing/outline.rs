//! An app at a glance: its pages, widgets and queries, as far as the text can be read at all.

use toml_edit::{Item, TableLike, Value};

use super::grid::{At, inside};
use crate::base::written::edit::{Unfit, line_at, parse};
use crate::base::written::key_at;

#[derive(Clone, Debug)]
pub struct Outline {
    /// In the file's order.
    pub pages: Vec<Paged>,
    pub queries: Vec<Asked>,
    /// The first line of each table that somebody owns, in the order of the text.
    starts: Vec<(usize, Option<Owner>)>,
}

#[derive(Clone, Debug)]
pub struct Paged {
    pub id: String,
    pub title: String,
    pub path: String,
    pub order: Option<i64>,
    pub in_menu: bool,
    pub line: usize,
    pub widgets: Vec<Placed>,
}

#[derive(Clone, Debug)]
pub struct Placed {
    pub id: String,
    pub kind: String,
    /// Nothing where it is not written as three numbers on the grid.
    pub at: Option<At>,
    pub line: usize,
}

#[derive(Clone, Debug)]
pub struct Asked {
    pub name: String,
    pub reads: bool,
    pub line: usize,
}

/// What a line of the text is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    Page(String),
    /// The page and the widget.
    Widget(String, String),
    Query(String),
}

fn text(table: &dyn TableLike, key: &str) -> String {
    let found = table.get(key).and_then(Item::as_str);
    found.unwrap_or_default().to_owned()
}

fn tables<'a>(table: &'a dyn TableLike, key: &str) -> Vec<(&'a str, usize, &'a dyn TableLike)> {
    let Some(section) = table.get(key).and_then(Item::as_table_like) else {
        return Vec::new();
    };
    let each = section.iter();
    let one = |(name, item): (&'a str, &'a Item)| {
        let span = item
            .span()
            .map_or_else(|| key_at(section, name), |span| span.start);
        Some((name, span, item.as_table_like()?))
    };
    each.filter_map(one).collect()
}

fn at(table: &dyn TableLike) -> Option<At> {
    let numbers = table.get("at")?.as_array()?.iter().map(Value::as_integer);
    let numbers: Option<Vec<u32>> = numbers.map(|one| u32::try_from(one?).ok()).collect();
    let at: At = numbers?.try_into().ok()?;
    (inside(at) == at).then_some(at)
}

impl Outline {
    pub fn of(text_: &str) -> Result<Outline, Unfit> {
        let toml = parse(text_)?;
        let root = toml.as_table();
        let mut starts = Vec::new();
        let mut pages = Vec::new();
        for (id, start, page) in tables(root, "page") {
            starts.push((start, Some(Owner::Page(id.to_owned()))));
            let widgets = tables(page, "widget")
                .into_iter()
                .map(|(name, start, widget)| {
                    let owner = Owner::Widget(id.to_owned(), name.to_owned());
                    starts.push((start, Some(owner)));
                    Placed {
                        id: name.to_owned(),
                        kind: text(widget, "type"),
                        at: at(widget),
                        line: line_at(text_, start),
                    }
                });
            pages.push(Paged {
                widgets: widgets.collect(),
                id: id.to_owned(),
                title: text(page, "title"),
                path: text(page, "path"),
                order: page.get("order").and_then(Item::as_integer),
                in_menu: page.get("menu").and_then(Item::as_bool).unwrap_or(true),
                line: line_at(text_, start),
            });
        }
        let queries = tables(root, "query")
            .into_iter()
            .map(|(name, start, query)| {
                starts.push((start, Some(Owner::Query(name.to_owned()))));
                Asked {
                    name: name.to_owned(),
                    reads: text(query, "kind") != "write",
                    line: line_at(text_, start),
                }
            });
        let queries = queries.collect();
        for section in ["uses", "access", "policy", "test"] {
            let each = tables(root, section).into_iter();
            starts.extend(each.map(|(_, start, _)| (start, None)));
            let own = root.get(section).and_then(Item::span);
            starts.extend(own.map(|span| (span.start, None)));
        }
        starts.sort_by_key(|(start, _)| *start);
        let starts = starts.into_iter();
        Ok(Outline {
            pages,
            queries,
            starts: starts
                .map(|(start, owner)| (line_at(text_, start), owner))
                .collect(),
        })
    }

    pub fn page(&self, id: &str) -> Option<&Paged> {
        self.pages.iter().find(|page| page.id == id)
    }

    /// The pages as the menu has them; those it does not show stand among them.
    pub fn in_order(&self) -> Vec<&Paged> {
        let mut pages: Vec<&Paged> = self.pages.iter().collect();
        pages.sort_by_key(|page| page.order.unwrap_or(i64::MAX));
        pages
    }

    /// What the line of the text belongs to.
    pub fn owner(&self, line: usize) -> Option<&Owner> {
        let before = self.starts.iter().take_while(|(start, _)| *start <= line);
        before.last().and_then(|(_, owner)| owner.as_ref())
    }
}

impl Paged {
    pub fn widget(&self, id: &str) -> Option<&Placed> {
        self.widgets.iter().find(|widget| widget.id == id)
    }
}
