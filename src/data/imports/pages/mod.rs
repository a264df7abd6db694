//! The pages where data is brought: send a file, agree on what it is, watch it
//! come in.

mod form;
mod receive;
mod review;
mod show;
mod start;

use axum::extract::FromRef;

use super::Imports;
use super::keep;
use super::model::{Bringer, Upload, UploadId};
use crate::site::Site;
use crate::web::{Access, Error, Result, Right, Routes};
use crate::workspaces::Member;

impl FromRef<Imports> for Site {
    fn from_ref(imports: &Imports) -> Site {
        imports.site().clone()
    }
}

pub fn routes(imports: Imports) -> Routes {
    let build = Access::Needs(Right::Build);
    Routes::default()
        .get("/data/import", build, receive::page)
        .post_stream("/data/import", build, receive::take)
        .get("/data/import/{upload}", build, show::page)
        .get("/data/import/{upload}/progress", build, show::progress)
        .post("/data/import/{upload}/look", build, start::look)
        .post("/data/import/{upload}/check", build, start::check)
        .post("/data/import/{upload}/start", build, start::import)
        .post("/data/import/{upload}/cancel", build, start::cancel)
        .post("/data/import/{upload}/delete", build, start::delete)
        .with(imports)
}

fn bringer(member: &Member) -> Bringer {
    Bringer {
        actor: member.viewer.actor(),
        workspace: member.workspace,
        db: member.db.clone(),
    }
}

/// The upload of that id, if it is one of the member's workspace.
async fn upload(imports: &Imports, member: &Member, id: &str) -> Result<Upload> {
    let id = UploadId::parse(id).ok_or(Error::NotFound)?;
    Ok(keep::current(imports, member.workspace, &member.db, id).await?)
}

/// Where an upload is looked at.
fn address(id: UploadId) -> String {
    format!("/data/import/{id}")
}
