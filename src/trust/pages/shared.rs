//! What the people of a workspace may know: how the promises stand, where this
//! runs, and the evidence of their own workspace.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::Trust;
use super::evidence::{PeriodForm, send};
use crate::base::Time;
use crate::trust::hosting::{Shown, shown};
use crate::trust::parts::{self, Purpose};
use crate::trust::register::{Standing, standing};
use crate::trust::sql;
use crate::web::{Again, Error, Faults, Page, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "trust/shared.html")]
pub(super) struct SharedPage {
    shell: Shell,
    at: Time,
    /// Those that a check looks at, the worst first.
    promises: Vec<Standing>,
    facts: Vec<Shown>,
    period: PeriodForm,
    faults: Faults,
    parts: Vec<&'static str>,
}

async fn page(trust: &Trust, viewer: &Viewer, typed: (PeriodForm, Faults)) -> Result<SharedPage> {
    let mut promises = standing(&trust.found().await?);
    promises.retain(|one| one.level.is_some());
    promises.sort_by_key(|one| std::cmp::Reverse(one.level));
    let (now, (period, faults)) = (trust.site().clock.now(), typed);
    let purpose = Purpose::Workspace(viewer.person.workspace);
    Ok(SharedPage {
        shell: Shell::of(viewer, "promises"),
        at: now,
        promises,
        facts: shown(trust.site().system.read(sql::hosting).await?, now),
        period,
        faults,
        parts: parts::of(purpose).map(|part| part.about.title).collect(),
    })
}

pub(super) async fn show(State(trust): State<Trust>, viewer: Viewer) -> Result<Page<SharedPage>> {
    let period = PeriodForm::usual(trust.site().clock.now());
    Ok(Page(
        page(&trust, &viewer, (period, Faults::default())).await?,
    ))
}

pub(super) async fn make(
    State(trust): State<Trust>,
    viewer: Viewer,
    Form(form): Form<PeriodForm>,
) -> Result<Response> {
    // A visitor takes nothing with them.
    if viewer.person.is_outside() || viewer.person.whereabouts.grant.is_some() {
        return Err(Error::Forbidden);
    }
    let purpose = Purpose::Workspace(viewer.person.workspace);
    match form.parse() {
        Ok(period) => send(&trust, &viewer, purpose, period).await,
        Err(faults) => {
            let again = page(&trust, &viewer, (form, faults)).await?;
            Ok(Again(again).into_response())
        }
    }
}
