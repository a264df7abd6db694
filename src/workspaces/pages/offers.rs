//! What a workspace's admins see of visitors, and what they offer and want.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::base::Time;
use crate::people::People;
use crate::store;
use crate::web::{self, Again, Done, Faults, Page, Result, Role, Shell, UserId, Viewer};
use crate::workspaces::model::{NewOffer, Offer, OfferId, State as Stage, Stay};
use crate::workspaces::{actions, sql};

#[derive(Template)]
#[template(path = "workspaces/visits.html")]
pub(super) struct VisitsPage {
    shell: Shell,
    stays: Vec<Stay>,
    offers: Vec<Offer>,
    second_person: bool,
    now: Time,
    me: UserId,
    faults: Faults,
    form: OfferForm,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfferForm {
    role: String,
    hours: String,
    note: String,
}

async fn shown(people: &People, viewer: &Viewer) -> Result<VisitsPage> {
    let (now, workspace) = (people.site.clock.now(), viewer.person.workspace);
    let (stays, offers, second_person) = people
        .site
        .system
        .read(move |conn| {
            let stays = sql::of_workspace(conn, workspace)?;
            let offers = sql::offers(conn, workspace, now)?;
            Ok::<_, store::Error>((stays, offers, sql::needs_second(conn, workspace)?))
        })
        .await?;
    Ok(VisitsPage {
        shell: Shell::of(viewer, "members"),
        stays,
        offers,
        second_person,
        now,
        me: viewer.person.id,
        faults: Faults::default(),
        form: OfferForm::default(),
    })
}

pub(super) async fn page(State(people): State<People>, viewer: Viewer) -> Result<Page<VisitsPage>> {
    Ok(Page(shown(&people, &viewer).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecondForm {
    /// There when it was ticked.
    second: Option<String>,
}

pub(super) async fn second(
    State(people): State<People>,
    viewer: Viewer,
    Form(form): Form<SecondForm>,
) -> Result<Done> {
    let is_needed = form.second.is_some();
    actions::set_second(&people, &viewer, is_needed).await?;
    let said = if is_needed {
        "From now on somebody else has to agree"
    } else {
        "From now on nobody has to agree"
    };
    Ok(Done::to("/members/break-glass").saying(said))
}

pub(super) async fn offer(
    State(people): State<People>,
    viewer: Viewer,
    Form(form): Form<OfferForm>,
) -> Result<Response> {
    match NewOffer::parse(&form.role, &form.note, &form.hours) {
        Ok(new) => {
            actions::offer(&people, &viewer, new).await?;
            let said = "Operators may come in for support";
            Ok(Done::to("/members/break-glass")
                .saying(said)
                .into_response())
        }
        Err(faults) => {
            let page = shown(&people, &viewer).await?;
            Ok(Again(VisitsPage {
                faults,
                form,
                ..page
            })
            .into_response())
        }
    }
}

pub(super) async fn end_offer(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let id = OfferId::parse(&id).ok_or(web::Error::NotFound)?;
    let stays = actions::end_offer(&people, &viewer, id).await?;
    let said = match stays {
        0 => "Support access has ended".to_owned(),
        1 => "Support access has ended, and one stay with it".to_owned(),
        many => format!("Support access has ended, and {many} stays with it"),
    };
    Ok(Done::to("/members/break-glass").saying(said))
}
