//! The page on which views are kept, named, shared and deleted.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};

use super::menu::Known;
use super::{Seat, entered, fields};
use crate::apps::Apps;
use crate::apps::format::Page as AppPage;
use crate::apps::library::Published;
use crate::apps::using::views::{self, Change, Error, NAME, New, View, ViewId, Words};
use crate::apps::widgets::address;
use crate::base::Time;
use crate::journal::Actor;
use crate::store::Db;
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/views.html")]
pub(super) struct ViewsPage {
    shell: Shell,
    id: String,
    title: String,
    /// From which page of the app they come, and what its address said; empty for none.
    asked: Asked,
    here: Option<Here>,
    may_share: bool,
    may_keep: bool,
    most: usize,
    typed: Typed,
    /// By page, in the order of the app; those whose page is gone come last.
    groups: Vec<Group>,
    faults: Faults,
}

/// What a form or an address says of the page that somebody comes from.
#[derive(Default)]
struct Asked {
    page: String,
    shown: String,
}

/// What was shown there.
struct Here {
    title: String,
    href: String,
    /// Names and values.
    words: Vec<(String, String)>,
}

/// A new view, as it was typed.
#[derive(Default)]
struct Typed {
    name: String,
    is_shared: bool,
    is_first: bool,
}

struct Group {
    title: String,
    is_gone: bool,
    lines: Vec<Line>,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts about one view that go together in any way"
)]
struct Line {
    id: ViewId,
    name: String,
    /// Nowhere, when its page is gone.
    href: String,
    /// What of it the page does not have any more.
    gone: String,
    is_shared: bool,
    is_first: bool,
    may_change: bool,
    /// What was shown can take its place.
    can_replace: bool,
}

impl Asked {
    fn of(fields: &Fields) -> Asked {
        let word = |name| fields.get(name).unwrap_or_default().to_owned();
        Asked {
            page: word("page"),
            shown: word("shown"),
        }
    }

    /// The list of views as somebody had it before them.
    fn list(&self, app: &str) -> String {
        let said = [("page", self.page.as_str()), ("shown", self.shown.as_str())];
        let said = said.into_iter().filter(|(_, value)| !value.is_empty());
        format!("/apps/{app}/views?{}", Fields::of(said).query())
    }
}

impl Typed {
    fn of(fields: &Fields) -> Typed {
        Typed {
            name: fields.get("name").unwrap_or_default().to_owned(),
            is_shared: is_set(fields, "shared"),
            is_first: is_set(fields, "first"),
        }
    }
}

fn is_set(fields: &Fields, name: &str) -> bool {
    fields.get(name) == Some("yes")
}

fn page(known: &Known<'_>, seat: &Seat, asked: Asked) -> ViewsPage {
    let app = known.app();
    let from = app.page(&asked.page);
    let here = from.map(|page| {
        let words = Words::of(app, page);
        let shown = Fields::parse(&asked.shown);
        let at = address(&format!("/apps/{}", app.id), app, &page.id);
        Here {
            title: page.title.clone(),
            href: format!("{at}?{}", shown.query()),
            words: Words::said(&words.keep(&shown)),
        }
    });
    let mut groups: Vec<Group> = Vec::new();
    for page in &app.pages {
        let own = known.views.iter().filter(|view| view.page == page.id);
        let lines: Vec<Line> = own
            .map(|view| line(known, Some(page), view, &asked))
            .collect();
        if !lines.is_empty() {
            groups.push(Group {
                title: page.title.clone(),
                is_gone: false,
                lines,
            });
        }
    }
    let lost = known
        .views
        .iter()
        .filter(|view| app.page(&view.page).is_none());
    let lost: Vec<Line> = lost.map(|view| line(known, None, view, &asked)).collect();
    if !lost.is_empty() {
        groups.push(Group {
            title: "Pages that are gone".to_owned(),
            is_gone: true,
            lines: lost,
        });
    }
    ViewsPage {
        shell: Shell::of(&seat.actor().viewer, "apps"),
        id: app.id.clone(),
        title: app.title.clone(),
        here,
        asked,
        may_share: known.desk.may_share,
        may_keep: !known.desk.person.is_empty(),
        most: NAME,
        typed: Typed::default(),
        groups,
        faults: Faults::default(),
    }
}

fn line(known: &Known<'_>, page: Option<&AppPage>, view: &View, asked: &Asked) -> Line {
    let may_change = view.may_change(&known.desk);
    Line {
        id: view.id,
        name: view.name.clone(),
        href: page.map(|page| known.href(page, view)).unwrap_or_default(),
        gone: page
            .map(|page| known.told(page, view).gone.join(", "))
            .unwrap_or_default(),
        is_shared: view.is_shared,
        is_first: view.is_first,
        may_change,
        can_replace: may_change && page.is_some_and(|page| page.id == asked.page),
    }
}

