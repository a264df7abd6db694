//! The application: the app's title, its menu, its first page, who may open it.

use super::building::Building;
use super::definitions::Sort;
use super::draft::{Page, Part, Widget};
use super::record::Record;
use super::write::quoted;

/// A page of the menu: the definition, and what it is called there.
type Link = (usize, String);

impl Building<'_> {
    /// Puts all parts on pages and the pages in their order.
    pub(super) fn assemble(&mut self) {
        for at in self.known.each(Sort::Report).collect::<Vec<_>>() {
            self.report(at);
        }
        for at in self.known.each(Sort::Form).collect::<Vec<_>>() {
            self.form(at);
        }
        // Pages of sub-forms come last.
        let inner = std::mem::take(&mut self.draft.pages);
        let pages: Vec<usize> = self.known.each(Sort::Page).collect();
        for at in &pages {
            self.page(*at);
        }
        let (links, first) = self.application();
        let are_alone = pages.is_empty();
        for at in 0..self.known.all.len() {
            let is_shown = matches!(self.known.all[at].sort, Sort::Form | Sort::Report);
            let is_wanted = self.wanted.contains(&at) || !self.placed.contains(&at);
            if is_shown && is_wanted {
                self.own_page(at, are_alone);
            }
        }
        self.draft.pages.extend(inner);
        if self.draft.pages.is_empty() {
            self.draft.pages.push(nothing_to_show());
        }
        self.ordered(&links, first);
        for at in 0..self.known.all.len() {
            let one = self.known.all[at].clone();
            if matches!(
                one.sort,
                Sort::Trigger | Sort::Job | Sort::Workflow | Sort::Chart | Sort::Datasource
            ) {
                super::later::later(self, &one);
            }
        }
    }

    /// The menu and the first page of the application, if there is one.
    fn application(&mut self) -> (Vec<Link>, Option<usize>) {
        let all: Vec<usize> = self.known.each(Sort::Application).collect();
        let lone = |known: &super::definitions::Definitions<'_>| match known.all.as_slice() {
            [one] => one.title.clone(),
            _ => known.each(Sort::Page).next().map_or_else(
                || "Brought over".to_owned(),
                |at| known.all[at].title.clone(),
            ),
        };
        let Some(at) = all.first() else {
            self.draft.title = lone(&self.known);
            return (Vec::new(), None);
        };
        let one = self.known.all[*at].clone();
        self.general(&one);
        self.draft.title = one.title.clone();
        if let Some(said) = one.record.text(&["description"]) {
            self.ledger.carried(said.key, "description");
            self.draft.description = Some(said.is.to_owned());
        }
        self.draft.open = open(&one.record);
        let first = self.known.meant(
            &one.record,
            Sort::Page,
            &["default_page_id", "default_page_code"],
        );
        if let Some((at, key)) = &first {
            self.ledger
                .carried(*key, format!("page.{}, path /", self.known.all[*at].name));
        }
        let mut links = Vec::new();
        if let Some(node) = one.record.get(&["nav_links"]) {
            self.ledger.carried(node.key, "the menu");
        }
        for link in one.record.records(&["nav_links"]) {
            let Some((page, _)) = self
                .known
                .meant(&link, Sort::Page, &["page_id", "page_code"])
            else {
                self.leave(
                    &link,
                    "this entry of the menu leads to no page, so it is left out",
                );
                continue;
            };
            let said = link.text(&["label"]);
            let label = said.map_or_else(
                || self.known.all[page].title.clone(),
                |said| {
                    self.ledger.carried(said.key, "the page's title");
                    said.is.to_owned()
                },
            );
            links.push((page, label));
        }
        for other in &all[1..] {
            let other = self.known.all[*other].clone();
            self.general(&other);
            self.leave(&other.record, "an app file holds one application, and this is the second; bring it over by itself");
        }
        (links, first.map(|(at, _)| at))
    }

    /// The menu's pages first and in its order; one page is the app's first.
    fn ordered(&mut self, links: &[Link], first: Option<usize>) {
        let names: Vec<(String, &str)> = { links.iter() }
            .map(|(at, label)| (self.known.all[*at].name.clone(), label.as_str()))
            .collect();
        let first = first.map(|at| self.known.all[at].name.clone());
        let place = |page: &Page| names.iter().position(|(name, _)| *name == page.name);
        self.draft
            .pages
            .sort_by_key(|page| place(page).unwrap_or(usize::MAX));
        for page in &mut self.draft.pages {
            if !names.is_empty() {
                page.is_in_menu = false;
            }
            if let Some((_, label)) = names.iter().find(|(name, _)| *name == page.name) {
                (*label).clone_into(&mut page.title);
                page.is_in_menu = true;
            }
            if page.title.trim().is_empty() {
                page.title.clone_from(&page.name);
            }
        }
        let home = { self.draft.pages.iter() }.position(|page| Some(&page.name) == first.as_ref());
        if let Some(page) = self.draft.pages.get_mut(home.unwrap_or(0)) {
            "/".clone_into(&mut page.path);
            page.is_in_menu = true;
        }
    }
}

fn nothing_to_show() -> Page {
    let mut page = Page {
        name: "home".to_owned(),
        title: "Home".to_owned(),
        path: "/home".to_owned(),
        is_in_menu: true,
        ..Page::default()
    };
    let words = Widget {
        name: "words".to_owned(),
        kind: "text",
        keys: vec![(
            "text",
            quoted("What was brought over shows nothing by itself; add widgets here."),
        )],
    };
    page.put(&Part::of(words), [1, 1, 12]);
    page
}

/// Entries of `open`: people by their address and groups by their name.
fn open(record: &Record<'_>) -> Vec<String> {
    let named = |text: &str| !text.trim().is_empty() && !text.bytes().all(|b| b.is_ascii_digit());
    let people = record.texts(&["mc_users"]).into_iter();
    let people = people
        .filter(|text| text.contains('@'))
        .map(|text| format!("person:{}", text.trim()));
    let groups = record.texts(&["mc_groups"]).into_iter();
    let groups = groups
        .filter(|text| named(text))
        .map(|text| format!("group:{}", text.trim()));
    people.chain(groups).collect()
}
