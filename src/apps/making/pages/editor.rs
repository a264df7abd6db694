//! The editor: an app's text, what is wrong with it, and a look at what it makes.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::review::{Noted, noted};
use super::visual::met;
use super::{
    Apps, Author, Difference, Draft, Error, Level, Line, Problem, Read, Told, actions, fault, fits,
    told,
};
use crate::apps::making::actions::Change;
use crate::apps::making::present::Other;
use crate::apps::sharing::MayEdit;
use crate::apps::{format, widgets};
use crate::base::Time;
use crate::web::{self, Again, Done, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/editor.html")]
pub(super) struct Editor {
    shell: Shell,
    /// The tab that is lit.
    tab: &'static str,
    draft: Draft,
    problems: Vec<Told>,
    /// Nothing keeps the preview from being shown.
    is_whole: bool,
    note: Note,
    /// What somebody else saved meanwhile.
    theirs: Option<Theirs>,
    /// The line to begin at, from 1.
    line: usize,
    others: Vec<Other>,
    /// What the rules find in the saved draft.
    findings: Vec<Noted>,
}

struct Theirs {
    by: String,
    at: Time,
    text: String,
    lines: String,
}

#[derive(Template)]
#[template(path = "apps/saved.html")]
struct Saved<'a> {
    app: &'a str,
    note: &'a Note,
}

/// The line under the editor.
struct Note {
    at: Time,
    fault: String,
}

