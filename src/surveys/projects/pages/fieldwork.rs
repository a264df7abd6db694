//! Fieldwork: how many came, how it ended for them, which quotas are full.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};

use super::{Author, Head, actions, reading};
use crate::base::Time;
use crate::surveys::format::Outcome;
use crate::surveys::map::outcome_words;
use crate::surveys::panels::Reason;
use crate::surveys::projects::sql;
use crate::surveys::running::{Brought, Surveys, enter_preview};
use crate::web::{Done, Origin, Page, Picture, Result, Shell, picture};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "surveys/fieldwork.html")]
pub(super) struct Board {
    shell: Shell,
    tab: &'static str,
    head: Head,
    /// Where respondents go.
    address: String,
    picture: Option<Picture>,
    completes: u64,
    outcomes: Vec<(&'static str, u64)>,
    all: u64,
    quotas: Vec<QuotaLine>,
    turned_away: Vec<Away>,
}

/// Some who were turned away at the door alike.
struct Away {
    /// The supplier, or the link where none is named.
    whence: String,
    reason: &'static str,
    times: u64,
    last: Time,
}

impl Away {
    fn of(away: &sql::TurnedAway, links: &BTreeMap<String, String>) -> Option<Away> {
        let link = links.get(&away.link).cloned();
        let link = link.unwrap_or_else(|| match &*away.link {
            "" => "The open address".to_owned(),
            _ => "A link of one respondent".to_owned(),
        });
        Some(Away {
            whence: match &*away.source {
                "" => link,
                source => format!("{source}: {link}"),
            },
            reason: Reason::named(&away.reason)?.words(),
            times: away.times,
            last: away.last,
        })
    }
}

struct QuotaLine {
    name: String,
    target: u64,
    taken: u64,
    /// Places of people who are on the way.
    held: u64,
}

impl QuotaLine {
    fn is_full(&self) -> bool {
        self.taken >= self.target
    }

    /// Whole percent, for people.
    fn percent(&self) -> u64 {
        (self.taken * 100).checked_div(self.target).unwrap_or(100)
    }
}

pub(super) async fn board(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    Origin(origin): Origin,
) -> Result<Page<Board>> {
    let site = &surveys.site;
    let history = reading::history(site, member.workspace, &survey).await?;
    let now = site.clock.now();
    let counted = reading::look(site, (member.workspace, &survey), move |conn| {
        Ok((
            sql::outcomes(conn)?,
            sql::places(conn, now)?,
            sql::turned_away(conn)?,
        ))
    });
    let (outcomes, places, away) = counted.await?;
    let turned_away = { away.iter() }
        .filter_map(|away| Away::of(away, &history.links))
        .collect();
    let definition = history.survey();
    let lang = definition.as_ref().map_or("en", |survey| survey.lang());
    let quotas = definition.iter().flat_map(|survey| &survey.quotas);
    let quotas = quotas.map(|quota| {
        let (taken, held) = places.get(&quota.id).copied().unwrap_or_default();
        QuotaLine {
            name: match quota.title.text(lang) {
                "" => quota.id.clone(),
                title => title.to_owned(),
            },
            target: quota.target.into(),
            taken,
            held,
        }
    });
    let address = format!("{origin}/s/{}", history.project.slug);
    let count = |wanted| {
        let found = outcomes.iter().find(|(outcome, _)| *outcome == wanted);
        found.map_or(0, |(_, count)| *count)
    };
    let all = Outcome::ALL.into_iter().map(Some).chain([None]);
    Ok(Page(Board {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "fieldwork",
        picture: picture(&address),
        address,
        completes: count(Some(Outcome::Complete)),
        outcomes: all
            .map(|outcome| (outcome_words(outcome), count(outcome)))
            .filter(|(_, count)| *count > 0)
            .collect(),
        all: outcomes.iter().map(|(_, count)| count).sum(),
        quotas: quotas.collect(),
        turned_away,
        head: Head::of(&history.project),
    }))
}

/// Lets the researcher in to try the draft. What they enter is marked as a test
/// and counts for nothing, so it leaves no record.
pub(super) async fn preview(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Done> {
    let project = reading::project(&surveys.site, member.workspace, &survey).await?;
    let of = surveys.at(&project.slug).await?;
    let token = enter_preview(&surveys, &of, (0, Brought::default())).await?;
    Ok(Done::to(format!("/s/{}/r/{token}", project.slug)))
}

pub(super) async fn close(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Done> {
    actions::close(&surveys.site, &Author::of(&member.viewer), &survey).await?;
    Ok(Done::to(format!("/surveys/{survey}"))
        .saying("The survey is closed: nobody new comes in, and who is inside can finish"))
}

pub(super) async fn reopen(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
) -> Result<Done> {
    actions::reopen(&surveys.site, &Author::of(&member.viewer), &survey).await?;
    Ok(Done::to(format!("/surveys/{survey}")).saying("The survey is open again"))
}
