//! What is done to pages and widgets: moved, added, copied, taken out, undone.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::super::{Author, Read, actions};
use super::canvas::{self, Look};
use super::changing::{Made, Trouble, change, seen_at};
use super::forming::Inside;
use super::frames::apart;
use super::list;
use super::panel::Sent;
use crate::apps::Apps;
use crate::apps::editing::{self, At, NewWidget, Outline, Unfit, Way};
use crate::apps::format::KeyKind;
use crate::apps::making::actions::Way as Step;
use crate::apps::sharing::MayEdit;
use crate::apps::widgets::{Kind, named};
use crate::web::{Again, Done, Fields, Result};
use crate::workspaces::Member;

pub(super) type Told<T> = std::result::Result<T, Trouble>;

pub(super) async fn act(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let seen = seen_at(&fields)?;
    let asked = fields.get("do").unwrap_or_default();
    let done = match asked {
        "undo" | "redo" => step(&apps, &member, (&app, asked), &fields).await,
        asked => {
            change(&apps, &member, (&app, seen), |text| {
                made(text, asked, &fields)
            })
            .await
        }
    };
    answered(&apps, &member, &app, (&fields, done)).await
}

/// The page that follows, or the same with why nothing was changed.
pub(super) async fn answered(
    apps: &Apps,
    member: &Member,
    app: &str,
    (fields, done): (&Fields, Told<(Made, Option<String>)>),
) -> Result<Response> {
    match done {
        Ok((made, with)) => {
            let with = with.map(|by| format!("; what {by} changed meanwhile is there, too"));
            let said = format!("Done: {}{}", made.what, with.unwrap_or_default());
            let to = format!("/edit/{app}/pages{}", made.then);
            Ok(Done::to(to).saying(said).into_response())
        }
        Err(trouble) => match trouble.words(apps, member, app).await {
            Ok(words) => again(apps, member, app, (fields, words)).await,
            Err(response) => Ok(*response),
        },
    }
}

/// The page that asked, with why nothing was changed.
async fn again(
    apps: &Apps,
    member: &Member,
    app: &str,
    (fields, words): (&Fields, String),
) -> Result<Response> {
    let Some(page) = fields.get("page") else {
        let mut page = list::shown(apps, member, app, &Fields::default()).await?;
        page.fault = words;
        fields
            .get("title")
            .unwrap_or_default()
            .clone_into(&mut page.title);
        return Ok(Again(page).into_response());
    };
    let look = Look {
        page,
        widget: fields.get("open").filter(|open| !open.is_empty()),
        inside: Inside::Itself,
        view: Fields::parse(fields.get("view").unwrap_or_default()),
        sent: Sent {
            fault: words,
            ..Sent::default()
        },
    };
    let page = canvas::shown(apps, member, app, look).await?;
    Ok(Again(page).into_response())
}

async fn step(
    apps: &Apps,
    member: &Member,
    (app, word): (&str, &str),
    fields: &Fields,
) -> Told<(Made, Option<String>)> {
    let seen = seen_at(fields)
        .map_err(|error| Trouble::Error(crate::apps::Error::Refused(error.to_string())))?;
    let way = if word == "undo" {
        Step::Undo
    } else {
        Step::Redo
    };
    let author = Author::of(&member.viewer);
    let what = actions::step(apps, &author, app, (way, seen)).await?;
    let now = actions::look(apps, member.workspace, app).await?;
    let outline = Outline::of(&now.text).ok();
    // What was open may be gone with that.
    let page = fields
        .get("page")
        .filter(|page| outline.as_ref().is_some_and(|all| all.page(page).is_some()));
    let widget = fields.get("open").filter(|open| {
        let page = page.and_then(|page| outline.as_ref()?.page(page));
        page.is_some_and(|page| page.widget(open).is_some())
    });
    let view = fields.get("view").unwrap_or_default();
    let then = match (page, widget) {
        (Some(page), Some(widget)) => {
            format!("/{page}/widgets/{widget}?{}", pressed(view, word, ""))
        }
        (Some(page), None) => format!("/{page}?{}", pressed(view, word, "")),
        _ => format!("?at={word}++"),
    };
    let made = Made {
        what: format!("{word} “{what}”"),
        text: now.text,
        then,
    };
    Ok((made, None))
}

/// The words of the address, with the button that was pressed.
pub(super) fn pressed(view: &str, verb: &str, widget: &str) -> String {
    let view = Fields::parse(view);
    view.with("pressed", Some(&format!("{verb} {widget}")))
        .query()
}

/// `up page first`, `wider widget orders list`, `add page`.
fn made(text: &str, asked: &str, fields: &Fields) -> Told<Made> {
    let words: Vec<&str> = asked.split(' ').collect();
    match words.as_slice() {
        ["add", "page"] => {
            let title = fields.get("title").unwrap_or_default();
            let (text, id) = editing::add_page(text, title)?;
            Ok(Made {
                text,
                what: format!("add the page {id}"),
                then: format!("/{id}"),
            })
        }
        [verb, "page", id] => page(text, verb, id),
        ["add", "widget", page] => added(text, page, fields),
        [verb, "widget", page, id] => widget(text, verb, (page, id), fields),
        _ => Err(Unfit::Missing(asked.to_owned()).into()),
    }
}

