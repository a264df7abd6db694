//! The alerts of a workspace, or of the whole server.

use askama::Template;
use axum::extract::{RawQuery, State as Given};

use crate::alerts::model::{Kept, Severity, State};
use crate::alerts::rules::ALL;
use crate::alerts::sql::{self, Wanted};
use crate::site::Site;
use crate::web::{Fields, Page, Result, Shell, UserId, Viewer, WorkspaceId};

/// Alerts on a page.
const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "alerts/inbox.html")]
pub(super) struct InboxPage {
    shell: Shell,
    /// Where this inbox is: `/alerts` or `/alerts/instance`.
    home: &'static str,
    tab: &'static str,
    fields: Fields,
    /// How many fields of the filter say something.
    count: usize,
    alerts: Vec<Kept>,
    carers: Vec<(UserId, String)>,
    summary: String,
    previous: String,
    next: String,
    /// What rules look for.
    rules: Vec<&'static str>,
}

impl InboxPage {
    fn value(&self, field: &str) -> &str {
        self.fields.get(field).unwrap_or_default()
    }
}

pub(super) async fn workspace(
    Given(site): Given<Site>,
    viewer: Viewer,
    RawQuery(asked): RawQuery,
) -> Result<Page<InboxPage>> {
    let of = Some(viewer.person.workspace);
    list(&site, &viewer, of, asked).await
}

pub(super) async fn instance(
    Given(site): Given<Site>,
    viewer: Viewer,
    RawQuery(asked): RawQuery,
) -> Result<Page<InboxPage>> {
    list(&site, &viewer, None, asked).await
}

fn wanted(fields: &Fields, of: Option<WorkspaceId>) -> Wanted {
    let word = |name: &str| fields.get(name).map(str::trim).unwrap_or_default();
    Wanted {
        workspace: of,
        state: State::named(word("state")),
        any_state: word("state") == "all",
        severity: Severity::named(word("severity")),
        words: word("words").chars().take(200).collect(),
        assignee: UserId::parse(word("assignee")),
        skip: word("from").parse().unwrap_or_default(),
    }
}

async fn list(
    site: &Site,
    viewer: &Viewer,
    of: Option<WorkspaceId>,
    asked: Option<String>,
) -> Result<Page<InboxPage>> {
    let fields = asked.map(|asked| Fields::parse(&asked)).unwrap_or_default();
    let wanted = wanted(&fields, of);
    let skip = wanted.skip;
    let (mut alerts, carers) = site
        .system
        .read(move |conn| {
            let alerts = sql::list(conn, &wanted, LINES + 1)?;
            Ok::<_, crate::store::Error>((alerts, sql::carers(conn, of)?))
        })
        .await?;
    let shown = usize::try_from(LINES).unwrap_or(usize::MAX);
    let has_more = alerts.len() > shown;
    alerts.truncate(shown);
    let (home, tab) = match of {
        Some(_) => ("/alerts", "workspace"),
        None => ("/alerts/instance", "instance"),
    };
    let at = |from: u32| {
        let fields = fields.with("from", Some(&from.to_string()));
        format!("{home}?{}", fields.query())
    };
    let last = usize::try_from(skip).unwrap_or_default() + alerts.len();
    let filters = ["state", "severity", "words", "assignee"];
    let says = |name: &&str| fields.get(name).is_some_and(|said| !said.trim().is_empty());
    let count = filters.iter().filter(|name| says(name)).count();
    let previous = skip > 0;
    Ok(Page(InboxPage {
        shell: Shell::of(viewer, tab_section(of)),
        home,
        tab,
        count,
        summary: format!("{} to {last}", skip.saturating_add(1)),
        previous: if previous {
            at(skip.saturating_sub(LINES))
        } else {
            String::new()
        },
        next: if has_more {
            at(skip.saturating_add(LINES))
        } else {
            String::new()
        },
        alerts,
        carers,
        rules: ALL.iter().map(|rule| rule.title()).collect(),
        fields,
    }))
}

/// The entry of the rail that is lit.
pub(super) fn tab_section(of: Option<WorkspaceId>) -> &'static str {
    match of {
        Some(_) => "alerts-workspace",
        None => "alerts",
    }
}
