//! Deletion as an operator runs it: how long things can be had back, whom to
//! ask, whether the clock is believed, and workspaces on their way out.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::Endings;
use super::list::ending;
use crate::base::Time;
use crate::ending::actions::{self, Settings};
use crate::ending::model::{Ending, State as How};
use crate::ending::sql;
use crate::sanity;
use crate::web::{Again, Done, Faults, Page, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "ending/deletion.html")]
pub(super) struct DeletionPage {
    shell: Shell,
    all: Vec<Ending>,
    now: Time,
    /// What speaks against the clock.
    doubt: Option<String>,
    faults: Faults,
    form: SettingsForm,
}

impl DeletionPage {
    fn may_undo(&self, one: &Ending) -> bool {
        one.kind == "workspace" && one.can_come_back(self.now)
    }

    #[expect(clippy::unused_self, reason = "templates call methods of their page")]
    fn is_gone(&self, one: &Ending) -> bool {
        one.state == How::Gone
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsForm {
    undo: String,
    contact: String,
}

async fn page(endings: &Endings, viewer: &Viewer) -> Result<DeletionPage> {
    let (site, now) = (endings.site(), endings.site().clock.now());
    let settings = actions::settings(site).await?;
    Ok(DeletionPage {
        shell: Shell::of(viewer, "deletion"),
        all: site
            .system
            .read(move |conn| sql::of_instance(conn, now))
            .await?,
        now,
        doubt: sanity::doubt(site).await?,
        faults: Faults::default(),
        form: SettingsForm {
            undo: settings.undo.to_string(),
            contact: settings.contact,
        },
    })
}

pub(super) async fn show(
    State(endings): State<Endings>,
    viewer: Viewer,
) -> Result<Page<DeletionPage>> {
    Ok(Page(page(&endings, &viewer).await?))
}

pub(super) async fn save(
    State(endings): State<Endings>,
    viewer: Viewer,
    Form(form): Form<SettingsForm>,
) -> Result<Response> {
    match Settings::parse(&form.undo, &form.contact) {
        Ok(new) => {
            actions::settle(endings.site(), viewer.actor(), new).await?;
            let said = "Saved; it holds for what is deleted from now on";
            Ok(Done::to("/deletion").saying(said).into_response())
        }
        Err(faults) => {
            let page = page(&endings, &viewer).await?;
            Ok(Again(DeletionPage {
                faults,
                form,
                ..page
            })
            .into_response())
        }
    }
}

pub(super) async fn believe(State(endings): State<Endings>, viewer: Viewer) -> Result<Done> {
    sanity::believe(endings.site(), viewer.actor()).await?;
    Ok(Done::to("/deletion").saying("The clock is believed; what is due goes within a minute"))
}

pub(super) async fn undo(
    State(endings): State<Endings>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let id = ending(&id)?;
    let one = endings.site().system.read(move |conn| sql::one(conn, id));
    // What is inside a workspace is its members' to take back.
    if one.await?.kind != "workspace" {
        return Err(crate::web::Error::Forbidden);
    }
    let back = actions::undo(endings.site(), &viewer.actor(), (None, true), id).await?;
    endings.refresh(&back);
    Ok(Done::to("/deletion").saying("The workspace is as it was before"))
}
