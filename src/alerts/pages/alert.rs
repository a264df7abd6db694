//! One alert: what happened, what to do, who looks after it.

use askama::Template;
use axum::extract::{Path, State as Given};

use super::inbox::tab_section;
use crate::alerts::actions;
use crate::alerts::model::{AlertId, Handling, Kept, State, about};
use crate::alerts::sql;
use crate::site::Site;
use crate::web::{Done, Error, Fields, Page, Result, Shell, UserId, Viewer, WorkspaceId};

#[derive(Template)]
#[template(path = "alerts/alert.html")]
pub(super) struct AlertPage {
    shell: Shell,
    home: &'static str,
    kept: Kept,
    carers: Vec<(UserId, String)>,
    /// Where there is more about it.
    about: String,
}

impl AlertPage {
    fn is_assignee(&self, user: &UserId) -> bool {
        self.kept.assignee == Some(*user)
    }
}

fn id(text: &str) -> Result<AlertId> {
    AlertId::parse(text).ok_or(Error::NotFound)
}

fn home(of: Option<WorkspaceId>) -> &'static str {
    match of {
        Some(_) => "/alerts",
        None => "/alerts/instance",
    }
}

pub(super) async fn workspace(
    Given(site): Given<Site>,
    viewer: Viewer,
    Path(alert): Path<String>,
) -> Result<Page<AlertPage>> {
    let of = Some(viewer.person.workspace);
    page(&site, &viewer, (id(&alert)?, of)).await
}

pub(super) async fn instance(
    Given(site): Given<Site>,
    viewer: Viewer,
    Path(alert): Path<String>,
) -> Result<Page<AlertPage>> {
    page(&site, &viewer, (id(&alert)?, None)).await
}

async fn page(
    site: &Site,
    viewer: &Viewer,
    (id, of): (AlertId, Option<WorkspaceId>),
) -> Result<Page<AlertPage>> {
    let (kept, carers) = site
        .system
        .read(move |conn| {
            let kept = sql::alert(conn, id, of)?;
            Ok::<_, crate::store::Error>((kept, sql::carers(conn, of)?))
        })
        .await?;
    // What operators alone may open leads an admin nowhere.
    let is_instance = of.is_none();
    let page = about(&kept.alert.key, !is_instance);
    let is_theirs = |page: &str| page.starts_with("/audit?") || page == "/deleting";
    let page = page.filter(|page| is_instance || is_theirs(page));
    Ok(Page(AlertPage {
        shell: Shell::of(viewer, tab_section(of)),
        home: home(of),
        about: page.unwrap_or_default(),
        kept,
        carers,
    }))
}

pub(super) async fn handle_workspace(
    Given(site): Given<Site>,
    viewer: Viewer,
    Path(alert): Path<String>,
    fields: Fields,
) -> Result<Done> {
    let of = Some(viewer.person.workspace);
    handle(&site, &viewer, (id(&alert)?, of), &fields).await
}

pub(super) async fn handle_instance(
    Given(site): Given<Site>,
    viewer: Viewer,
    Path(alert): Path<String>,
    fields: Fields,
) -> Result<Done> {
    handle(&site, &viewer, (id(&alert)?, None), &fields).await
}

async fn handle(
    site: &Site,
    viewer: &Viewer,
    (id, of): (AlertId, Option<WorkspaceId>),
    fields: &Fields,
) -> Result<Done> {
    let handling = Handling::parse(fields);
    let is_kept = handling.state.is_none();
    let kept = actions::handle(site, viewer, (id, of), handling).await?;
    let said = match kept.state {
        _ if is_kept => "Saved",
        State::Open => "The alert is open again",
        State::Acknowledged => "Acknowledged: nobody is told again unless it gets worse",
        State::FalseAlarm => "A false alarm: the same is not told again for a day",
        State::Settled => "Settled",
    };
    let to = if kept.state.is_over() {
        home(of).to_owned()
    } else {
        format!("{}/{id}", home(of))
    };
    Ok(Done::to(to).saying(said))
}
