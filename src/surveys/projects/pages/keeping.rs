//! Keeping and forgetting: what happens to the answers when, who is erased, what
//! is on hold.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};

use super::{Head, reading};
use crate::base::Time;
use crate::surveys::format::Outcome;
use crate::surveys::keeping::{self, Done, Found, Match, Of, Plan, Way};
use crate::surveys::map::outcome_words;
use crate::surveys::running::Surveys;
use crate::web::{self, Again, Done as Onward, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "surveys/keeping.html")]
pub(super) struct Keeping {
    shell: Shell,
    tab: &'static str,
    head: Head,
    plan: Plan,
    now: Time,
    /// Who was looked for and found.
    found: Option<Found>,
    /// What was typed.
    known: String,
    reason: String,
    faults: Faults,
}

impl Keeping {
    /// What the rule did, for people.
    fn done(&self) -> &'static str {
        match self.plan.standing.done {
            Done::Nothing => "",
            Done::Deleting => "The answers are being deleted",
            Done::Deleted => "The answers were deleted by the rule",
            Done::Anonymising => "The answers are being made anonymous",
            Done::Anonymised => "The answers were made anonymous by the rule",
        }
    }

    fn is_nobody(&self) -> bool {
        self.found
            .as_ref()
            .is_some_and(|found| found.respondents.is_empty() && found.links.is_empty())
    }
}

/// How it ended for somebody.
fn ended(one: &Match) -> &'static str {
    let outcome = one.outcome.as_deref().and_then(Outcome::named);
    outcome_words(outcome)
}

fn of(member: &Member, survey: &str) -> Of {
    Of {
        workspace: member.workspace,
        survey: survey.to_owned(),
    }
}

async fn shown(surveys: &Surveys, member: &Member, survey: &str) -> Result<Keeping> {
    let site = &surveys.site;
    let project = reading::project(site, member.workspace, survey).await?;
    Ok(Keeping {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "keeping",
        head: Head::of(&project),
        plan: keeping::plan(site, &of(member, survey)).await?,
        now: site.clock.now(),
        found: None,
        known: String::new(),
        reason: String::new(),
        faults: Faults::default(),
    })
}

pub(super) async fn page(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<Keeping>> {
    let page = shown(&surveys, &member, &survey).await?;
    let fields = query.map(|query| Fields::parse(&query)).unwrap_or_default();
    // From the page of one response: a number says nothing about a person.
    let number = fields
        .get("respondent")
        .and_then(|number| number.parse().ok());
    let found = match number {
        Some(number) => {
            let way = Way::Number(number);
            Some(keeping::find(&surveys.site, &of(&member, &survey), way).await?)
        }
        None => None,
    };
    Ok(Page(Keeping { found, ..page }))
}

/// What is known of somebody comes in a form: it stands in no address and no log.
pub(super) async fn find(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let page = shown(&surveys, &member, &survey).await?;
    let known = fields.get("known").unwrap_or_default().to_owned();
    let Some(way) = Way::of_person(&known) else {
        let faults = Faults::of(
            "known",
            "write the address of their answers, their panel id, or their e-mail address",
        );
        return Ok(Again(Keeping { faults, ..page }).into_response());
    };
    let found = keeping::find(&surveys.site, &of(&member, &survey), way).await?;
    Ok(Page(Keeping {
        found: Some(found),
        known,
        ..page
    })
    .into_response())
}

pub(super) async fn erase(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let ids: Vec<i64> = { fields.all("respondent") }
        .filter_map(|number| number.parse().ok())
        .collect();
    let links: Vec<String> = fields.all("link").map(str::to_owned).collect();
    if ids.is_empty() && links.is_empty() {
        let page = shown(&surveys, &member, &survey).await?;
        let faults = Faults::of("known", "nobody was chosen: look for them again");
        return Ok(Again(Keeping { faults, ..page }).into_response());
    }
    let (site, actor) = (&surveys.site, member.viewer.actor());
    let of = of(&member, &survey);
    let gone = keeping::erase(site, &actor, &of, (&ids, &links), "by a researcher").await;
    let words = match gone {
        Ok((1, _)) => "One respondent is erased".to_owned(),
        Ok((0, links)) => format!("Links that were erased: {links}"),
        Ok((respondents, _)) => format!("{respondents} respondents are erased"),
        Err(keeping::Error::Missing) => {
            return Err(web::Error::Conflict(
                "they were erased already; look for them again".to_owned(),
            ));
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Onward::to(format!("/surveys/{survey}/keeping"))
        .saying(words)
        .into_response())
}

pub(super) async fn hold(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let reason = fields.get("reason").unwrap_or_default().to_owned();
    let (actor, place) = (member.viewer.actor(), of(&member, &survey));
    match keeping::hold(&surveys.site, &actor, &place, &reason).await {
        Ok(()) => Ok(Onward::to(format!("/surveys/{survey}/keeping"))
            .saying("The answers are on hold: no rule deletes them")
            .into_response()),
        Err(keeping::Error::Refused(words)) => {
            let page = shown(&surveys, &member, &survey).await?;
            let faults = Faults::of("reason", words);
            Ok(Again(Keeping {
                reason,
                faults,
                ..page
            })
            .into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn release(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Onward> {
    let (actor, place) = (member.viewer.actor(), of(&member, &survey));
    keeping::release(&surveys.site, &actor, &place).await?;
    Ok(Onward::to(format!("/surveys/{survey}/keeping")).saying("The hold is released"))
}