pub(super) async fn open(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<Editor>> {
    let asked = Fields::parse(&query.unwrap_or_default());
    let line = asked.get("line").and_then(|line| line.parse().ok());
    let draft = actions::look(&apps, member.workspace, &app).await?;
    let others = met(&apps, &member, &app, "the text");
    let author = Author::of(&member.viewer);
    let findings = actions::findings(&apps, &author, (&app, &draft.text)).await?;
    Ok(Page(Editor {
        line: line.unwrap_or_default(),
        others,
        findings: noted(findings),
        ..page(&member, draft).await
    }))
}

async fn page(member: &Member, draft: Draft) -> Editor {
    let problems = actions::problems(&member.db, &draft.id, &draft.text).await;
    Editor {
        shell: Shell::of(&member.viewer, "apps"),
        tab: "editor",
        is_whole: problems.iter().all(|problem| problem.level < Level::Error),
        problems: told(&problems),
        note: Note {
            at: draft.at,
            fault: String::new(),
        },
        draft,
        theirs: None,
        line: 0,
        others: Vec::new(),
        findings: Vec::new(),
    }
}

/// Saves the draft: for a script with a line about it, for a form with a page.
pub(super) async fn save(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response> {
    let text = text(&fields)?;
    let seen = fields.get("draft_at").and_then(|at| at.parse().ok());
    let seen = Time(seen.ok_or_else(|| {
        web::Error::Invalid("this page is too old to save from; copy your text and reload".into())
    })?);
    let is_part = headers.contains_key("hx-request");
    let author = Author::of(&member.viewer);
    let change = Change::typed(text.clone(), seen);
    let done = actions::save(&apps, &author, &app, change).await;
    let to = match fields.get("then") {
        Some("publish") => format!("/edit/{app}/publish"),
        _ => format!("/edit/{app}"),
    };
    match done {
        Ok(at) if is_part => {
            let note = Note {
                at,
                fault: String::new(),
            };
            if fields.get("then") == Some("publish") {
                let go = [(HeaderName::from_static("hx-redirect"), to)];
                return Ok((go, "").into_response());
            }
            Ok(Page(Saved {
                app: &app,
                note: &note,
            })
            .into_response())
        }
        Ok(_) => Ok(Done::to(to).saying("Draft saved").into_response()),
        Err(Error::Stale(_)) if is_part && fields.get("then") == Some("compare") => {
            late(&apps, &member, (&app, seen), (text, is_part)).await
        }
        // A script saves on its own: it must not put another page under the fingers.
        Err(error) if is_part => {
            let note = Note {
                at: seen,
                fault: fault(error)?,
            };
            Ok(Again(Saved {
                app: &app,
                note: &note,
            })
            .into_response())
        }
        Err(Error::Stale(_)) => late(&apps, &member, (&app, seen), (text, is_part)).await,
        Err(error) => Err(error.into()),
    }
}

/// Somebody else saved meanwhile: both together are saved where that goes, or both shown.
async fn late(
    apps: &Apps,
    member: &Member,
    (app, seen): (&str, Time),
    (text, is_part): (String, bool),
) -> Result<Response> {
    if let Some(done) = joined(apps, member, (app, seen), &text).await? {
        let go = [(
            HeaderName::from_static("hx-redirect"),
            format!("/edit/{app}"),
        )];
        // What is fetched by a script would follow a redirect itself.
        return Ok(if is_part {
            (go, "").into_response()
        } else {
            done.into_response()
        });
    }
    let page = Again(both(apps, member, app, text).await?);
    if !is_part {
        return Ok(page.into_response());
    }
    Ok((whole(), page).into_response())
}

/// Has a script put the whole page in, and not the part that it asked for.
pub(super) fn whole() -> [(HeaderName, &'static str); 3] {
    let place = [
        ("hx-retarget", "#main"),
        ("hx-reselect", "#main"),
        ("hx-reswap", "outerHTML show:window:top"),
    ];
    place.map(|(name, value)| (HeaderName::from_static(name), value))
}

/// Saves a text together with what somebody else made meanwhile of the draft that both
/// began with, where they did not change the same.
async fn joined(
    apps: &Apps,
    member: &Member,
    (app, seen): (&str, Time),
    text: &str,
) -> Result<Option<Done>> {
    let base = match actions::seen(apps, member.workspace, app, seen).await {
        Ok(base) => base,
        Err(Error::Stale(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Ok(both) = base.joined(text) else {
        return Ok(None);
    };
    let (author, by) = (Author::of(&member.viewer), base.now.by);
    match actions::save(apps, &author, app, Change::typed(both, base.now.at)).await {
        Ok(_) => Ok(Some(Done::to(format!("/edit/{app}")).saying(format!(
            "Draft saved, together with what {by} changed meanwhile"
        )))),
        Err(Error::Stale(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The page with what was typed in the editor and what somebody else saved
/// beside it. Saving again puts the first in place of the second.
pub(super) async fn both(apps: &Apps, member: &Member, app: &str, text: String) -> Result<Editor> {
    let theirs = actions::look(apps, member.workspace, app).await?;
    let difference = Difference::between(&theirs.text, &text);
    let shown = Theirs {
        lines: lines(&difference),
        by: theirs.by.clone(),
        at: theirs.at,
        text: theirs.text.clone(),
    };
    let page = page(member, Draft { text, ..theirs }).await;
    Ok(Editor {
        theirs: Some(shown),
        ..page
    })
}

/// The text of the form, its lines ended as the editor ends them.
pub(super) fn text(fields: &Fields) -> Result<String> {
    let text = fields.get("text").unwrap_or_default().replace("\r\n", "\n");
    fits(&text)?;
    Ok(text)
}

/// A difference as the elements of a `pre`.
pub(super) fn lines(difference: &Difference<'_>) -> String {
    let mut out = String::new();
    for line in &difference.lines {
        let (element, words) = match line {
            Line::Same(words) => ("span", (*words).to_owned()),
            Line::Gone(words) => ("del", (*words).to_owned()),
            Line::New(words) => ("ins", (*words).to_owned()),
            Line::Skipped(1) => ("b", "1 line as it was".to_owned()),
            Line::Skipped(many) => ("b", format!("{many} lines as they were")),
        };
        for part in ["<", element, ">"] {
            out.push_str(part);
        }
        // An empty line is as high as any other.
        if words.is_empty() {
            out.push('\u{a0}');
        }
        for c in words.chars() {
            match c {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                other => out.push(other),
            }
        }
        for part in ["</", element, ">"] {
            out.push_str(part);
        }
    }
    out
}

/// What is wrong with a text, for the editor.
pub(super) async fn check(
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    fields: Fields,
) -> Result<Json<Value>> {
    let text = fields.get("text").unwrap_or_default();
    if let Err(error) = fits(text) {
        let problem =
            json!({ "line": 1, "column": 1, "message": error.to_string(), "level": "error" });
        return Ok(Json(json!([problem])));
    }
    let problems = actions::problems(&member.db, &app, text).await;
    let each = problems.iter().map(|problem: &Problem| {
        let level = if problem.level == Level::Note {
            "warning"
        } else {
            "error"
        };
        json!({
            "line": problem.line,
            "column": problem.column,
            "message": problem.message,
            "level": level,
        })
    });
    Ok(Json(each.collect()))
}

/// The JSON Schema of the format, for other editors.
pub(super) async fn schema() -> Json<Value> {
    Json(format::schema(&widgets::Known))
}

/// The draft as an app, if it loads.
pub(super) fn app_of(draft: &Draft) -> Option<format::App> {
    Read::of(&draft.text).app
}
