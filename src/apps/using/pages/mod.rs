//! The addresses of published apps.

mod api;
mod files;
mod run;
mod show;

use std::sync::Arc;

use crate::apps::Apps;
use crate::apps::library::Published;
use crate::apps::sharing::{self, Act};
use crate::web::{Access, Fields, Result, Right, Routes};
use crate::workspaces::Member;

pub(in crate::apps) fn routes() -> Routes<Apps> {
    let using = Access::Needs(Right::UseApps);
    Routes::default()
        .get("/apps/{app}", using, show::home)
        .get("/apps/{app}/p/{*path}", using, show::page)
        .post("/apps/{app}/run/{query}", using, run::run)
        .get(
            "/apps/{app}/part/{page}/{widget}/{part}",
            using,
            files::part,
        )
        .get(
            "/apps/{app}/export/{page}/{widget}/{format}",
            using,
            files::export,
        )
        .get(
            "/api/v1/apps/{app}/queries/{query}",
            Access::Key(Right::UseApps),
            api::rows,
        )
}

/// The one way to a published app: an app one may not open is not there.
async fn published(apps: &Apps, member: &Member, app: &str) -> Result<Arc<Published>> {
    sharing::hold(apps, &member.viewer.person, app, &[Act::Open]).await?;
    Ok(apps.published(member.workspace, app).await?)
}

fn fields(query: Option<String>) -> Fields {
    query.map(|query| Fields::parse(&query)).unwrap_or_default()
}
