//! The accounts of the instance, for those who run it.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::csv;
use crate::people::People;
use crate::people::actions::{self, MadeLink};
use crate::people::model::{Error, NewUser};
use crate::people::review::actions::{Of, look};
use crate::people::review::file;
use crate::people::review::model::Line;
use crate::people::writing::{Occasion, by_mail};
use crate::web::{self, Again, Done, Faults, Origin, Page, Result, Role, Shell, UserId, Viewer};

#[derive(Template)]
#[template(path = "people/accounts.html")]
pub(super) struct AccountsPage {
    shell: Shell,
    lines: Vec<Line>,
    me: UserId,
    faults: Faults,
    form: InviteForm,
    link: Option<MadeLink>,
    /// It is on its way by mail, too.
    mailed: bool,
    origin: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InviteForm {
    email: String,
    name: String,
}

async fn page(people: &People, viewer: &Viewer) -> Result<AccountsPage> {
    Ok(AccountsPage {
        shell: Shell::of(viewer, "accounts"),
        lines: look(&people.site, viewer, Of::Accounts).await?,
        me: viewer.person.id,
        faults: Faults::default(),
        form: InviteForm::default(),
        link: None,
        mailed: false,
        origin: String::new(),
    })
}

pub(super) async fn all(
    State(people): State<People>,
    viewer: Viewer,
) -> Result<Page<AccountsPage>> {
    Ok(Page(page(&people, &viewer).await?))
}

pub(super) async fn file(State(people): State<People>, viewer: Viewer) -> Result<Response> {
    let lines = look(&people.site, &viewer, Of::Accounts).await?;
    Ok(csv("accounts", file::file(&lines, "workspaces")))
}

pub(super) async fn invite(
    State(people): State<People>,
    viewer: Viewer,
    Origin(origin): Origin,
    Form(form): Form<InviteForm>,
) -> Result<Response> {
    let faults = match NewUser::parse(&form.email, &form.name, Role::User) {
        Err(faults) => faults,
        Ok(new) => {
            let new = NewUser {
                operator: true,
                ..new
            };
            match actions::invite_operator(&people, &viewer, new).await {
                Ok(link) => {
                    let page = page(&people, &viewer).await?;
                    let (how, one) = ((&*origin, Occasion::Operator), std::slice::from_ref(&link));
                    let mailed = by_mail(&people, &viewer, one, how).await;
                    return Ok(Page(AccountsPage {
                        link: Some(link),
                        mailed,
                        origin,
                        ..page
                    })
                    .into_response());
                }
                Err(Error::EmailTaken) => Faults::of(
                    "email",
                    "this address has an account; make it an operator in the list",
                ),
                Err(error) => return Err(error.into()),
            }
        }
    };
    let page = page(&people, &viewer).await?;
    Ok(Again(AccountsPage {
        faults,
        form,
        ..page
    })
    .into_response())
}

fn user(id: &str) -> Result<UserId> {
    UserId::parse(id).ok_or(web::Error::NotFound)
}

pub(super) async fn disable(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let user = user(&id)?;
    if user == viewer.person.id {
        let said = "nobody shuts themselves out; another operator can";
        return Err(web::Error::Conflict(said.to_owned()));
    }
    let name = actions::set_account_disabled(&people, &viewer, user, true).await?;
    Ok(Done::to("/accounts").saying(format!("{name} can no longer sign in")))
}

pub(super) async fn enable(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let name = actions::set_account_disabled(&people, &viewer, user(&id)?, false).await?;
    Ok(Done::to("/accounts").saying(format!("{name} can sign in again")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperatorForm {
    /// `yes` or `no`.
    operator: String,
}

pub(super) async fn operator(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
    Form(form): Form<OperatorForm>,
) -> Result<Done> {
    let is_operator = form.operator == "yes";
    let name = actions::set_operator(&people, &viewer, user(&id)?, is_operator).await?;
    let said = if is_operator {
        format!("{name} is an operator now")
    } else {
        format!("{name} is no longer an operator")
    };
    // Whoever gives it up has no business on the page they came from.
    let to = if user(&id)? == viewer.person.id {
        "/"
    } else {
        "/accounts"
    };
    Ok(Done::to(to).saying(said))
}
