//! A page with its widgets on their grid, and the settings of one of them beside it.

use askama::Template;
use axum::extract::{Path, RawQuery, State};

use super::super::{Problem, Read, Told, actions, told};
use super::forming::Inside;
use super::frames::{Frames, by_widget, frames, revealed};
use super::here::met;
use super::offer;
use super::panel::{Panel, Sent, panel};
use crate::apps::editing::{Field, Offer, Outline, Owner, Paged, Sheet, page as path_of};
use crate::apps::format::{KeyKind, PAGE};
use crate::apps::library::{Draft, Stood};
use crate::apps::making::present::Other;
use crate::apps::sharing::MayEdit;
use crate::apps::widgets::ALL;
use crate::apps::{Apps, Error};
use crate::base::text::title;
use crate::web::{Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/canvas.html")]
pub(super) struct Canvas {
    shell: Shell,
    /// The tab that is lit.
    tab: &'static str,
    draft: Draft,
    stood: Stood,
    is: Paged,
    /// Id, title, and whether it is this one.
    pages: Vec<(String, String, bool)>,
    frames: Frames,
    /// The app loads, so that there are rows to show.
    is_drawn: bool,
    panel: Option<Panel>,
    /// The settings of the page, where no widget is open.
    fields: Vec<Field>,
    problems: Vec<Told>,
    gallery: Vec<Kept>,
    reads: Vec<String>,
    writes: Vec<String>,
    inputs: Vec<String>,
    /// Tables that a form can be made of: name and title.
    tables: Vec<(String, String)>,
    /// What the address says besides, such as which tab is open.
    view: String,
    others: Vec<Other>,
    faults: Faults,
    fault: String,
    /// The button that was pressed last: the keyboard stays there.
    pressed: String,
    said: String,
}

/// A kind of widget in the gallery.
struct Kept {
    name: &'static str,
    title: String,
    doc: &'static str,
    /// What it needs: a query that reads, one that writes, a parameter.
    reads: bool,
    writes: bool,
    inputs: bool,
    /// What is missing for it, in words.
    lacks: &'static str,
}

/// What of a page is to be shown.
pub(super) struct Look<'a> {
    pub(super) page: &'a str,
    pub(super) widget: Option<&'a str>,
    pub(super) inside: Inside<'a>,
    pub(super) view: Fields,
    pub(super) sent: Sent,
}

