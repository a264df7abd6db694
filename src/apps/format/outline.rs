//! What a renderer and the widget kinds ask an app: its menu, its pages, what a page needs.

use super::{App, Page, Param, Query};

/// An app without its widgets: what a widget may refer to.
#[derive(Clone, Copy, Debug)]
pub struct AppOutline<'a> {
    pub queries: &'a [Query],
    pub pages: &'a [PageOutline],
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageOutline {
    pub id: String,
    pub title: String,
    pub path: String,
}

impl<'a> AppOutline<'a> {
    pub fn query(&self, name: &str) -> Option<&'a Query> {
        self.queries.iter().find(|query| query.name == name)
    }

    pub fn page(&self, id: &str) -> Option<&'a PageOutline> {
        self.pages.iter().find(|page| page.id == id)
    }

    /// The parameter called `query.name`.
    pub fn param(&self, name: &str) -> Option<&'a Param> {
        let (query, param) = name.split_once('.')?;
        self.query(query)?.param(param)
    }
}

impl Query {
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.name == name)
    }
}

impl App {
    /// The pages the menu shows, in its order.
    pub fn menu(&self) -> Vec<&Page> {
        let mut shown: Vec<&Page> = self.pages.iter().filter(|page| page.menu).collect();
        shown.sort_by_key(|page| page.order.unwrap_or(i64::MAX));
        shown
    }

    pub fn page(&self, id: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id)
    }

    pub fn page_at(&self, path: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.path == path)
    }

    pub fn query(&self, name: &str) -> Option<&Query> {
        self.queries.iter().find(|query| query.name == name)
    }

    /// The parameter called `query.name`, with `same_as` followed.
    pub fn param(&self, name: &str) -> Option<&Param> {
        let (query, param) = name.split_once('.')?;
        self.query(query)?.param(param)
    }

    /// The queries the page's widgets name, each once, in their order.
    pub fn queries_of(&self, page: &Page) -> Vec<&Query> {
        let mut found: Vec<&Query> = Vec::new();
        for name in page.widgets.iter().flat_map(|widget| &widget.queries) {
            if let Some(query) = self.query(name)
                && !found.iter().any(|known| known.name == query.name)
            {
                found.push(query);
            }
        }
        found
    }

    /// Can the app be published as it is?
    pub fn is_publishable(&self) -> bool {
        self.problems
            .iter()
            .all(|problem| problem.level < super::Level::Refused)
    }

    /// The pages as widgets may refer to them; goes into an [`AppOutline`].
    pub fn page_outlines(&self) -> Vec<PageOutline> {
        self.pages
            .iter()
            .map(|page| PageOutline {
                id: page.id.clone(),
                title: page.title.clone(),
                path: page.path.clone(),
            })
            .collect()
    }
}
