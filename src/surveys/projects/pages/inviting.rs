//! What is done on the board of invitations: a list brought, rounds confirmed and stopped,
//! links taken along.

use axum::extract::{Multipart, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::invitations::page;
use super::{Author, actions, fault, reading};
use crate::base::Time;
use crate::data::Cell;
use crate::data::writers::Csv;
use crate::surveys::letters::{Kind, RoundId};
use crate::surveys::projects::invited::read_addresses;
use crate::surveys::projects::model::Error;
use crate::surveys::running::Surveys;
use crate::web::{self, Again, Done, Faults, Fields, Origin, Result};
use crate::workspaces::Member;

/// The hour of a day, in UTC, when letters that wait for it begin to leave.
const MORNING: i8 = 8;

/// The same page once more, with what is wrong.
async fn again(
    surveys: &Surveys,
    member: &Member,
    survey: &str,
    faults: Faults,
) -> Result<Response> {
    let mut page = page(surveys, member, (survey, 0)).await?;
    page.faults = faults;
    Ok(Again(page).into_response())
}

fn there(survey: &str) -> String {
    format!("/surveys/{survey}/invitations")
}

/// A list of people with addresses.
pub(super) async fn list(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    mut form: Multipart,
) -> Result<Response> {
    let history = reading::history(&surveys.site, member.workspace, &survey).await?;
    let broken = |_| web::Error::Invalid("the list did not arrive whole; send it again".to_owned());
    let mut text = String::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let is_file = field.name() == Some("file");
        let bytes = field.bytes().await.map_err(broken)?;
        if is_file {
            text = String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    let Some(said) = history.survey() else {
        let faults = Faults::of(
            "file",
            "the survey's text cannot be read; put it right first",
        );
        return again(&surveys, &member, &survey, faults).await;
    };
    let known: Vec<_> = said.entries.into_iter().map(|entry| entry.name).collect();
    let author = Author::of(&member.viewer);
    let listed = match read_addresses(&text, &known, &said.langs) {
        Ok(list) => actions::invite_by_mail(&surveys.site, &author, &survey, list).await,
        Err(words) => Err(Error::Refused(words)),
    };
    match listed {
        Ok(listed) => {
            let mut words = format!("New people in the list: {}", listed.new);
            if listed.known > 0 {
                words = format!("{words}; left out because they are in it: {}", listed.known);
            }
            Ok(Done::to(there(&survey)).saying(words).into_response())
        }
        Err(error) => {
            again(
                &surveys,
                &member,
                &survey,
                Faults::of("file", fault(error)?),
            )
            .await
        }
    }
}

/// Confirms a round, at once or for a day.
pub(super) async fn confirm(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Origin(origin): Origin,
    fields: Fields,
) -> Result<Response> {
    let history = reading::history(&surveys.site, member.workspace, &survey).await?;
    let field = |name: &str| fields.get(name).unwrap_or_default().trim().to_owned();
    let day = field("day");
    let Some(kind) = Kind::named(&field("kind")) else {
        let faults = Faults::of("invitation", "choose invitations or reminders");
        return again(&surveys, &member, &survey, faults).await;
    };
    let due = morning(&day);
    if due.is_none() && !day.is_empty() {
        let faults = Faults::of("day", "write a day such as 2026-12-01, or none");
        return again(&surveys, &member, &survey, faults).await;
    }
    let wanted = actions::WantedRound {
        kind,
        due,
        seen: field("seen").parse().unwrap_or_default(),
        origin,
        lang: { history.survey() }.map_or_else(String::new, |survey| survey.lang().to_owned()),
    };
    let author = Author::of(&member.viewer);
    match actions::confirm_round(&surveys.site, &author, &survey, wanted).await {
        Ok(()) => Ok(Done::to(there(&survey))
            .saying(match due {
                None => "The letters are on their way",
                Some(_) => "The letters leave on their day",
            })
            .into_response()),
        Err(error) => {
            let name = if due.is_some() { "day" } else { kind.name() };
            let mut page = page(&surveys, &member, (&survey, 0)).await?;
            page.faults = Faults::of(name, fault(error)?);
            page.day = day;
            Ok(Again(page).into_response())
        }
    }
}

/// The morning of a day, in UTC.
fn morning(day: &str) -> Option<Time> {
    let day: jiff::civil::Date = day.parse().ok()?;
    let at = day.at(MORNING, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
    Some(Time(at.ok()?.timestamp().as_millisecond()))
}

pub(super) async fn stop(
    State(surveys): State<Surveys>,
    member: Member,
    Path((survey, round)): Path<(String, String)>,
) -> Result<Done> {
    let round = RoundId::parse(&round).ok_or(web::Error::NotFound)?;
    let author = Author::of(&member.viewer);
    actions::stop_round(&surveys.site, &author, &survey, round).await?;
    Ok(Done::to(there(&survey)).saying("What waited of this round does not leave"))
}

/// Fresh links of all who have not ended, for whoever writes to them by other means.
pub(super) async fn links(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Origin(origin): Origin,
) -> Result<Response> {
    let author = Author::of(&member.viewer);
    let taken = match actions::take_links(&surveys.site, &author, &survey).await {
        Ok(taken) => taken,
        Err(error) => {
            let faults = Faults::of("links", fault(error)?);
            return again(&surveys, &member, &survey, faults).await;
        }
    };
    let mut out = Vec::new();
    Csv::default().heading(["name", "email", "link"], &mut out);
    for [name, address, path] in &taken {
        let link = format!("{origin}{path}");
        let cells = [Cell::Text(name), Cell::Text(address), Cell::Text(&link)];
        Csv::default().row(cells, &mut out);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{survey}-invited.csv\""),
        ),
    ];
    Ok((headers, out).into_response())
}
