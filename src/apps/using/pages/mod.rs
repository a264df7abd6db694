//! The addresses of published apps.

mod api;
mod files;
mod follow;
mod menu;
mod programs;
mod run;
mod show;
mod star;
mod view_as;
mod views;

use std::sync::Arc;

use super::view_as::{Seat, seat};
use crate::apps::Apps;
use crate::apps::library::{Published, within};
use crate::apps::sharing::{self, Act};
use crate::web::{Access, Fields, Result, Right, Routes};
use crate::workspaces::Member;

pub(in crate::apps) fn routes() -> Routes<Apps> {
    let using = Access::Needs(Right::UseApps);
    let admin = Access::Needs(Right::ManageMembers);
    Routes::default()
        .get("/apps/{app}", using, show::home)
        .get("/apps/{app}/p/{*path}", using, show::page)
        .get("/apps/{app}/follow/{page}", using, follow::follow)
        .post("/apps/{app}/run/{query}", using, run::run)
        .post("/apps/{app}/star", using, star::set)
        .get("/apps/{app}/views", using, views::list)
        .post("/apps/{app}/views", using, views::save)
        .post("/apps/{app}/views/{view}", using, views::change)
        .post("/apps/{app}/views/{view}/replace", using, views::replace)
        .post("/apps/{app}/views/{view}/first", using, views::choose)
        .post("/apps/{app}/views/{view}/delete", using, views::delete)
        .get("/apps/{app}/api", using, programs::page)
        .get("/apps/{app}/view-as", admin, view_as::choose)
        .post("/apps/{app}/view-as", admin, view_as::begin)
        .post("/apps/{app}/view-as/end", admin, view_as::end)
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
        .get(
            "/api/v1/apps/{app}/openapi.json",
            Access::Key(Right::UseApps),
            api::openapi,
        )
}

/// The one way to a published app: an app one may not open is not there.
async fn published(apps: &Apps, member: &Member, app: &str) -> Result<Arc<Published>> {
    sharing::hold(apps, &member.viewer.person, app, &[Act::Open]).await?;
    Ok(apps.published(member.workspace, app).await?)
}

/// The app, and with whose eyes the member sees it, within its policies.
async fn entered(apps: &Apps, member: Member, app: &str) -> Result<(Arc<Published>, Seat)> {
    let published = published(apps, &member, app).await?;
    let seat = seat(apps, member, app).await?;
    let seat = Seat {
        member: within(seat.member, &published.app),
        ..seat
    };
    Ok((published, seat))
}

fn fields(query: Option<String>) -> Fields {
    query.map(|query| Fields::parse(&query)).unwrap_or_default()
}
