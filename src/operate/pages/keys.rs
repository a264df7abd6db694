//! Which algorithm protects what, how old each key is, and how to change it.

use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::State;
use serde::Deserialize;

use crate::base::Time;
use crate::operate::actions;
use crate::operate::model::{Error, KeyFacts, Wanted};
use crate::site::Site;
use crate::store::FolderError;
use crate::web::{self, Done, Page, Result, Shell, Viewer};

/// How long the page waits for a change before it says that it goes on.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Template)]
#[template(path = "operate/keys.html")]
pub(super) struct KeysPage {
    shell: Shell,
    keys: Vec<KeyFacts>,
    now: Time,
    certificate: crate::tls::Shown,
}

impl KeysPage {
    /// Whole days that a key is in use.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates hand over references"
    )]
    fn age(&self, since: &Time) -> String {
        match (self.now.0 - since.0) / Time::DAY {
            days if days < 1 => "today".to_owned(),
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        }
    }
}

pub(super) async fn show(State(site): State<Site>, viewer: Viewer) -> Result<Page<KeysPage>> {
    Ok(Page(KeysPage {
        shell: Shell::of(&viewer, "security"),
        keys: actions::keys(&site).await?.list,
        now: site.clock.now(),
        certificate: site.certificates.shown(),
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeForm {
    what: String,
}

pub(super) async fn change(
    State(site): State<Site>,
    viewer: Viewer,
    Form(form): Form<ChangeForm>,
) -> Result<Done> {
    let wanted = Wanted::parse(&form.what)?;
    actions::ask_for_keys(&site, &viewer.actor(), wanted).await?;
    // On a task of its own: a browser that goes away stops nothing.
    let work = tokio::spawn(async move { actions::change_keys(&site).await });
    let said = match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(done)) => match done? {
            0 => "Nothing was changed yet: this page says why",
            _ => "Changed. The old key is destroyed",
        },
        Ok(Err(_panicked)) => return Err(web::Error::Busy),
        Err(_elapsed) => "The change goes on; this page says when it is done",
    };
    Ok(Done::to("/security/keys").saying(said))
}

impl From<Error> for web::Error {
    fn from(error: Error) -> web::Error {
        match error {
            Error::NoKey => web::Error::NotFound,
            Error::Folder(error @ (FolderError::Credential | FolderError::Shared(_))) => {
                web::Error::Conflict(error.to_string())
            }
            Error::Folder(error) => web::Error::broken(error),
            Error::Store(error) => error.into(),
        }
    }
}