fn page(text: &str, verb: &str, id: &str) -> Told<Made> {
    let text = match verb {
        "up" => editing::move_page(text, id, Way::Up)?,
        "down" => editing::move_page(text, id, Way::Down)?,
        "remove" => editing::remove_page(text, id)?,
        _ => return Err(Unfit::Missing(verb.to_owned()).into()),
    };
    let what = match verb {
        "remove" => format!("remove the page {id}"),
        verb => format!("move the page {id} {verb}"),
    };
    Ok(Made {
        text,
        what,
        then: format!("?at={verb}+page+{id}"),
    })
}

fn added(text: &str, page: &str, fields: &Fields) -> Told<Made> {
    let kind = named(fields.get("kind").unwrap_or_default());
    let kind: &dyn Kind = kind.ok_or_else(|| {
        let why = "choose a kind of widget from the gallery".to_owned();
        Unfit::Field("kind".to_owned(), why)
    })?;
    let (schema, begun) = (kind.schema(), kind.begun(page));
    let needs = |wanted: fn(&KeyKind) -> bool| {
        let mut keys = schema.keys.iter().filter(|key| key.required);
        keys.any(|key| wanted(&key.kind))
    };
    let outline = Outline::of(text)?;
    let has = |reads: bool| {
        outline
            .queries
            .iter()
            .filter(move |query| query.reads == reads)
    };
    let query = if needs(|kind| matches!(kind, KeyKind::ReadQuery)) {
        let asked = fields.get("reads");
        has(true)
            .find(|query| Some(query.name.as_str()) == asked)
            .or_else(|| has(true).next())
    } else {
        let asked = fields.get("writes");
        has(false)
            .find(|query| Some(query.name.as_str()) == asked)
            .or_else(|| has(false).next())
    };
    let new = NewWidget {
        kind: schema,
        begun: &begun,
        query: query.map_or("", |query| query.name.as_str()),
        input: fields.get("input").unwrap_or_default(),
        at: at(fields),
    };
    let (text, id) = editing::add_widget(text, page, &new)?;
    Ok(Made {
        text,
        what: format!("add the {} {id}", schema.name),
        then: format!("/{page}/widgets/{id}"),
    })
}

/// The place that was typed or pointed at.
fn at(fields: &Fields) -> Option<At> {
    let number = |name: &str| fields.get(name)?.trim().parse::<u32>().ok();
    Some([number("row")?, number("column")?, number("width")?])
}

fn widget(text: &str, verb: &str, (page, id): (&str, &str), fields: &Fields) -> Told<Made> {
    let view = fields.get("view").unwrap_or_default();
    let open = fields.get("open").unwrap_or_default();
    let (new, open, what) = match verb {
        "copy" => {
            let (text, new) = editing::copy_widget(text, (page, id))?;
            (text, new, format!("copy {id}"))
        }
        "remove" => {
            let open = if open == id { "" } else { open };
            let text = editing::remove_widget(text, (page, id))?;
            (text, open.to_owned(), format!("remove {id}"))
        }
        verb => {
            let to = moved(text, verb, (page, id), fields)?;
            let app = Read::of(text).app;
            let never = |one: &str, other: &str| apart(app.as_ref(), page, one, other);
            let [row, column, width] = editing::inside(to);
            let text = editing::place(text, (page, id), to, &never)?;
            let what = format!("put {id} into row {row}, column {column}, {width} wide");
            (text, open.to_owned(), what)
        }
    };
    let pressed = pressed(view, verb, id);
    let then = if open.is_empty() {
        format!("/{page}?{pressed}")
    } else {
        format!("/{page}/widgets/{open}?{pressed}")
    };
    Ok(Made {
        text: new,
        what,
        then,
    })
}

/// Where a button leads a widget.
fn moved(text: &str, verb: &str, (page, id): (&str, &str), fields: &Fields) -> Told<At> {
    let outline = Outline::of(text)?;
    let missing = || Unfit::Missing(id.to_owned());
    let widget = outline
        .page(page)
        .and_then(|page| page.widget(id))
        .ok_or_else(missing)?;
    let [row, column, width] = widget.at.unwrap_or([1, 1, 12]);
    Ok(match verb {
        "up" => [row.saturating_sub(1), column, width],
        "down" => [row + 1, column, width],
        "left" => [row, column.saturating_sub(1), width],
        "right" if column + width <= 12 => [row, column + 1, width],
        "wider" if column + width > 12 => [row, column.saturating_sub(1), width + 1],
        "wider" => [row, column, width + 1],
        "narrower" => [row, column, width.saturating_sub(1)],
        "right" => [row, column, width],
        "place" => {
            let why =
                "write three numbers: the row, the column from 1 to 12, the width from 1 to 12";
            at(fields).ok_or_else(|| Unfit::Field("row".to_owned(), why.to_owned()))?
        }
        _ => return Err(Unfit::Missing(verb.to_owned()).into()),
    })
}
