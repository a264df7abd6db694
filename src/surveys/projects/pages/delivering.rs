//! One delivery set up: what leaves, whither and when.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::deliveries::{by, id};
use super::{Head, reading};
use crate::places;
use crate::surveys::deliveries::{self, Delivery, DeliveryId, Error, Every, Whither, parse, sql};
use crate::surveys::exports;
use crate::surveys::running::Surveys;
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "surveys/delivery.html")]
pub(super) struct Setting {
    shell: Shell,
    tab: &'static str,
    head: Head,
    /// Where the form goes.
    here: String,
    is_new: bool,
    formats: Vec<(&'static str, &'static str)>,
    langs: Vec<String>,
    /// Variables that tell who somebody is.
    personal: usize,
    kinds: Vec<(&'static str, &'static str)>,
    form: Fields,
    has_secret: bool,
    faults: Faults,
}

impl Setting {
    fn said(&self, name: &str) -> &str {
        self.form.get(name).unwrap_or_default()
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.form.all(name).any(|said| said == value)
    }

    fn fault(&self, name: &str) -> &str {
        self.faults.at(name).unwrap_or_default()
    }
}

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// What the form says of a delivery there is; never a secret.
fn form(delivery: &Delivery) -> Fields {
    let said = &delivery.settings;
    let mut pairs = vec![
        ("name", said.name.clone()),
        ("which", said.wanted.which.clone()),
        ("lang", said.wanted.lang.clone()),
        ("recipients", said.recipients.join("\n")),
        ("pattern", said.pattern.clone()),
        ("every", said.when.every.name().to_owned()),
        ("weekday", said.when.day.to_string()),
        ("monthday", said.when.day.to_string()),
        ("at", said.when.of_day()),
        ("zone", said.when.zone.clone()),
    ];
    pairs.extend(said.formats.iter().map(|format| ("format", format.clone())));
    let yes = || "yes".to_owned();
    if said.wanted.has_personal {
        pairs.push(("personal", yes()));
    }
    if said.when.is_new_only {
        pairs.push(("new", yes()));
    }
    match &said.whither {
        Whither::Link { days, has_words } => {
            pairs.push(("to", "link".to_owned()));
            pairs.push(("days", days.to_string()));
            pairs.extend(has_words.then(|| ("with_words", yes())));
        }
        Whither::Place { address, pin } => {
            pairs.push(("to", "place".to_owned()));
            pairs.push(("days", "7".to_owned()));
            pairs.push(("address", address.clone()));
            pairs.push(("pin", pin.clone()));
            if said.recipients.is_empty() {
                pairs.push(("clear", yes()));
            }
        }
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    Fields::parse(&query.extend_pairs(pairs).finish())
}

/// What the form of a new one says.
const NEW: &str = "format=csv&which=complete&to=link&days=7&pattern=%7Bsurvey%7D-%7Btime%7D&every=never&at=06%3A00&zone=UTC";

async fn page(
    surveys: &Surveys,
    member: &Member,
    (survey, known): (&str, Option<&Delivery>),
) -> Result<Setting> {
    let history = reading::history(&surveys.site, member.workspace, survey).await?;
    let map = history.map();
    let all = format!("/surveys/{survey}/deliveries");
    let formats = exports::ALL.iter();
    let elsewhere = places::ALL
        .iter()
        .map(|kind| (kind.title(), kind.example()));
    Ok(Setting {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "deliveries",
        head: Head::of(&history.project),
        here: match known {
            Some(known) => format!("{all}/{}", known.id),
            None => all,
        },
        is_new: known.is_none(),
        formats: formats.map(|format| (format.id(), format.name())).collect(),
        personal: map.variables.iter().filter(|each| each.is_personal).count(),
        langs: map.langs,
        kinds: elsewhere
            .filter(|(_, example)| example.contains("://"))
            .collect(),
        form: known.map_or_else(|| Fields::parse(NEW), form),
        has_secret: known.is_some_and(|known| known.secret.is_some()),
        faults: Faults::default(),
    })
}

async fn known(
    surveys: &Surveys,
    member: &Member,
    (survey, id): (&str, DeliveryId),
) -> Result<Delivery> {
    let of = by(member, survey).of;
    let find = { &surveys.site.system }.read(move |conn| sql::one(conn, &of, id));
    find.await?.ok_or(web::Error::NotFound)
}

pub(super) async fn new(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Page<Setting>> {
    Ok(Page(page(&surveys, &member, (&survey, None)).await?))
}

pub(super) async fn show(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, delivery)): Path<(String, String)>,
) -> Result<Page<Setting>> {
    let known = known(&surveys, &member, (&survey, id(&delivery)?)).await?;
    Ok(Page(
        page(&surveys, &member, (&survey, Some(&known))).await?,
    ))
}

pub(super) async fn add(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    fields: Fields,
) -> Result<Response> {
    kept(&surveys, &member, (&survey, None), fields).await
}

pub(super) async fn save(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, delivery)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response> {
    let known = known(&surveys, &member, (&survey, id(&delivery)?)).await?;
    kept(&surveys, &member, (&survey, Some(&known)), fields).await
}

async fn kept(
    surveys: &Surveys,
    member: &Member,
    (survey, known): (&str, Option<&Delivery>),
    fields: Fields,
) -> Result<Response> {
    let page = page(surveys, member, (survey, known)).await?;
    let is_place = fields.get("to") == Some("place");
    let faults = match parse(&fields, &page.langs) {
        Err(faults) => faults,
        Ok(given) => {
            let said = given.settings.name.clone();
            let what = (known.map(|known| known.id), given);
            match deliveries::keep(surveys, &by(member, survey), what).await {
                Ok(_) => {
                    let to = format!("/surveys/{survey}/deliveries");
                    let done = Done::to(to).saying(format!("{said} is kept"));
                    return Ok(done.into_response());
                }
                Err(error @ Error::NoSecret) => {
                    let field = if is_place { "secret" } else { "words" };
                    Faults::of(field, error.to_string())
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    // What was typed stays, but not the secret: it is typed once more.
    let form = fields.with("secret", None).with("words", None);
    Ok(Again(Setting {
        form,
        faults,
        ..page
    })
    .into_response())
}
