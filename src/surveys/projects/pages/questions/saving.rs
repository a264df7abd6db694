//! What was filled in becomes part of the text, or comes back with what is wrong.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::super::{Author, actions, fault};
use super::part::{Opened, Sent, drawn, found, outcome, there, to};
use super::seen;
use crate::surveys::assets::Assets;
use crate::surveys::editing::{Part, Rows, Typed, Unfit, add_exit, rename_page, rename_question};
use crate::surveys::projects::actions::Draft;
use crate::surveys::projects::model::{Error, Project};
use crate::surveys::running::Surveys;
use crate::web::{Again, Done, Faults, Fields, Result};
use crate::workspaces::Member;

/// Everything that is wrong with what was filled in.
fn faults(opened: &Opened, text: &str, typed: &Typed) -> Faults {
    let mut faults = Faults::default();
    let sheets = [Some(&opened.sheet), opened.turns.as_ref()];
    for sheet in sheets.into_iter().flatten() {
        for (name, why) in sheet.faults(text, typed) {
            faults.add(&name, why);
        }
    }
    for (rows, _, list) in &opened.lots {
        if opened.is_open((rows, list), text) {
            for (name, why) in rows.faults(text, typed) {
                faults.add(&name, why);
            }
        }
    }
    if opened.turns.is_some() {
        let over = ["loop.list", "loop.chosen", "loop.times"];
        let given: Vec<&&str> = { over.iter() }
            .filter(|name| !typed.text(name).trim().is_empty())
            .collect();
        let has_more = ["loop.most", "loop.order"];
        let has_more = has_more
            .iter()
            .any(|name| !typed.text(name).trim().is_empty());
        if given.len() > 1 {
            faults.add(
                given[1],
                "a page goes round with one thing; leave the others empty",
            );
        } else if given.is_empty() && has_more {
            faults.add(
                "loop.list",
                "say what the page goes round with, or leave all of these empty",
            );
        }
    }
    faults
}

/// The text with everything that was filled in.
fn written(opened: &Opened, text: &str, typed: &Typed) -> std::result::Result<String, Unfit> {
    let mut new = text.to_owned();
    let part = &opened.part;
    if let Part::Exit(name) = part
        && !part.is_in(text)
    {
        new = add_exit(&new, name)?;
    }
    new = opened.sheet.write(&new, typed)?;
    if let Some(turns) = &opened.turns {
        new = turns.write(&new, typed)?;
        let over = ["loop.list", "loop.chosen", "loop.times"];
        let is_sent = over.iter().any(|name| typed.get(name).is_some());
        if is_sent && over.iter().all(|name| typed.text(name).trim().is_empty()) {
            new = part.take(&new, "loop")?;
        }
    }
    for (rows, key, list) in &opened.lots {
        if opened.is_open((rows, list), text) {
            new = rows.write(&new, typed)?;
        }
        new = of_list(part, &new, (key, list), typed)?;
    }
    let id = typed.get("id").map(str::trim);
    match (part, id) {
        (Part::Ask(..), Some(id)) => rename_question(&new, part, id),
        (Part::Page(_), Some(id)) => rename_page(&new, part, id),
        _ => Ok(new),
    }
}

/// Answers of its own, or those of a list.
fn of_list(
    part: &Part,
    text: &str,
    (key, list): (&str, &str),
    typed: &Typed,
) -> std::result::Result<String, Unfit> {
    let old = part.word(text, list).unwrap_or_default();
    match typed
        .get(list)
        .filter(|new| *new != old && !list.is_empty())
    {
        None => Ok(text.to_owned()),
        Some("") => part.copy_list(&part.take(text, list)?, &old, key),
        Some(new) => part.put_text(&part.take(text, key)?, list, new),
    }
}

/// `items.up.2`: what a button beside an answer asks for.
fn stepped(opened: &Opened, text: String, then: &str) -> std::result::Result<String, Unfit> {
    let mut words = then.splitn(3, '.');
    let (Some(key), Some(act), Some(at)) = (words.next(), words.next(), words.next()) else {
        return Ok(text);
    };
    let of_key = |lot: &&(Rows, &str, &str)| lot.1 == key;
    match (opened.lots.iter().find(of_key), at.parse()) {
        (Some((rows, _, _)), Ok(at)) => rows.step(&text, act, at),
        _ => Ok(text),
    }
}

async fn save(
    surveys: &Surveys,
    member: &Member,
    (project, part, library): (Project, Part, Assets),
    fields: &Fields,
) -> Result<Response> {
    let typed = Typed::of(fields.iter());
    let then = fields.get("then").unwrap_or_default();
    let seen = seen(fields)?;
    let (text, survey) = (project.text.as_str(), project.id.as_str());
    let opened = Opened::of(part, text, &library).map_err(Error::from)?;
    let again = |faults: Faults, fault: String| {
        let sent = Sent {
            typed: Some(typed.clone()),
            faults,
            fault,
        };
        let page = drawn(member, (&project, opened.part.clone(), &library), sent)?;
        Ok(Again(page).into_response())
    };
    if project.draft_at != seen {
        return again(
            Faults::default(),
            Error::Stale(project.draft_by.clone()).to_string(),
        );
    }
    let faults = faults(&opened, text, &typed);
    if !faults.is_empty() {
        return again(faults, String::new());
    }
    let new = written(&opened, text, &typed).and_then(|new| stepped(&opened, new, then));
    let new = match new {
        Ok(new) => new,
        Err(Unfit::Field(name, why)) => return again(Faults::of(&name, why), String::new()),
        Err(other) => return again(Faults::default(), other.to_string()),
    };
    let to = to(&opened.part, &new);
    let draft = Draft {
        what: format!("change {}", to.replace('/', " ")),
        text: new,
        seen,
    };
    let author = Author::of(&member.viewer);
    if let Err(error) = actions::save(&surveys.site, &author, survey, draft).await {
        return again(Faults::default(), fault(error)?);
    }
    let to = if then == "back" {
        "questions".to_owned()
    } else {
        to
    };
    let place = if then.contains('.') { "#answers" } else { "" };
    Ok(Done::to(format!("/surveys/{survey}/{to}{place}"))
        .saying("Draft saved")
        .into_response())
}

/// What a form about a part of the survey sends.
macro_rules! saved {
    ($name:ident, |$text:ident, $id:ident| $part:expr) => {
        pub(super) async fn $name(
            State(surveys): State<Surveys>,
            member: Member,
            Path((survey, $id)): Path<(String, String)>,
            fields: Fields,
        ) -> Result<Response> {
            let found = found(&surveys, &member, &survey, |$text| $part).await?;
            save(&surveys, &member, found, &fields).await
        }
    };
}

saved!(question, |text, id| Part::question(text, &id));
saved!(page, |text, id| Part::page(text, &id));
saved!(list, |text, id| there(Part::List(id), text));
saved!(quota, |text, id| there(Part::Quota(id), text));
saved!(exit, |_text, id| outcome(&id));

pub(super) async fn settings(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let found = found(&surveys, &member, &survey, |_| Ok(Part::Survey)).await?;
    save(&surveys, &member, found, &fields).await
}
