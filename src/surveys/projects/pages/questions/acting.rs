//! What is done to the list of questions: moved, copied, taken out, added, undone.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::super::{Author, Error, actions, fault, reading};
use super::{outline, seen};
use crate::surveys::assets::library;
use crate::surveys::blocks::named;
use crate::surveys::editing::{self, Outline, Part, Unfit, Way};
use crate::surveys::format::is_name;
use crate::surveys::projects::actions::Draft;
use crate::surveys::projects::actions::Way as Step;
use crate::surveys::running::Surveys;
use crate::web::{Again, Done, Fields, Result};
use crate::workspaces::Member;

/// What was done: the text after it, a word for it, and where one looks next.
struct Acted {
    text: String,
    what: String,
    /// Below the survey's address.
    then: String,
}

pub(super) async fn act(
    State(surveys): State<Surveys>,
    member: Member,
    Path(survey): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let asked = Fields::default();
    match done(&surveys, &member, &survey, &fields).await {
        Ok(done) => Ok(done.into_response()),
        Err(error) => {
            let words = fault(error)?;
            let page = outline::shown(&surveys, &member, &survey, &asked).await?;
            Ok(Again(page.saying(words)).into_response())
        }
    }
}

async fn done(
    surveys: &Surveys,
    member: &Member,
    survey: &str,
    fields: &Fields,
) -> std::result::Result<Done, Error> {
    let project = reading::project(&surveys.site, member.workspace, survey).await?;
    let seen = seen(fields).map_err(|error| Error::Refused(error.to_string()))?;
    if project.draft_at != seen {
        return Err(Error::Stale(project.draft_by));
    }
    let author = Author::of(&member.viewer);
    let act = fields.get("do").unwrap_or_default();
    if let Some(way) = [("undo", Step::Undo), ("redo", Step::Redo)]
        .iter()
        .find(|(word, _)| *word == act)
    {
        let what = actions::step(&surveys.site, &author, survey, (way.1, seen)).await?;
        let said = if way.1 == Step::Undo {
            "Undone"
        } else {
            "Done again"
        };
        let then = format!("/surveys/{survey}/questions?at={act}++");
        return Ok(Done::to(then).saying(format!("{said}: {what}")));
    }
    let library = library(&surveys.site, (member.workspace, survey)).await?;
    let pictures: Vec<String> = library.names().map(str::to_owned).collect();
    let acted = acted(&project.text, act, fields, &pictures)?;
    let draft = Draft {
        text: acted.text,
        seen,
        what: acted.what.clone(),
    };
    actions::save(&surveys.site, &author, survey, draft).await?;
    let then = format!("/surveys/{survey}/{}", acted.then);
    Ok(Done::to(then).saying(format!("Done: {}", acted.what)))
}

/// `up question age`, `remove page first`, `add`.
fn acted(
    text: &str,
    act: &str,
    fields: &Fields,
    pictures: &[String],
) -> std::result::Result<Acted, Unfit> {
    let mut words = act.splitn(3, ' ');
    let (verb, kind, id) = (words.next(), words.next(), words.next());
    let id = id.unwrap_or_default();
    // What goes into an address is a name.
    if !id.is_empty() && !is_name(id) {
        return Err(Unfit::Missing(id.to_owned()));
    }
    match (verb.unwrap_or_default(), kind.unwrap_or_default()) {
        ("add", "question") => added(text, (id, fields), pictures),
        ("add", "page") => {
            let (text, new) = editing::add_page(text, None)?;
            Ok(Acted {
                text,
                what: format!("add the page {new}"),
                then: format!("questions?page={new}#p-{new}"),
            })
        }
        ("add", "quota") => {
            let (text, new) = editing::add_quota(text)?;
            Ok(Acted {
                text,
                what: format!("add the quota {new}"),
                then: format!("quotas/{new}"),
            })
        }
        ("add", "list") => {
            let (text, new) = editing::add_list(text, &Outline::of(text)?.langs)?;
            Ok(Acted {
                text,
                what: format!("add the list {new}"),
                then: format!("lists/{new}"),
            })
        }
        (verb, "question") => question(text, verb, id),
        (verb, "page") => page(text, verb, id),
        ("remove", "quota") => gone(text, &Part::Quota(id.to_owned()), id),
        ("remove", "list") => gone(text, &Part::List(id.to_owned()), id),
        ("remove", "exit") => gone(text, &Part::Exit(id.to_owned()), id),
        _ => Err(Unfit::Missing(act.to_owned())),
    }
}

