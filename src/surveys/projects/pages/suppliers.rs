//! A supplier set up: what to do there, and what both sides sign with.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Author, Head, actions, reading};
use crate::base::Secret;
use crate::egress::Trust;
use crate::surveys::format::Outcome;
use crate::surveys::map::outcome_words;
use crate::surveys::panels::{self, Sealed, Supplier};
use crate::surveys::running::Surveys;
use crate::web::{self, Again, Done, Faults, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "surveys/supplier.html")]
pub(super) struct Setting {
    shell: Shell,
    tab: &'static str,
    head: Head,
    kind: &'static dyn Supplier,
    /// Outcomes with what the supplier calls them.
    codes: Vec<(&'static str, &'static str)>,
    /// What it is to be called here.
    called: String,
    way: String,
    entry: String,
    exit: String,
    ca: String,
    faults: Faults,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SupplierForm {
    name: String,
    #[serde(default = "nothing")]
    secret: Secret,
    #[serde(default)]
    way: String,
    #[serde(default)]
    entry: String,
    #[serde(default)]
    exit: String,
    #[serde(default)]
    ca: String,
}

fn nothing() -> Secret {
    Secret::from(String::new())
}

async fn page(
    surveys: &Surveys,
    member: &Member,
    (survey, kind): (&str, &'static dyn Supplier),
) -> Result<Setting> {
    let project = reading::project(&surveys.site, member.workspace, survey).await?;
    let codes = Outcome::ALL.into_iter();
    Ok(Setting {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "links",
        head: Head::of(&project),
        codes: codes
            .map(|outcome| (outcome_words(Some(outcome)), kind.code(outcome)))
            .collect(),
        called: kind.id().replace('-', "_"),
        way: String::new(),
        entry: String::new(),
        exit: String::new(),
        ca: String::new(),
        faults: Faults::default(),
        kind,
    })
}

pub(super) async fn show(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, kind)): Path<(String, String)>,
) -> Result<Page<Setting>> {
    let kind = panels::of(&kind).ok_or(web::Error::NotFound)?;
    Ok(Page(page(&surveys, &member, (&survey, kind)).await?))
}

pub(super) async fn keep(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, kind)): Path<(String, String)>,
    Form(form): Form<SupplierForm>,
) -> Result<Response> {
    let kind = panels::of(&kind).ok_or(web::Error::NotFound)?;
    // Only where the survey is theirs.
    let page = page(&surveys, &member, (&survey, kind)).await?;
    let faults = amiss(kind, &form);
    if !faults.is_empty() {
        return Ok(Again(Setting {
            faults,
            called: form.name,
            way: form.way,
            entry: form.entry,
            exit: form.exit,
            ca: form.ca,
            ..page
        })
        .into_response());
    }
    let usual = kind.ways().first().map(|way| way.id);
    let new = Sealed {
        name: form.name.trim().to_owned(),
        kind: kind.id().to_owned(),
        secret: None,
        way: match form.way.as_str() {
            way if Some(way) == usual => String::new(),
            way => way.to_owned(),
        },
        entry: form.entry.trim().to_owned(),
        exit: form.exit.trim().to_owned(),
        ca: form.ca.trim().to_owned(),
    };
    let secret = kind.secret().map(|_| &form.secret);
    let said = format!("The supplier {} is kept", new.name);
    let author = Author::of(&member.viewer);
    actions::keep_supplier(&surveys, &author, new, secret).await?;
    Ok(Done::to(format!("/surveys/{survey}/links"))
        .saying(said)
        .into_response())
}

/// What has to be put right.
fn amiss(kind: &dyn Supplier, form: &SupplierForm) -> Faults {
    let mut faults = Faults::default();
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let is_word = |text: &str| text.len() <= 60 && text.chars().all(fine);
    let name = form.name.trim();
    if name.is_empty() || !is_word(name) {
        faults.add(
            "name",
            "write a name of letters, digits, - and _, as the survey's text names it",
        );
    }
    if kind.secret().is_some()
        && let Some(words) = kind.secret_fault(form.secret.reveal())
    {
        faults.add("secret", words);
    }
    for (field, text) in [("entry", &form.entry), ("exit", &form.exit)] {
        if !is_word(text.trim()) {
            faults.add(
                field,
                "write the name of a parameter, such as hash, or nothing",
            );
        }
    }
    let mut ways = kind.ways().iter();
    if !form.way.is_empty() && !ways.any(|way| way.id == form.way) {
        faults.add("way", "choose one of the ways");
    }
    if let Err(error) = Trust::new(&form.ca) {
        faults.add("ca", error.to_string());
    }
    faults
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ForgetForm {
    name: String,
}

pub(super) async fn forget(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Form(form): Form<ForgetForm>,
) -> Result<Done> {
    reading::project(&surveys.site, member.workspace, &survey).await?;
    actions::forget_supplier(&surveys, &Author::of(&member.viewer), &form.name).await?;
    Ok(Done::to(format!("/surveys/{survey}/links")).saying("The supplier is forgotten"))
}
