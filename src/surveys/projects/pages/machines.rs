//! The machines a survey asks: how that went, and what they are shown.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Author, Head, actions, fault, reading};
use crate::base::Secret;
use crate::egress::Trust;
use crate::store::project_file;
use crate::surveys::calls::is_secret_name;
use crate::surveys::calls::sql::{Kept, authority, secrets, tallies};
use crate::surveys::keeping::Of;
use crate::surveys::projects::machines::{Line, Machines};
use crate::surveys::running::Surveys;
use crate::web::{Again, Done, Faults, Page, Result, Shell};
use crate::workspaces::Member;

/// The longest secret.
const LONGEST: usize = 4_000;

/// A secret as the list has it.
struct Known {
    of: Kept,
    /// The calls that name it, by version.
    used: Vec<String>,
}

#[derive(Template)]
#[template(path = "surveys/calls.html")]
pub(super) struct Calls {
    shell: Shell,
    tab: &'static str,
    head: Head,
    lines: Vec<Line>,
    secrets: Vec<Known>,
    /// Named in a text and not there.
    missing: Vec<(String, Vec<String>)>,
    /// The name that was typed, or is missing first.
    called: String,
    ca: String,
    faults: Faults,
}

impl Calls {
    fn has_failures(&self) -> bool {
        self.lines.iter().any(|line| line.failed() > 0)
    }
}

impl Known {
    /// What its removal does.
    fn warning(&self) -> String {
        if self.used.is_empty() {
            return "Nothing names it. It cannot be had back.".to_owned();
        }
        format!(
            "It is named by {}. Those calls fail from then on, and it cannot be had back.",
            self.used.join(", ")
        )
    }
}

async fn page(surveys: &Surveys, member: &Member, survey: &str) -> Result<Calls> {
    let history = reading::history(&surveys.site, member.workspace, survey).await?;
    let of = Of {
        workspace: member.workspace,
        survey: survey.to_owned(),
    };
    let system = &surveys.site.system;
    let read = system.read(move |conn| {
        Ok::<_, crate::store::Error>((secrets(conn, &of)?, authority(conn, &of)?))
    });
    let (kept, ca) = read.await?;
    let place = (member.workspace, survey);
    let is_there = { &surveys.site.files }.is_there(&project_file(place.0, place.1))?;
    let counts = if is_there {
        reading::look(&surveys.site, place, |conn| Ok(tallies(conn)?)).await?
    } else {
        Vec::new()
    };
    let mut machines = Machines::of(&history, &counts);
    let known = kept.into_iter().map(|of| Known {
        used: machines.secrets.remove(&of.name).unwrap_or_default(),
        of,
    });
    let secrets: Vec<Known> = known.collect();
    let missing: Vec<(String, Vec<String>)> = machines.secrets.into_iter().collect();
    Ok(Calls {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "calls",
        head: Head::of(&history.project),
        lines: machines.lines,
        secrets,
        called: missing
            .first()
            .map(|(name, _)| name.clone())
            .unwrap_or_default(),
        missing,
        ca,
        faults: Faults::default(),
    })
}

fn there(survey: &str) -> String {
    format!("/surveys/{survey}/calls")
}

pub(super) async fn show(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Page<Calls>> {
    Ok(Page(page(&surveys, &member, &survey).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecretForm {
    #[serde(default)]
    name: String,
    #[serde(default = "nothing")]
    secret: Secret,
}

fn nothing() -> Secret {
    Secret::from(String::new())
}

/// What is wrong with the form.
fn amiss(form: &SecretForm) -> Faults {
    let mut faults = Faults::default();
    if !is_secret_name(form.name.trim()) {
        faults.add(
            "name",
            "write a name of letters, digits, - and _, as the survey's text names it",
        );
    }
    let words = form.secret.reveal().trim();
    let is_plain = |c: char| c.is_ascii_graphic() || c == ' ';
    if words.is_empty() || words.len() > LONGEST || !words.chars().all(is_plain) {
        faults.add(
            "secret",
            "enter the secret as it was given: letters, digits and signs on one line",
        );
    }
    faults
}

pub(super) async fn keep(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Form(form): Form<SecretForm>,
) -> Result<Response> {
    // Only where the survey is theirs.
    reading::project(&surveys.site, member.workspace, &survey).await?;
    let (author, name) = (Author::of(&member.viewer), form.name.trim());
    let mut faults = amiss(&form);
    if faults.is_empty() {
        let secret = Secret::from(form.secret.reveal().trim().to_owned());
        let kept = actions::keep_call_secret(&surveys, &author, &survey, (name, &secret));
        match kept.await {
            Ok(()) => {
                return Ok(Done::to(there(&survey))
                    .saying(format!("The secret {name} is kept"))
                    .into_response());
            }
            Err(error) => faults = Faults::of("name", fault(error)?),
        }
    }
    let page = page(&surveys, &member, &survey).await?;
    Ok(Again(Calls {
        faults,
        called: name.to_owned(),
        ..page
    })
    .into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ForgetForm {
    #[serde(default)]
    name: String,
}

pub(super) async fn forget(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Form(form): Form<ForgetForm>,
) -> Result<Done> {
    let author = Author::of(&member.viewer);
    actions::forget_call_secret(&surveys, &author, (&survey, &form.name)).await?;
    Ok(Done::to(there(&survey)).saying("The secret is removed"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TrustForm {
    #[serde(default)]
    ca: String,
}

pub(super) async fn trust(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Form(form): Form<TrustForm>,
) -> Result<Response> {
    if let Err(error) = Trust::new(&form.ca) {
        let page = page(&surveys, &member, &survey).await?;
        return Ok(Again(Calls {
            faults: Faults::of("ca", error.to_string()),
            ca: form.ca,
            ..page
        })
        .into_response());
    }
    let author = Author::of(&member.viewer);
    actions::trust_machines(&surveys, &author, (&survey, &form.ca)).await?;
    let said = if form.ca.trim().is_empty() {
        "Certificates that this machine trusts are trusted"
    } else {
        "Certificates of that authority are trusted, and no others"
    };
    Ok(Done::to(there(&survey)).saying(said).into_response())
}
