//! The widgets of a page as they are seen, each in a frame that can be taken hold of.

use std::collections::BTreeMap;

use super::super::Told;
use crate::apps::Apps;
use crate::apps::editing::{Outline, Owner, Paged};
use crate::apps::format::{App, Widget};
use crate::apps::library::within;
use crate::apps::render::{self, Ask, Turned};
use crate::apps::widgets::{Place, named};
use crate::base::text::title;
use crate::web::{Fields, Result};
use crate::workspaces::Member;

/// A widget in its frame.
pub(super) struct Frame {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) at: [u32; 3],
    /// The classes that say where it stands.
    pub(super) place: String,
    /// What people see; empty where the app does not load.
    pub(super) html: String,
    pub(super) problems: usize,
    /// The groups it shows by turns: what each is called, its address, whether it is open.
    pub(super) turns: Vec<(String, String, bool)>,
}

/// The frames of a page, and the widgets that have none now.
pub(super) struct Frames {
    pub(super) shown: Vec<Frame>,
    pub(super) hidden: Vec<String>,
}

pub(super) type ByWidget = BTreeMap<String, Vec<Told>>;

/// What is wrong with each widget of a page.
pub(super) fn by_widget(outline: &Outline, page: &str, problems: Vec<Told>) -> ByWidget {
    let mut found = ByWidget::new();
    for problem in problems {
        if let Some(Owner::Widget(on, widget)) = outline.owner(problem.line)
            && on == page
        {
            found.entry(widget.clone()).or_default().push(problem);
        }
    }
    found
}

/// The groups of widgets that one of them shows by turns.
fn turns(widget: &Widget) -> Vec<(&str, Vec<&str>)> {
    named(&widget.kind).map_or_else(Vec::new, |kind| kind.turns(widget))
}

/// Are these two never seen together?
pub(super) fn apart(app: Option<&App>, page: &str, one: &str, other: &str) -> bool {
    let widgets = app.and_then(|app| app.page(page)).map(|page| &page.widgets);
    widgets.into_iter().flatten().any(|widget| {
        let groups = turns(widget);
        let of = |id: &str| groups.iter().position(|(_, group)| group.contains(&id));
        matches!((of(one), of(other)), (Some(here), Some(there)) if here != there)
    })
}

/// The address that shows a widget which stands behind others.
pub(super) fn revealed(app: &App, page: &str, widget: &str, view: &Fields) -> Fields {
    let mut view = view.clone();
    for one in app.page(page).into_iter().flat_map(|page| &page.widgets) {
        let mut groups = turns(one).into_iter();
        if let Some(at) = groups.position(|(_, group)| group.contains(&widget)) {
            view = view.with(&one.id, Some(&(at + 1).to_string()));
        }
    }
    view
}

/// All of them, drawn with the rows there are.
pub(super) async fn frames(
    apps: &Apps,
    member: &Member,
    (app, paged): (Option<&App>, &Paged),
    (view, problems): (&Fields, &ByWidget),
    base: &str,
) -> Result<Frames> {
    let mut html: BTreeMap<String, (String, String)> = BTreeMap::new();
    let page = app.and_then(|app| Some((app, app.page(&paged.id)?)));
    if let Some((app, page)) = page {
        let ask = Ask {
            app,
            page,
            fields: view,
            base,
            is_preview: true,
            is_read_only: true,
        };
        let drawn =
            render::draw(apps, &within(member.clone(), app), ask, Turned::default()).await?;
        for piece in drawn.pieces {
            let words = drawn.html[piece.at].to_owned();
            html.insert(piece.widget, (piece.place.to_string(), words));
        }
    }
    let is_drawn = page.is_some();
    let there: Vec<String> = html.keys().cloned().collect();
    let seen = |id: &str| !is_drawn || there.iter().any(|known| known == id);
    let rows = rows(paged, &seen);
    let mut frames = Frames {
        shown: Vec::new(),
        hidden: Vec::new(),
    };
    let mut widgets: Vec<_> = paged.widgets.iter().collect();
    widgets.sort_by_key(|one| one.at.map_or([u32::MAX, 0], |at| [at[0], at[1]]));
    for one in widgets {
        if !seen(&one.id) {
            frames.hidden.push(one.id.clone());
            continue;
        }
        let at = one.at.unwrap_or([1, 1, 12]);
        let row = rows
            .iter()
            .position(|row| *row == at[0])
            .unwrap_or_default()
            + 1;
        let [_, column, width] = at;
        let unseen = || (Place { row, column, width }.to_string(), String::new());
        let (place, words) = html.remove(&one.id).unwrap_or_else(unseen);
        let widget =
            page.and_then(|(_, page)| page.widgets.iter().find(|known| known.id == one.id));
        frames.shown.push(Frame {
            turns: widget.map_or_else(Vec::new, |widget| tabs(widget, view)),
            id: one.id.clone(),
            kind: title(&one.kind),
            problems: problems.get(&one.id).map_or(0, Vec::len),
            html: words,
            place,
            at,
        });
    }
    Ok(frames)
}

/// The rows that something stands in.
fn rows(paged: &Paged, seen: &dyn Fn(&str) -> bool) -> Vec<u32> {
    let shown = paged.widgets.iter().filter(|one| seen(&one.id));
    let mut rows: Vec<u32> = shown.map(|one| one.at.map_or(1, |at| at[0])).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

fn tabs(widget: &Widget, view: &Fields) -> Vec<(String, String, bool)> {
    let open = view
        .get(&widget.id)
        .and_then(|at| at.parse().ok())
        .unwrap_or(1);
    let groups = turns(widget).into_iter().zip(1usize..);
    let tab = |((label, _), number): ((&str, _), usize)| {
        let address = view.with(&widget.id, Some(&number.to_string())).query();
        (label.to_owned(), address, number == open)
    };
    groups.map(tab).collect()
}
