//! What pages noted while they were open, for programs: in the order it came.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::api::{asked, by_builder, lines};
use super::{Author, actions, reading};
use crate::surveys::live::{Since, events_since, line};
use crate::surveys::running::Surveys;
use crate::web::Result;
use crate::workspaces::Member;

/// Events of one answer, unless it is asked for fewer.
pub(super) const MOST: u32 = 5_000;

pub(super) async fn events(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    by_builder(&surveys, &member).await?;
    let (after, most) = asked(query, cursor, MOST)?;
    let site = &surveys.site;
    reading::project(site, member.workspace, &survey).await?;
    let since = Since {
        after,
        most,
        is_test: false,
    };
    let found = reading::look(site, (member.workspace, &survey), move |conn| {
        Ok(events_since(conn, since)?)
    });
    let found = found.await?;
    let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
    let author = Author::of(&member.viewer);
    actions::read(site, &author, &survey, actions::Took::Events(count)).await?;
    let last = found.last().map_or(after, |last| last.id);
    let body: String = found.iter().map(line).collect();
    Ok(lines(body.into_bytes(), last.to_string(), count == most))
}

/// The number of the last event a program has.
fn cursor(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_a_number_and_nothing_else() {
        assert_eq!(cursor(""), Some(0));
        assert_eq!(cursor("0"), Some(0));
        assert_eq!(cursor("4711"), Some(4711));
        for wrong in ["-1", "+1", "1-2", "x", " 1", "99999999999999999999"] {
            assert_eq!(cursor(wrong), None, "{wrong}");
        }
    }
}
