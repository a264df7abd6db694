//! The board of people invited by mail: how it stands with them, and what can be sent.

use askama::Template;
use axum::extract::{Path, RawQuery, State};

use super::{Head, reading};
use crate::base::text;
use crate::mail::{self, Facts};
use crate::surveys::format::Survey;
use crate::surveys::keeping::Of;
use crate::surveys::letters::sql::{self, Board, Person, Tally};
use crate::surveys::letters::{Kind, Round, RoundId, Settings};
use crate::surveys::projects::model::State as Standing;
use crate::surveys::running::Surveys;
use crate::web::{Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

/// People on a page.
const LINES: u32 = 50;
/// Rounds that are shown.
const ROUNDS: u32 = 20;

#[derive(Template)]
#[template(path = "surveys/invitations.html")]
pub(super) struct Invitations {
    shell: Shell,
    tab: &'static str,
    head: Head,
    mail: Option<Facts>,
    is_anonymous: bool,
    /// Entry variables, with commas between.
    entries: String,
    langs: String,
    board: Board,
    /// Letters that were refused, and those that were given up.
    failed: (u64, u64),
    people: Vec<Person>,
    summary: String,
    previous: String,
    next: String,
    rounds: Vec<(Round, Tally)>,
    ready: [Ready; 2],
    settings: Settings,
    pub(super) day: String,
    pub(super) faults: Faults,
}

/// A round that could be confirmed.
struct Ready {
    kind: Kind,
    people: u64,
    /// Why it cannot be just now; empty: it can.
    why_not: &'static str,
}

impl Invitations {
    /// How long a round of so many takes, for people.
    fn takes(&self, people: u64) -> String {
        let per_hour = { self.mail.as_ref() }.map_or(1, |facts| facts.per_hour.max(1));
        let minutes = (people * 60).div_ceil(u64::from(per_hour));
        match minutes {
            0..120 => format!("{minutes} minutes"),
            _ => format!("{} hours", minutes.div_ceil(60)),
        }
    }

    /// What the question before a round says.
    fn asks(&self, ready: &Ready) -> String {
        let per_hour = self.mail.as_ref().map_or(0, |facts| facts.per_hour);
        format!(
            "As things stand now {} people are written to. The server for mail may send {} letters in an hour: that takes about {}. What left cannot be taken back.",
            text::thousands(ready.people),
            text::thousands(per_hour),
            self.takes(ready.people)
        )
    }
}

/// How it stands with one person, and the badge of that.
fn stands(one: &Person) -> (&'static str, &'static str) {
    match (one.outcome.as_deref(), one.has_come) {
        (Some("complete"), _) => ("completed", " good"),
        (Some(_), _) => ("ended otherwise", ""),
        (None, true) => ("opened the survey", " info"),
        (None, false) if one.is_stopped => ("wants no letters", " warn"),
        (None, false) if one.is_waiting => ("letter waits", " info"),
        (None, false) if !one.fault.is_empty() && one.sent == 0 => ("not reached", " bad"),
        (None, false) if one.sent > 0 => ("written to", ""),
        (None, false) => ("not written to yet", ""),
    }
}

fn of(member: &Member, survey: &str) -> Of {
    Of {
        workspace: member.workspace,
        survey: survey.to_owned(),
    }
}

/// What the file of the answers says.
#[derive(Default)]
struct Looked {
    board: Board,
    failed: (u64, u64),
    people: Vec<Person>,
    tallies: Vec<Tally>,
    eligible: [u64; 2],
}

async fn looked(
    surveys: &Surveys,
    place: &Of,
    (rounds, settings): (&[Round], &Settings),
    (is_anonymous, skip): (bool, u32),
) -> Result<Looked> {
    let ids: Vec<RoundId> = rounds.iter().map(|round| round.id).collect();
    let (rules, now) = (settings.rules, surveys.site.clock.now());
    let of = (place.workspace, &*place.survey);
    let found = reading::look(&surveys.site, of, move |conn| {
        let whom = |kind| sql::Eligible { kind, rules, now };
        Ok(Looked {
            board: sql::board(conn)?,
            failed: sql::faults(conn)?,
            // Of an anonymous survey nobody sees how it stands with one person.
            people: if is_anonymous {
                Vec::new()
            } else {
                sql::people(conn, (LINES + 1, skip))?
            },
            tallies: sql::tallies(conn, &ids)?,
            eligible: [
                sql::eligible(conn, whom(Kind::Invitation))?,
                sql::eligible(conn, whom(Kind::Reminder))?,
            ],
        })
    });
    Ok(found.await?)
}

pub(super) async fn page(
    surveys: &Surveys,
    member: &Member,
    (survey, skip): (&str, u32),
) -> Result<Invitations> {
    let site = &surveys.site;
    let history = reading::history(site, member.workspace, survey).await?;
    let place = of(member, survey);
    let read = {
        let place = place.clone();
        move |conn: &crate::store::Connection| {
            Ok::<_, crate::store::Error>((
                sql::settings(conn, &place)?.unwrap_or_default(),
                sql::rounds(conn, &place, ROUNDS)?,
            ))
        }
    };
    let (settings, rounds) = site.system.read(read).await?;
    let said = history.survey();
    let is_anonymous = said.as_ref().is_some_and(|survey| survey.is_anonymous);
    let mut looked = match history.project.version {
        Some(_) => looked(surveys, &place, (&rounds, &settings), (is_anonymous, skip)).await?,
        None => Looked::default(),
    };
    let [summary, previous, next] = paged(survey, skip, &mut looked.people);
    let mail = mail::facts(site).await?;
    let stage = Stage {
        is_on: mail.is_some(),
        is_live: history.project.state == Standing::Live,
        settings: &settings,
        rounds: &rounds,
        lang: said.as_ref().map_or("en", Survey::lang),
    };
    let [invited, reminded] = looked.eligible;
    Ok(Invitations {
        shell: Shell::of(&member.viewer, "surveys"),
        tab: "invitations",
        head: Head::of(&history.project),
        ready: [
            stage.ready(Kind::Invitation, invited),
            stage.ready(Kind::Reminder, reminded),
        ],
        mail,
        is_anonymous,
        entries: said.as_ref().map(entries).unwrap_or_default(),
        langs: said
            .map(|survey| survey.langs.join(", "))
            .unwrap_or_default(),
        board: looked.board,
        failed: looked.failed,
        summary,
        previous,
        next,
        people: looked.people,
        rounds: rounds.into_iter().zip(looked.tallies).collect(),
        settings,
        day: String::new(),
        faults: Faults::default(),
    })
}

/// Cuts off whom the next page shows. Gives what stands below: from where to where, and the
/// addresses of the pages before and after.
fn paged(survey: &str, skip: u32, people: &mut Vec<Person>) -> [String; 3] {
    let shown = usize::try_from(LINES).unwrap_or(usize::MAX);
    let has_more = people.len() > shown;
    people.truncate(shown);
    let at = |from: u32| format!("/surveys/{survey}/invitations?from={from}");
    let (mut previous, mut next) = (String::new(), String::new());
    if skip > 0 {
        previous = at(skip.saturating_sub(LINES));
    }
    if has_more {
        next = at(skip + LINES);
    }
    let last = u64::from(skip) + people.len() as u64;
    [format!("{} to {last}", skip + 1), previous, next]
}

fn entries(survey: &Survey) -> String {
    let values = survey.entries.iter().filter(|entry| !entry.is_return);
    let names = values.map(|entry| entry.name.clone());
    names.collect::<Vec<_>>().join(", ")
}

/// What decides whether a round can be confirmed.
struct Stage<'a> {
    is_on: bool,
    is_live: bool,
    settings: &'a Settings,
    rounds: &'a [Round],
    lang: &'a str,
}

impl Stage<'_> {
    fn ready(&self, kind: Kind, people: u64) -> Ready {
        let is_written = { self.settings.of(kind).get(self.lang) }
            .is_some_and(|wording| !wording.text.is_empty());
        let is_on_its_way =
            { self.rounds.iter() }.any(|round| round.kind == kind && round.state.is_open());
        let why_not = match kind {
            _ if !self.is_on => "No server for mail is set up.",
            _ if !self.is_live => "The survey is not open: publish it, or open it again.",
            _ if !is_written => "Write it first, under Letters.",
            _ if is_on_its_way => "A round is on its way, or waits for its day.",
            Kind::Invitation if people == 0 => "Nobody waits for one: everybody was written to.",
            _ => "",
        };
        Ready {
            kind,
            people,
            why_not,
        }
    }
}

pub(super) async fn show(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<Invitations>> {
    let fields = query.map(|query| Fields::parse(&query)).unwrap_or_default();
    let skip = fields.get("from").and_then(|from| from.parse().ok());
    let skip: u32 = skip.unwrap_or_default();
    Ok(Page(
        page(&surveys, &member, (&survey, skip.min(1_000_000))).await?,
    ))
}
