//! The letters that wait, those that did not leave, and those that did.

use askama::Template;
use axum::extract::{Path, RawQuery, State as Given};

use crate::mail::model::{LetterId, Queued, State};
use crate::mail::{actions, sql};
use crate::site::Site;
use crate::web::{Done, Error, Fields, Page, Result, Shell, Viewer};

/// Letters on a page.
const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "mail/queue.html")]
pub(super) struct QueuePage {
    shell: Shell,
    is_on: bool,
    fault: Option<String>,
    letters: Vec<Queued>,
    /// State, how many are in it, and whether it is the one that is shown.
    states: Vec<(State, i64, bool)>,
    is_all: bool,
    summary: String,
    previous: String,
    next: String,
}

pub(super) async fn list(
    Given(site): Given<Site>,
    viewer: Viewer,
    RawQuery(asked): RawQuery,
) -> Result<Page<QueuePage>> {
    let fields = asked.map(|asked| Fields::parse(&asked)).unwrap_or_default();
    let state = fields.get("state").and_then(State::named);
    let skip = fields.get("from").and_then(|from| from.parse().ok());
    let skip: u32 = skip.unwrap_or_default();
    let (mut letters, counts, kept) = site
        .system
        .read(move |conn| {
            let letters = sql::letters(conn, state, (LINES + 1, skip))?;
            Ok::<_, crate::store::Error>((letters, sql::counts(conn)?, sql::server(conn)?))
        })
        .await?;
    let shown = usize::try_from(LINES).unwrap_or(usize::MAX);
    let has_more = letters.len() > shown;
    letters.truncate(shown);
    let at = |from: u32| {
        let name = state.map(State::name);
        let fields = Fields::default().with("state", name);
        let fields = fields.with("from", Some(&from.to_string()));
        format!("/mail?{}", fields.query())
    };
    let (mut previous, mut next) = (String::new(), String::new());
    if skip > 0 {
        previous = at(skip.saturating_sub(LINES));
    }
    if has_more {
        next = at(skip.saturating_add(LINES));
    }
    let last = usize::try_from(skip).unwrap_or_default() + letters.len();
    let count = |state: State| counts.iter().find(|(known, _)| *known == state);
    let states = State::ALL.map(|one| {
        let count = count(one).map_or(0, |(_, count)| *count);
        (one, count, state == Some(one))
    });
    Ok(Page(QueuePage {
        shell: Shell::of(&viewer, "alerts"),
        is_on: kept.is_some(),
        fault: kept.and_then(|kept| kept.fault),
        summary: format!("{} to {last}", skip.saturating_add(1)),
        previous,
        next,
        letters,
        states: states.to_vec(),
        is_all: state.is_none(),
    }))
}

fn letter(id: &str) -> Result<LetterId> {
    LetterId::parse(id).ok_or(Error::NotFound)
}

pub(super) async fn resend(
    Given(site): Given<Site>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let address = actions::resend(&site, &viewer, letter(&id)?).await?;
    Ok(Done::to("/mail").saying(format!("The letter to {address} is tried again")))
}

pub(super) async fn discard(
    Given(site): Given<Site>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let address = actions::discard(&site, &viewer, letter(&id)?).await?;
    Ok(Done::to("/mail").saying(format!("The letter to {address} is thrown away")))
}
