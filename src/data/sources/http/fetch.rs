//! Fetching a table: page after page within what one question may cost, rows by their paths.
//! What is said of an answer never holds a word of it.

use super::cast;
use super::described::{Shape, Turn};
use super::line::Api;
use super::link;
use crate::base::json::{self, Json, Path};
use crate::data::sources::model::{Error, Step, Trouble};
use crate::data::{Column, Rows};
use crate::egress::{self, Answer, Get, Purpose};

/// What one question may cost, all its tables together.
const ROWS: usize = 20_000;
const BYTES: usize = 16 << 20;
const PAGES: usize = 50;
/// Values of one answer, in lists and out of them: so much memory reading it takes.
const VALUES: usize = 1_000_000;

/// What is left of that.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    rows: usize,
    bytes: usize,
    pages: usize,
}

impl Default for Left {
    fn default() -> Left {
        Left {
            rows: ROWS,
            bytes: BYTES,
            pages: PAGES,
        }
    }
}

/// How far the pages of a table are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Far {
    /// Until the last; where that is too far, nothing is given.
    All,
    First,
}

/// The rows of a table.
///
/// # Errors
///
/// It was not reached, is not as described, or is more than one question may read.
pub(super) async fn rows(
    api: &Api,
    shape: &Shape,
    (left, far): (&mut Left, Far),
) -> Result<Rows, Error> {
    let columns = shape.columns.iter().map(|column| Column {
        name: column.name.clone(),
        kind: Some(column.sort.kind()),
    });
    let mut rows = Rows::new(columns.collect());
    let mut turning = Turning::of(api, shape);
    let mut path = Some(turning.first());
    while let Some(here) = path.take() {
        if left.pages == 0 {
            return Err(too_much(shape, &format!("more than {PAGES} pages")));
        }
        left.pages -= 1;
        let answer = asked(api, shape, (&here, left.bytes)).await?;
        left.bytes -= answer.body.len().min(left.bytes);
        let next = page(
            shape,
            &answer,
            (&mut rows, &mut left.rows),
            |json, count| turning.next(&here, json, count),
        )?;
        path = next.filter(|_| far == Far::All);
    }
    Ok(rows)
}

/// One answer, of a status that promises rows.
async fn asked(api: &Api, shape: &Shape, (path, largest): (&str, usize)) -> Result<Answer, Error> {
    let header = Some(api.place.user.as_str()).filter(|name| !name.is_empty());
    let get = Get {
        host: &api.place.host,
        port: api.place.port,
        path,
        purpose: Purpose::Linked,
        header: header.map(|name| (name, &api.secret)),
        largest,
    };
    let answer = api.egress.get(api.client.as_ref(), get).await;
    let answer = answer.map_err(|error| match error {
        egress::Error::TooLarge(..) => {
            too_much(shape, &format!("more than {} MB of answers", BYTES >> 20))
        }
        other => Trouble::of(&other).into(),
    })?;
    let status = answer.status;
    match status {
        200..=299 => Ok(answer),
        300..=399 => Err(misfit(
            shape,
            "redirected",
            "the answer leads to another address, and nobody follows; write that address itself",
        )),
        401 | 403 => Err(Error::Misfit {
            step: Step::LetIn,
            code: format!("answered {status}"),
            message: format!("{}: it let us not in and answered {status}", shape.name),
        }),
        _ => Err(misfit(
            shape,
            &format!("answered {status}"),
            &format!("it answered {status}"),
        )),
    }
}