fn gone(text: &str, part: &Part, id: &str) -> std::result::Result<Acted, Unfit> {
    Ok(Acted {
        text: editing::remove(text, part)?,
        what: format!("remove {id}"),
        then: "questions".to_owned(),
    })
}

/// A new question at the end of a page, ready to be worded.
fn added(
    text: &str,
    (id, fields): (&str, &Fields),
    pictures: &[String],
) -> std::result::Result<Acted, Unfit> {
    let outline = Outline::of(text)?;
    let kind = fields.get("kind").unwrap_or_default();
    let wrong = || {
        Unfit::Field(
            "kind".to_owned(),
            "choose a kind of question from the list".to_owned(),
        )
    };
    let kind = named(kind).ok_or_else(wrong)?;
    let Part::Page(at) = Part::page(text, id)? else {
        return Err(Unfit::Missing(id.to_owned()));
    };
    let on = outline.pages[at].questions.len().checked_sub(1);
    let names = (pictures, outline.langs.as_slice());
    let (text, new) = editing::add_question(text, (at, on), kind, names)?;
    Ok(Acted {
        text,
        what: format!("add the question {new}"),
        then: format!("questions/{new}"),
    })
}

fn question(text: &str, verb: &str, id: &str) -> std::result::Result<Acted, Unfit> {
    let Part::Ask(at, on) = Part::question(text, id)? else {
        return Err(Unfit::Missing(id.to_owned()));
    };
    let (text, then) = match verb {
        "up" | "down" => {
            let way = if verb == "up" { Way::Up } else { Way::Down };
            (editing::move_question(text, (at, on), way)?, id.to_owned())
        }
        "copy" => editing::copy_question(text, (at, on))?,
        "remove" => (editing::remove(text, &Part::Ask(at, on))?, String::new()),
        _ => return Err(Unfit::Missing(verb.to_owned())),
    };
    // Where one page is open at a time, the one with the question is.
    let outline = Outline::of(&text)?;
    let holds = |page: &&editing::Paged| page.questions.iter().any(|asked| asked.id == then);
    let page = outline.pages.iter().find(holds).or(outline.pages.get(at));
    let page = page.map(|page| page.id.clone()).filter(|id| is_name(id));
    let page = page.unwrap_or_default();
    // With a place in its address a page gives the focus to none of its buttons.
    let place = match verb {
        "up" | "down" => String::new(),
        _ if then.is_empty() => format!("#p-{page}"),
        _ => format!("#q-{then}"),
    };
    Ok(Acted {
        what: word(verb, "question", id),
        then: format!("questions?at={verb}+question+{id}&page={page}{place}"),
        text,
    })
}

fn page(text: &str, verb: &str, id: &str) -> std::result::Result<Acted, Unfit> {
    let part = Part::page(text, id)?;
    let Part::Page(at) = part else {
        return Err(Unfit::Missing(id.to_owned()));
    };
    let new = match verb {
        "up" => editing::move_page(text, at, Way::Up)?,
        "down" => editing::move_page(text, at, Way::Down)?,
        "remove" => editing::remove(text, &part)?,
        _ => return Err(Unfit::Missing(verb.to_owned())),
    };
    Ok(Acted {
        text: new,
        what: word(verb, "page", id),
        then: format!("questions?at={verb}+page+{id}&page={id}"),
    })
}

/// `move the question age up`.
fn word(verb: &str, kind: &str, id: &str) -> String {
    match verb {
        "up" | "down" => format!("move the {kind} {id} {verb}"),
        verb => format!("{verb} the {kind} {id}"),
    }
}
