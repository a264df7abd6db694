//! Deliveries of a survey's data, and the log of who got what.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::{Head, reading};
use crate::base::Time;
use crate::data::Cell;
use crate::data::writers::Csv;
use crate::journal::hex;
use crate::places::Step;
use crate::store::Connection;
use crate::surveys::deliveries::{
    self, By, Delivered, DeliveredId, Delivery, DeliveryId, Every, Settings, State as Far, Whither,
    sql,
};
use crate::surveys::exports;
use crate::surveys::keeping::Of;
use crate::surveys::running::Surveys;
use crate::web::{self, Done, Origin, Page, Result, Shell};
use crate::workspaces::Member;

/// Lines of the log on the page; all of them are in its file.
const LINES: u32 = 20;

#[derive(Template)]
#[template(path = "surveys/deliveries.html")]
pub(super) struct Deliveries {
    shell: Shell,
    tab: &'static str,
    head: Head,
    all: Vec<Delivery>,
    log: Vec<Delivered>,
    now: Time,
    /// Shown once: the link, and what it opens.
    link: Option<(String, String)>,
    /// The one that was tried just now, and its steps.
    tried: Option<(String, Steps)>,
}

/// Steps of a trial, and what was wrong with one.
type Steps = Vec<(Step, Option<String>)>;

/// What people call the formats.
fn formats(settings: &Settings) -> String {
    let known = settings.formats.iter().map(|id| {
        let format = exports::of(id);
        format.map_or(id.as_str(), |format| format.name())
    });
    known.collect::<Vec<_>>().join(", ")
}

fn which(settings: &Settings) -> &'static str {
    match settings.wanted.which.as_str() {
        "all" => "all who began",
        "tests" => "tests",
        _ => "completes",
    }
}

fn when(settings: &Settings) -> String {
    const DAYS: [&str; 7] = [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    let when = &settings.when;
    let at = format!("at {} ({})", when.of_day(), when.zone);
    match when.every {
        Every::Never => "When somebody asks".to_owned(),
        Every::Day => format!("Every day {at}"),
        Every::Week => {
            let day = usize::try_from(when.day)
                .unwrap_or_default()
                .saturating_sub(1);
            format!("Every {} {at}", DAYS.get(day).unwrap_or(&DAYS[0]))
        }
        Every::Month => format!("On day {} of each month {at}", when.day),
    }
}

fn is_link(settings: &Settings) -> bool {
    matches!(settings.whither, Whither::Link { .. })
}

impl Deliveries {
    fn next(&self, one: &Delivery) -> Option<Time> {
        one.settings.when.next(self.now).filter(|_| one.is_on)
    }

    /// Is there a file that a link could open?
    fn is_there(&self, one: &Delivered) -> bool {
        one.state == Far::There && one.expires.is_some_and(|expires| expires > self.now)
    }
}

pub(super) fn by(member: &Member, survey: &str) -> By {
    By {
        of: Of {
            workspace: member.workspace,
            survey: survey.to_owned(),
        },
        actor: member.viewer.actor(),
    }
}

pub(super) fn id(text: &str) -> Result<DeliveryId> {
    DeliveryId::parse(text).ok_or(web::Error::NotFound)
}

fn line(text: &str) -> Result<DeliveredId> {
    DeliveredId::parse(text).ok_or(web::Error::NotFound)
}

async fn list(surveys: &Surveys, member: &Member, survey: &str) -> Result<Deliveries> {
    let site = &surveys.site;
    let project = reading::project(site, member.workspace, survey).await?;
    let of = by(member, survey).of;
    let read = move |conn: &Connection| {
        Ok::<_, crate::store::Error>((sql::all(conn, &of)?, sql::list(conn, &of, LINES)?))
    };
    let (all, log) = site.system.read(read).await?;
    Ok(Deliveries {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "deliveries",
        head: Head::of(&project),
        all,
        log,
        now: site.clock.now(),
        link: None,
        tried: None,
    })
}

pub(super) async fn page(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Page<Deliveries>> {
    Ok(Page(list(&surveys, &member, &survey).await?))
}

pub(super) async fn deliver(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, delivery)): Path<(String, String)>,
) -> Result<Done> {
    deliveries::ask(&surveys.site, &by(&member, &survey), id(&delivery)?).await?;
    let to = format!("/surveys/{survey}/deliveries");
    Ok(Done::to(to).saying("It is on its way; the log says how far it is"))
}