pub(super) async fn page(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path((app, page)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Page<Canvas>> {
    let look = Look {
        page: &page,
        widget: None,
        inside: Inside::Itself,
        view: Fields::parse(&query.unwrap_or_default()),
        sent: Sent::default(),
    };
    Ok(Page(shown(&apps, &member, &app, look).await?))
}

pub(super) async fn widget(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path((app, page, widget)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Page<Canvas>> {
    let look = Look {
        page: &page,
        widget: Some(&widget),
        inside: Inside::Itself,
        view: Fields::parse(&query.unwrap_or_default()),
        sent: Sent::default(),
    };
    Ok(Page(shown(&apps, &member, &app, look).await?))
}

pub(super) async fn shown(
    apps: &Apps,
    member: &Member,
    id: &str,
    look: Look<'_>,
) -> Result<Canvas> {
    let draft = actions::look(apps, member.workspace, id).await?;
    let stood = actions::stood(apps, member.workspace, id).await?;
    let problems = actions::problems(&member.db, &draft.id, &draft.text).await;
    let outline = Outline::of(&draft.text).map_err(|unfit| Error::Refused(unfit.to_string()))?;
    let paged = outline.page(look.page).ok_or(Error::Missing)?;
    let app = Read::of(&draft.text).app;
    let pressed = look.view.get("pressed").unwrap_or_default().to_owned();
    let mut view = look.view.with("pressed", None);
    if let (Some(app), Some(widget)) = (&app, look.widget) {
        view = revealed(app, look.page, widget, &view);
    }
    let own = of_page(&outline, look.page, &problems);
    let mut by_widget = by_widget(&outline, look.page, told(&problems));
    let base = format!("/edit/{id}/preview");
    let drawn = (app.as_ref(), paged);
    let frames = frames(apps, member, drawn, (&view, &by_widget), &base).await?;
    let offer = offer::of_app(&outline, app.as_ref());
    let panel = match look.widget {
        Some(widget) => {
            let of = (&draft, app.as_ref(), &outline);
            let sent = (&look.sent, &mut by_widget);
            let at = (paged, widget, look.inside);
            let found = panel(apps, member, of, at, sent).await?;
            Some(found.ok_or(Error::Missing)?)
        }
        None => None,
    };
    let typed = look.sent.typed.as_ref().filter(|_| panel.is_none());
    let others = outline.in_order().into_iter();
    let shell = Shell::of(&member.viewer, "apps");
    Ok(Canvas {
        tab: "pages",
        said: shell.toast.clone().unwrap_or_default(),
        shell,
        fields: settings(look.page).fields(&draft.text, &offer, typed),
        pages: others
            .map(|page| (page.id.clone(), page.title.clone(), page.id == look.page))
            .collect(),
        is: paged.clone(),
        is_drawn: app.is_some(),
        gallery: gallery(&offer),
        reads: offer.reads,
        writes: offer.writes,
        inputs: offer.inputs,
        tables: tables(apps, member).await?,
        problems: own,
        others: met(apps, member, id, &look.said()),
        view: view.query(),
        faults: look.sent.faults,
        fault: look.sent.fault,
        pressed,
        frames,
        panel,
        draft,
        stood,
    })
}

/// The tables that a form can be made of: name and title.
async fn tables(apps: &Apps, member: &Member) -> Result<Vec<(String, String)>> {
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let named = catalog.tables.iter();
    let named = named.map(|table| (table.name.clone(), table.title.clone()));
    Ok(named.collect())
}

/// What is wrong with a page itself, and not with one of its widgets.
fn of_page(outline: &Outline, page: &str, problems: &[Problem]) -> Vec<Told> {
    let page = Owner::Page(page.to_owned());
    let own = problems
        .iter()
        .filter(|one| outline.owner(one.line) == Some(&page));
    told(&own.cloned().collect::<Vec<_>>())
}

impl Look<'_> {
    /// What they look at, for those who are there, too.
    fn said(&self) -> String {
        match self.widget {
            Some(widget) => format!("{widget} on the page {}", self.page),
            None => format!("the page {}", self.page),
        }
    }
}

/// The fields about a page itself.
pub(super) fn settings(page: &str) -> Sheet {
    Sheet::of(path_of(page), PAGE)
}

/// All kinds there are, with what stands in the way of one.
fn gallery(offer: &Offer) -> Vec<Kept> {
    let kept = ALL.iter().map(|kind| {
        let schema = kind.schema();
        let needs = |wanted: fn(&KeyKind) -> bool| {
            let mut keys = schema.keys.iter().filter(|key| key.required);
            keys.any(|key| wanted(&key.kind))
        };
        let reads = needs(|kind| matches!(kind, KeyKind::ReadQuery));
        let writes = needs(|kind| matches!(kind, KeyKind::WriteQuery));
        let inputs = needs(|kind| matches!(kind, KeyKind::Inputs));
        Kept {
            name: schema.name,
            title: title(schema.name),
            doc: schema.doc,
            lacks: match (reads, writes, inputs) {
                (true, _, _) if offer.reads.is_empty() => {
                    "It shows the rows of a query, and this app has none yet."
                }
                (_, true, _) if offer.writes.is_empty() => {
                    "It sends to a query that writes, and this app has none yet."
                }
                (_, _, true) if offer.inputs.is_empty() => {
                    "It sets what a query asks of the address, and no query of this app does."
                }
                _ => "",
            },
            reads,
            writes,
            inputs,
        }
    });
    kept.collect()
}

impl Canvas {
    /// The widget whose settings are open.
    fn open(&self) -> &str {
        self.panel.as_ref().map_or("", |panel| panel.id.as_str())
    }

    /// The line of the text that it is about.
    fn line(&self) -> usize {
        self.panel.as_ref().map_or(self.is.line, |panel| panel.line)
    }

    fn is_pressed(&self, verb: &str, widget: &str) -> bool {
        self.pressed == format!("{verb} {widget}")
    }

    /// `?` and what the address says besides, if anything.
    fn query(&self) -> String {
        if self.view.is_empty() {
            String::new()
        } else {
            format!("?{}", self.view)
        }
    }

    fn fault_at(&self, name: &str) -> &str {
        self.faults.at(name).unwrap_or_default()
    }
}
