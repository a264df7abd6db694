//! The views of a page, as its menu offers them.

use std::sync::Arc;

use super::Seat;
use crate::apps::Apps;
use crate::apps::format::{App, Page};
use crate::apps::library::Published;
use crate::apps::render::Who;
use crate::apps::sharing::{self, Act};
use crate::apps::using::views::{Desk, Told, VIEW, View, Words};
use crate::apps::widgets::address;
use crate::web::{Fields, Result};

/// The views of an app that one person may open, and who that is.
pub(super) struct Known<'a> {
    published: &'a Published,
    who: Who<'a>,
    pub(super) desk: Desk,
    pub(super) views: Arc<[View]>,
}

/// What the menu of a page holds.
pub(super) struct Menu {
    pub(super) own: Vec<Entry>,
    pub(super) shared: Vec<Entry>,
    /// The view that is shown.
    pub(super) here: String,
    /// What of it the page does not have any more, in words.
    pub(super) gone: String,
    /// They may keep one.
    pub(super) may_keep: bool,
}

pub(super) struct Entry {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) is_here: bool,
    pub(super) is_first: bool,
}

impl<'a> Known<'a> {
    pub(super) async fn of(
        apps: &Apps,
        seat: &'a Seat,
        published: &'a Published,
    ) -> Result<Known<'a>> {
        let person = &seat.member.viewer.person;
        let app = &published.app.id;
        // Whoever looks as somebody else sees none of theirs, and keeps none.
        let is_own = seat.really.is_none();
        let editing = sharing::decision(apps, person, app, Act::Edit);
        let desk = Desk {
            app: app.clone(),
            made: published.made,
            person: if is_own {
                person.id.to_string()
            } else {
                String::new()
            },
            may_share: is_own && editing.await?.is_given,
        };
        let place = (seat.member.workspace, &seat.member.db);
        Ok(Known {
            published,
            who: Who::new(person, apps.site().clock.now(), app),
            views: apps.shown.at(place, &desk).await?,
            desk,
        })
    }

    pub(super) fn app(&self) -> &'a App {
        &self.published.app
    }

    /// What of a view its page shows now.
    pub(super) fn told(&self, page: &Page, view: &View) -> Told {
        Words::of(self.app(), page).tell(&view.query, &self.who.context())
    }

    /// The address of a page as a view shows it.
    pub(super) fn href(&self, page: &Page, view: &View) -> String {
        let base = format!("/apps/{}", self.app().id);
        let at = address(&base, self.app(), &page.id);
        let words = self.told(page, view).query;
        let mark = if words.is_empty() { "" } else { "&" };
        format!("{at}?{words}{mark}{VIEW}={}", view.id)
    }

    /// The address that a page opens with, where this person chose a view.
    pub(super) fn opens_with(&self, page: &Page) -> Option<String> {
        let mut all = self.views.iter();
        let view = all.find(|view| view.is_first && view.page == page.id)?;
        Some(self.href(page, view))
    }

    /// The menu; none where there is nothing to keep and nothing to open.
    pub(super) fn menu(&self, page: &Page, fields: &Fields) -> Option<Menu> {
        let here = fields.get(VIEW).unwrap_or_default();
        let all = self.views.iter().filter(|view| view.page == page.id);
        let (shared, own): (Vec<&View>, Vec<&View>) = all.partition(|view| view.is_shared);
        let may_keep = !self.desk.person.is_empty();
        let has_words = may_keep && !Words::of(self.app(), page).is_empty();
        if own.is_empty() && shared.is_empty() && !has_words {
            return None;
        }
        let shown = { own.iter().chain(&shared) }.find(|view| view.id.to_string() == here);
        let gone = shown.map(|view| self.told(page, view).gone);
        let entry = |view: &View| Entry {
            name: view.name.clone(),
            href: self.href(page, view),
            is_here: view.id.to_string() == here,
            is_first: view.is_first,
        };
        Some(Menu {
            here: shown.map(|view| view.name.clone()).unwrap_or_default(),
            gone: gone.unwrap_or_default().join(", "),
            own: own.into_iter().map(entry).collect(),
            shared: shared.into_iter().map(entry).collect(),
            may_keep,
        })
    }
}
