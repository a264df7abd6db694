//! Who else has the app open.

use askama::Template;
use axum::extract::{Path, RawQuery, State};

use crate::apps::Apps;
use crate::apps::making::present::Other;
use crate::apps::sharing::MayEdit;
use crate::web::{Fields, Page, assets_prefix};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/here.html")]
pub(super) struct Here {
    assets: &'static str,
    app: String,
    at: String,
    others: Vec<Other>,
}

pub(super) async fn others(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    RawQuery(query): RawQuery,
) -> Page<Here> {
    let asked = Fields::parse(&query.unwrap_or_default());
    let at = asked.get("at").unwrap_or("the app");
    let at: String = at.chars().take(80).collect();
    Page(Here {
        assets: assets_prefix(),
        others: met(&apps, &member, &app, &at),
        app,
        at,
    })
}

/// Notes that they look at that part of the app, and gives who else is there.
pub(in crate::apps::making::pages) fn met(
    apps: &Apps,
    member: &Member,
    app: &str,
    at: &str,
) -> Vec<Other> {
    let person = &member.viewer.person;
    let now = apps.site().clock.now();
    let me = (person.id, person.name.as_str());
    apps.present.meet((member.workspace, app), me, at, now)
}