pub(super) async fn list(
    State(apps): State<Apps>,
    member: Member,
    Path(app): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<ViewsPage>> {
    let (published, seat) = entered(&apps, member, &app).await?;
    let known = Known::of(&apps, &seat, &published).await?;
    Ok(Page(page(&known, &seat, Asked::of(&fields(query)))))
}

/// Somebody who may keep views of their own here, and what they keep them of.
struct Keeper {
    published: Arc<Published>,
    seat: Seat,
    now: Time,
}

impl Keeper {
    async fn enter(apps: &Apps, member: Member, app: &str) -> Result<Keeper> {
        let (published, seat) = entered(apps, member, app).await?;
        if let Some(name) = seat.seen_as() {
            return Err(web::Error::Invalid(format!(
                "no view is kept while you see this app as {name}; end that first"
            )));
        }
        Ok(Keeper {
            published,
            seat,
            now: apps.site().clock.now(),
        })
    }

    fn by(&self) -> (&Db, Actor, Time) {
        let member = &self.seat.member;
        (&member.db, member.viewer.actor(), self.now)
    }

    async fn known(&self, apps: &Apps) -> Result<Known<'_>> {
        Known::of(apps, &self.seat, &self.published).await
    }
}

pub(super) async fn save(
    State(apps): State<Apps>,
    member: Member,
    Path(app): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let keeper = Keeper::enter(&apps, member, &app).await?;
    let (asked, typed) = (Asked::of(&fields), Typed::of(&fields));
    let known = keeper.known(&apps).await?;
    let of = known.app().page(&asked.page);
    let of = of.ok_or_else(|| {
        web::Error::Invalid("say which page the view is of: open its menu of views".to_owned())
    })?;
    let query = Words::of(known.app(), of).keep(&Fields::parse(&asked.shown));
    let kept = match Change::parse(&typed.name, typed.is_shared) {
        Err(error) => Err(error),
        Ok(called) => {
            let new = New {
                page: of.id.clone(),
                query,
                called,
                is_first: typed.is_first,
            };
            views::save(keeper.by(), known.desk.clone(), new).await
        }
    };
    match kept {
        Ok(id) => {
            let known = keeper.known(&apps).await?;
            let view = known.views.iter().find(|view| view.id == id);
            let to = view.map_or_else(|| asked.list(&app), |view| known.href(of, view));
            let said = format!("The view “{}” is kept", typed.name.trim());
            Ok(Done::to(to).saying(said).into_response())
        }
        Err(error) if error.is_about_name() => {
            let mut page = page(&known, &keeper.seat, asked);
            page.faults = Faults::of("name", error.to_string());
            page.typed = typed;
            Ok(Again(page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn id(view: &str) -> Result<ViewId, Error> {
    ViewId::parse(view).ok_or(Error::Missing)
}

pub(super) async fn change(
    State(apps): State<Apps>,
    member: Member,
    Path((app, view)): Path<(String, String)>,
    fields: Fields,
) -> Result<Done> {
    let keeper = Keeper::enter(&apps, member, &app).await?;
    let (id, known) = (id(&view)?, keeper.known(&apps).await?);
    // What is not there is not asked for a name.
    if !known.views.iter().any(|view| view.id == id) {
        return Err(Error::Missing.into());
    }
    let name = fields.get("name").unwrap_or_default();
    let called = Change::parse(name, is_set(&fields, "shared"))?;
    let name = views::change(keeper.by(), known.desk.clone(), id, called).await?;
    Ok(Done::to(Asked::of(&fields).list(&app)).saying(format!("The view “{name}” is changed")))
}

pub(super) async fn replace(
    State(apps): State<Apps>,
    member: Member,
    Path((app, view)): Path<(String, String)>,
    fields: Fields,
) -> Result<Done> {
    let keeper = Keeper::enter(&apps, member, &app).await?;
    let (id, asked) = (id(&view)?, Asked::of(&fields));
    let known = keeper.known(&apps).await?;
    let found = known.views.iter().find(|view| view.id == id);
    let page = known.app().page(&asked.page);
    // What another page says means nothing here.
    let page = page.filter(|page| found.is_some_and(|view| view.page == page.id));
    let page = page.ok_or(Error::Missing)?;
    let query = Words::of(known.app(), page).keep(&Fields::parse(&asked.shown));
    let name = views::replace(keeper.by(), known.desk.clone(), id, query).await?;
    let known = keeper.known(&apps).await?;
    let view = known.views.iter().find(|view| view.id == id);
    let to = view.map_or_else(|| asked.list(&app), |view| known.href(page, view));
    Ok(Done::to(to).saying(format!("The view “{name}” shows this from now on")))
}

pub(super) async fn choose(
    State(apps): State<Apps>,
    member: Member,
    Path((app, view)): Path<(String, String)>,
    fields: Fields,
) -> Result<Done> {
    let keeper = Keeper::enter(&apps, member, &app).await?;
    let desk = keeper.known(&apps).await?.desk;
    let is_first = is_set(&fields, "first");
    let name = views::choose(keeper.by(), desk, id(&view)?, is_first).await?;
    let said = if is_first {
        format!("Its page opens with “{name}” for you")
    } else {
        "Its page opens without a view again".to_owned()
    };
    Ok(Done::to(Asked::of(&fields).list(&app)).saying(said))
}

pub(super) async fn delete(
    State(apps): State<Apps>,
    member: Member,
    Path((app, view)): Path<(String, String)>,
    fields: Fields,
) -> Result<Done> {
    let keeper = Keeper::enter(&apps, member, &app).await?;
    let desk = keeper.known(&apps).await?.desk;
    let name = views::delete(keeper.by(), desk, id(&view)?).await?;
    Ok(Done::to(Asked::of(&fields).list(&app)).saying(format!("The view “{name}” is deleted")))
}