pub(super) async fn try_it(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, delivery)): Path<(String, String)>,
) -> Result<Page<Deliveries>> {
    let (by, id) = (by(&member, &survey), id(&delivery)?);
    let of = by.of.clone();
    let find = surveys
        .site
        .system
        .read(move |conn| sql::one(conn, &of, id));
    let known = find.await?.ok_or(web::Error::NotFound)?;
    let steps = deliveries::try_it(&surveys, &known).await?;
    deliveries::tried(&surveys.site, &by, &known, &steps).await?;
    Ok(Page(Deliveries {
        tried: Some((known.settings.name, steps)),
        ..list(&surveys, &member, &survey).await?
    }))
}

pub(super) async fn remove(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, delivery)): Path<(String, String)>,
) -> Result<Done> {
    deliveries::remove(&surveys.site, &by(&member, &survey), id(&delivery)?).await?;
    Ok(Done::to(format!("/surveys/{survey}/deliveries")).saying("The delivery is removed"))
}

pub(super) async fn link(
    State(surveys): State<Surveys>,
    member: Member,
    Origin(origin): Origin,
    Path((survey, delivered)): Path<(String, String)>,
) -> Result<Page<Deliveries>> {
    let (by, id) = (by(&member, &survey), line(&delivered)?);
    let link = deliveries::make_link(&surveys.site, &by, id).await?;
    let link = format!("{origin}/take/{}", link.reveal());
    let page = list(&surveys, &member, &survey).await?;
    let file = page.log.iter().find(|one| one.id == id);
    let file = file.map(|one| one.file.clone()).unwrap_or_default();
    Ok(Page(Deliveries {
        link: Some((link, file)),
        ..page
    }))
}

pub(super) async fn withdraw(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, delivered)): Path<(String, String)>,
) -> Result<Done> {
    deliveries::withdraw(&surveys.site, &by(&member, &survey), line(&delivered)?).await?;
    Ok(Done::to(format!("/surveys/{survey}/deliveries")).saying("It is taken back"))
}

/// The whole log, as a table for people who check it.
pub(super) async fn csv(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Response> {
    reading::project(&surveys.site, member.workspace, &survey).await?;
    let of = by(&member, &survey).of;
    let all = { &surveys.site.system }.read(move |conn| sql::list(conn, &of, u32::MAX));
    let mut body = Vec::new();
    Csv::default().heading(COLUMNS, &mut body);
    for one in all.await? {
        let cells = cells(&one);
        let cells = cells.iter().map(|text| match text.as_str() {
            "" => Cell::Null,
            text => Cell::Text(text),
        });
        Csv::default().row(cells, &mut body);
    }
    let name = format!("attachment; filename=\"{survey}-deliveries.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, body).into_response())
}

const COLUMNS: [&str; 19] = [
    "asked",
    "by",
    "scheduled",
    "delivery",
    "formats",
    "which",
    "personal",
    "sealed",
    "to",
    "file",
    "responses",
    "bytes",
    "sha256",
    "result",
    "why",
    "ended",
    "link_until",
    "taken",
    "taken_from",
];

/// A line of the log, in the order of the columns.
fn cells(one: &Delivered) -> [String; COLUMNS.len()] {
    let time = |at: Option<Time>| at.map(Time::rfc3339).unwrap_or_default();
    let number = |count: Option<u64>| count.map(|count| count.to_string()).unwrap_or_default();
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    [
        one.asked.rfc3339(),
        one.by.clone(),
        time(one.slot),
        one.said.name.clone(),
        one.said.formats.join(" "),
        one.said.wanted.which.clone(),
        yes(one.said.wanted.has_personal),
        yes(one.said.is_sealed()),
        one.said.whither.shown().to_owned(),
        one.file.clone(),
        number(one.responses),
        number(one.bytes),
        one.digest.as_deref().map(hex).unwrap_or_default(),
        one.state.name().to_owned(),
        one.why.clone(),
        time(one.ended),
        time(one.expires),
        time(one.taken),
        one.taken_from.clone(),
    ]
}
