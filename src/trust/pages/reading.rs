//! What there is to read: the control register and the security document.

use askama::Template;
use axum::extract::State;

use super::Trust;
use crate::trust::document;
use crate::trust::register::{Standing, standing};
use crate::web::{Page, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "trust/register.html")]
pub(super) struct RegisterPage {
    shell: Shell,
    rows: Vec<Standing>,
}

pub(super) async fn register(
    State(trust): State<Trust>,
    viewer: Viewer,
) -> Result<Page<RegisterPage>> {
    let found = trust.found().await?;
    Ok(Page(RegisterPage {
        shell: Shell::of(&viewer, "security"),
        rows: standing(&found),
    }))
}

#[derive(Template)]
#[template(path = "trust/document.html")]
pub(super) struct DocumentPage {
    shell: Shell,
    version: &'static str,
    dated: &'static str,
    /// Made of our own text, in which markup is text.
    html: String,
}

pub(super) async fn document(viewer: Viewer) -> Page<DocumentPage> {
    Page(DocumentPage {
        shell: Shell::of(&viewer, "security"),
        version: document::VERSION,
        dated: document::DATED,
        html: document::html(),
    })
}
