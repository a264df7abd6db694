//! The pages of an app, in the order of its menu.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};

use super::super::{Told, actions, told};
use super::here::met;
use crate::apps::Apps;
use crate::apps::editing::{Outline, Owner, Paged};
use crate::apps::library::{Draft, Stood};
use crate::apps::making::present::Other;
use crate::apps::sharing::MayEdit;
use crate::web::{Done, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/pages.html")]
pub(super) struct Pages {
    shell: Shell,
    /// The tab that is lit.
    tab: &'static str,
    draft: Draft,
    stood: Stood,
    all: Vec<Listed>,
    /// Of the app itself, not of one of its pages.
    problems: Vec<Told>,
    is_broken: bool,
    others: Vec<Other>,
    pub(super) fault: String,
    pub(super) title: String,
    /// The button that was pressed last: the keyboard stays there.
    pressed: String,
}

struct Listed {
    is: Paged,
    problems: usize,
}

pub(super) async fn open(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let asked = Fields::parse(&query.unwrap_or_default());
    if let Some(line) = asked.get("line").and_then(|line| line.parse().ok()) {
        let draft = actions::look(&apps, member.workspace, &app).await?;
        let place = place(&draft.text, line);
        return Ok(Done::to(format!("/edit/{app}/pages{place}")).into_response());
    }
    Ok(Page(shown(&apps, &member, &app, &asked).await?).into_response())
}

/// Where that is shown which a line of the text is about.
fn place(text: &str, line: usize) -> String {
    let outline = Outline::of(text).ok();
    match outline.as_ref().and_then(|outline| outline.owner(line)) {
        Some(Owner::Page(page)) => format!("/{page}"),
        Some(Owner::Widget(page, widget)) => format!("/{page}/widgets/{widget}"),
        Some(Owner::Query(_)) | None => String::new(),
    }
}

pub(super) async fn shown(
    apps: &Apps,
    member: &Member,
    app: &str,
    asked: &Fields,
) -> Result<Pages> {
    let draft = actions::look(apps, member.workspace, app).await?;
    let stood = actions::stood(apps, member.workspace, app).await?;
    let problems = actions::problems(&member.db, &draft.id, &draft.text).await;
    let outline = Outline::of(&draft.text).ok();
    let page_of = |line: usize| match outline.as_ref()?.owner(line)? {
        Owner::Page(page) | Owner::Widget(page, _) => Some(page.clone()),
        Owner::Query(_) => None,
    };
    let own = problems.iter().filter(|one| page_of(one.line).is_none());
    let own: Vec<_> = own.cloned().collect();
    let listed = outline.iter().flat_map(Outline::in_order);
    let listed = listed.map(|page| {
        let theirs = problems.iter();
        Listed {
            problems: theirs
                .filter(|one| page_of(one.line).as_ref() == Some(&page.id))
                .count(),
            is: page.clone(),
        }
    });
    Ok(Pages {
        shell: Shell::of(&member.viewer, "apps"),
        tab: "pages",
        all: listed.collect(),
        problems: told(&own),
        is_broken: outline.is_none(),
        others: met(apps, member, app, "the list of pages"),
        draft,
        stood,
        fault: String::new(),
        title: String::new(),
        pressed: asked.get("at").unwrap_or_default().to_owned(),
    })
}

impl Pages {
    fn is_pressed(&self, verb: &str, id: &str) -> bool {
        self.pressed == format!("{verb} page {id}")
    }

    fn last_line(&self) -> usize {
        self.problems.first().map_or(1, |problem| problem.line)
    }
}