/// Takes the rows of an answer, and gives what `next` makes of the whole and their number.
fn page<T>(
    shape: &Shape,
    answer: &Answer,
    (rows, left): (&mut Rows, &mut usize),
    next: impl FnOnce(&Json<'_>, usize) -> Result<T, Error>,
) -> Result<T, Error> {
    let not_json = || misfit(shape, "not JSON", "the answer is no JSON");
    let text = std::str::from_utf8(&answer.body).map_err(|_not_text| not_json())?;
    let json = json::read(text, VALUES).map_err(|fault| match fault {
        json::Fault::NotJson => not_json(),
        json::Fault::TooMany => too_much(shape, &format!("more than {VALUES} values in an answer")),
    })?;
    let Some(Json::List { items, .. }) = shape.rows.of(&json) else {
        let why = "`rows` leads to no list in the answer";
        return Err(misfit(shape, "no list", why));
    };
    for item in items {
        if *left == 0 {
            return Err(too_much(shape, &format!("more than {ROWS} rows")));
        }
        *left -= 1;
        row(shape, item, rows)?;
    }
    next(&json, items.len())
}

fn row(shape: &Shape, item: &Json<'_>, rows: &mut Rows) -> Result<(), Error> {
    let number = rows.len() + 1;
    for column in &shape.columns {
        let found = column.path.of(item);
        cast::push(rows, found, column.sort).ok_or_else(|| {
            let (name, sort) = (&column.name, column.sort.name());
            let why = format!("`{name}` of row {number} is no {sort}");
            misfit(shape, &format!("no {sort}"), &why)
        })?;
    }
    Ok(())
}

/// What was answered is not what was described.
fn misfit(shape: &Shape, code: &str, why: &str) -> Error {
    Error::Misfit {
        step: Step::Tables,
        code: code.to_owned(),
        message: format!("{}: {why}", shape.name),
    }
}

fn too_much(shape: &Shape, what: &str) -> Error {
    Error::Misfit {
        step: Step::Tables,
        code: "too much".to_owned(),
        message: format!(
            "{}: {what}, and one question reads no more; ask for less in `get` of that table",
            shape.name
        ),
    }
}

/// Where the pages of a table are.
struct Turning<'a> {
    shape: &'a Shape,
    api: &'a Api,
    /// The first page, without what counts.
    begin: String,
    /// The page that is asked for, where they are counted.
    count: i64,
}

impl<'a> Turning<'a> {
    fn of(api: &'a Api, shape: &'a Shape) -> Turning<'a> {
        let base = &api.place.database;
        let begin = if base.is_empty() {
            shape.get.clone()
        } else {
            format!("/{base}{}", shape.get)
        };
        let count = match shape.turn {
            Turn::Count { from, .. } => from,
            _ => 0,
        };
        Turning {
            shape,
            api,
            begin,
            count,
        }
    }

    fn first(&self) -> String {
        match &self.shape.turn {
            Turn::Count { send, from } => link::with(&self.begin, send, &from.to_string()),
            _ => self.begin.clone(),
        }
    }

    /// The page behind one that had `count` rows; `None`: that was the last.
    fn next(&mut self, here: &str, json: &Json<'_>, count: usize) -> Result<Option<String>, Error> {
        match &self.shape.turn {
            Turn::Never => Ok(None),
            Turn::Count { .. } if count == 0 => Ok(None),
            Turn::Count { send, .. } => {
                self.count = self.count.saturating_add(1);
                Ok(Some(link::with(&self.begin, send, &self.count.to_string())))
            }
            Turn::Cursor { take, send } => {
                let cursor = self.said(take, json, "cursor")?;
                Ok(cursor.map(|cursor| link::with(&self.begin, send, &cursor)))
            }
            Turn::Link(take) => {
                let Some(said) = self.said(take, json, "next")? else {
                    return Ok(None);
                };
                let place = &self.api.place;
                let machine = (self.api.client.is_some(), &*place.host, place.port);
                let next = link::next(&said, machine, here);
                let next = next.ok_or_else(|| {
                    let why = "`next` is no link to the same machine, and nobody goes to another";
                    misfit(self.shape, "link elsewhere", why)
                });
                next.map(Some)
            }
        }
    }

    /// What says where it goes on; nothing, null, false and an empty text are the end.
    fn said(&self, take: &Path, json: &Json<'_>, key: &str) -> Result<Option<String>, Error> {
        match take.of(json) {
            None | Some(Json::Null | Json::Bool(false)) => Ok(None),
            Some(Json::Text(text)) if text.is_empty() => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text.to_string())),
            Some(Json::Number(digits)) if key == "cursor" => Ok(Some((*digits).to_owned())),
            Some(_) => {
                let why = format!("what `{key}` leads to is no text");
                Err(misfit(self.shape, "no link", &why))
            }
        }
    }
}
