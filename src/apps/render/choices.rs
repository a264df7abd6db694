//! What fields offer to be chosen: rows of a query, as far as a page needs them; what a
//! search finds among them; and whether a value is one of them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::ask::{self, Answer};
use super::bind::{Who, question};
use super::page::Shown;
use super::sql::choices::{FIND, VALUE, chosen, first, found};
use crate::apps::Apps;
use crate::apps::format::{App, Context};
use crate::apps::widgets::{
    Choice, FEW, Offer, Pair, SEARCH, Scene, Trouble, cell_text, escape, named,
};
use crate::data::{Caps, Catalog, Question, Value, fetch};
use crate::store::{self, Budget, Db, Guarded, Lane};
use crate::web::{self, Fields};
use crate::workspaces::Member;

const PATIENCE: Duration = Duration::from_secs(5);
/// As many are found at a time.
const FOUND: usize = 20;
/// As many values of one query are looked up for one page.
const CHOSEN: usize = 500;

/// What one offer is asked for.
struct Job {
    shown: usize,
    offer: Offer,
    question: Question,
    /// Values that stand in fields.
    values: BTreeSet<String>,
    searches: BTreeSet<String>,
}

/// Gives each form what its fields offer. It is asked after its lines.
pub(super) async fn find(
    db: &Db,
    catalog: &Arc<Catalog>,
    scene: &Scene<'_>,
    (shown, answers): (&mut [Shown<'_>], &[Answer]),
) -> Result<(), store::Error> {
    let mut jobs = Vec::new();
    for (at, one) in shown.iter_mut().enumerate() {
        let family = one.kind.family(one.widget);
        for choice in family.all_choices() {
            let is_asked = |job: &Job| job.shown == at && job.offer.is_of(&choice);
            if jobs.iter().any(is_asked) {
                continue;
            }
            match asked(scene.app, &choice, &scene.context, scene.fields) {
                Ok(question) => jobs.push(Job {
                    shown: at,
                    offer: empty(&choice),
                    question,
                    values: BTreeSet::new(),
                    searches: BTreeSet::new(),
                }),
                Err(trouble) => one.below = Err(trouble),
            }
        }
    }
    if jobs.is_empty() {
        return Ok(());
    }
    for job in &mut jobs {
        standing(scene, &shown[job.shown], answers, job);
    }
    let catalog = Arc::clone(catalog);
    let work = move |guarded: &Guarded| {
        guarded.at_once(|| {
            let each = jobs
                .into_iter()
                .map(|job| (job.shown, offer(guarded, &catalog, job)));
            Ok::<_, store::Error>(each.collect::<Vec<_>>())
        })
    };
    for (at, offer) in db.ask(Lane::Page, Budget::of(PATIENCE), work).await? {
        match offer {
            Ok(offer) => shown[at].offers.push(offer),
            Err(trouble) => shown[at].below = Err(trouble),
        }
    }
    Ok(())
}

fn empty(choice: &Choice<'_>) -> Offer {
    Offer {
        query: choice.query.to_owned(),
        value: choice.value.to_owned(),
        label: choice.label.to_owned(),
        ..Offer::default()
    }
}

/// Notes what stands in fields with that offer, and what was looked for in them.
fn standing(scene: &Scene<'_>, one: &Shown<'_>, answers: &[Answer], job: &mut Job) {
    let family = one.kind.family(one.widget);
    let fields = family
        .all_choices()
        .filter(|choice| job.offer.is_of(choice));
    let fields: Vec<&str> = fields.map(|choice| choice.field).collect();
    let is_field = |name: &str| fields.contains(&name.rsplit('.').next().unwrap_or(name));
    let mut values: Vec<String> = Vec::new();
    if let Some(tried) = scene.tried.filter(|tried| tried.widget == one.widget.id) {
        for (name, value) in tried.typed.iter() {
            if is_field(name) {
                values.push(value.to_owned());
            }
            if name.strip_suffix(SEARCH).is_some_and(is_field) && !value.is_empty() {
                job.searches.insert(value.to_owned());
            }
        }
    } else {
        let top = one.answer.and_then(|at| answers[at].rows.as_ref().ok());
        let below = one.below.iter().flatten().map(|below| &below.rows);
        for rows in top.map(|page| &page.rows).into_iter().chain(below) {
            for at in fields.iter().filter_map(|field| rows.column(field)) {
                values.extend((0..rows.len()).map(|row| cell_text(rows.get(row, at))));
            }
        }
        let address = scene.fields.iter().filter(|(name, _)| is_field(name));
        values.extend(address.map(|(_, value)| value.to_owned()));
    }
    job.values.extend(
        values
            .into_iter()
            .filter(|value| !value.is_empty())
            .take(CHOSEN),
    );
}

fn offer(guarded: &Guarded, catalog: &Catalog, job: Job) -> Result<Offer, Trouble> {
    let Job {
        mut offer,
        question,
        values,
        searches,
        ..
    } = job;
    let (value, label) = (offer.value.clone(), offer.label.clone());
    let pairs = |sql: String, more: Option<(&str, Value)>, rows: usize| {
        let mut asked = Question {
            sql,
            ..question.clone()
        };
        asked
            .values
            .extend(more.map(|(name, value)| (name.to_owned(), value)));
        let rows = fetch(guarded, catalog, &asked, Caps { rows, ..Caps::PAGE });
        let rows = rows.map_err(|error| Trouble::Query(error.to_string()))?;
        let pair = |row| (cell_text(rows.get(row, 0)), cell_text(rows.get(row, 1)));
        Ok::<(Vec<Pair>, bool), Trouble>(((0..rows.len()).map(pair).collect(), rows.more))
    };
    (offer.first, offer.is_long) = pairs(first(&question.sql, &value, &label), None, FEW)?;
    if !offer.is_long {
        return Ok(offer);
    }
    for wanted in values {
        if offer.first.iter().any(|(known, _)| *known == wanted) {
            continue;
        }
        let more = Some((VALUE, told(&wanted)));
        offer
            .chosen
            .extend(pairs(chosen(&question.sql, &value, &label), more, 1)?.0);
    }
    for words in searches.into_iter().take(FOUND) {
        let more = Some((FIND, Value::Text(words.clone())));
        let all = pairs(found(&question.sql, &value, &label), more, FOUND)?.0;
        offer.found.push((words, all));
    }
    Ok(offer)
}

/// A value as it was sent: one that is a number as we write it is one.
fn told(text: &str) -> Value {
    match text.parse::<i64>() {
        Ok(number) if number.to_string() == text => Value::Integer(number),
        _ => Value::Text(text.to_owned()),
    }
}

/// What a search finds, as options.
pub(in crate::apps) async fn search(
    apps: &Apps,
    member: &Member,
    (app, page, widget): (&App, &str, &str),
    (field, at): (&str, &Fields),
) -> Result<String, web::Error> {
    let found_choice = || {
        let widgets = &app.page(page)?.widgets;
        let widget = widgets.iter().find(|known| known.id == widget)?;
        named(&widget.kind)?.family(widget).choice_called(field)
    };
    let choice = found_choice().ok_or(web::Error::NotFound)?;
    let who = Who::new(&member.viewer.person, apps.site().clock.now(), &app.id);
    let question = asked(app, &choice, &who.context(), at).map_err(|trouble| match trouble {
        Trouble::Address(text) | Trouble::Query(text) => web::Error::Invalid(text),
    })?;
    let words = at.get("_q").unwrap_or_default().to_owned();
    let sql = found(&question.sql, choice.value, choice.label);
    let mut question = Question { sql, ..question };
    question.values.push((FIND.to_owned(), Value::Text(words)));
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let work = move |guarded: &Guarded| {
        let caps = Caps {
            rows: FOUND,
            ..Caps::PAGE
        };
        fetch(guarded, &catalog, &question, caps)
    };
    let rows = member
        .db
        .ask(Lane::Page, Budget::of(PATIENCE), work)
        .await?;
    let mut out = String::new();
    for row in 0..rows.len() {
        out.push_str("<option value=\"");
        escape(&cell_text(rows.get(row, 0)), &mut out);
        out.push_str("\">");
        escape(&cell_text(rows.get(row, 1)), &mut out);
        out.push_str("</option>");
    }
    Ok(out)
}

/// A value somebody chose, and where it stands in the form.
#[derive(Clone, Debug)]
pub(in crate::apps) struct Chosen {
    pub(in crate::apps) field: String,
    pub(in crate::apps) value: Value,
    /// The query of its choices, with its values, and the column.
    pub(in crate::apps) question: Question,
    pub(in crate::apps) column: String,
}

impl Chosen {
    /// `None` where its choices cannot be asked for.
    pub(in crate::apps) fn of(
        app: &App,
        choice: &Choice<'_>,
        (context, at): (&Context<'_>, &Fields),
        (field, value): (String, Value),
    ) -> Result<Chosen, Trouble> {
        Ok(Chosen {
            field,
            value,
            question: asked(app, choice, context, at)?,
            column: choice.value.to_owned(),
        })
    }
}

/// The fields whose values are not among their choices, for whoever sends them.
pub(in crate::apps) async fn strange(
    apps: &Apps,
    member: &Member,
    all: Vec<Chosen>,
) -> Result<Vec<String>, web::Error> {
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let work = move |guarded: &Guarded| {
        guarded.at_once(|| {
            let mut strange = Vec::new();
            let mut known: Vec<(String, Vec<(String, Value)>)> = Vec::new();
            for one in all {
                let sql = chosen(&one.question.sql, &one.column, &one.column);
                let mut question = Question {
                    sql,
                    ..one.question
                };
                question.values.push((VALUE.to_owned(), one.value));
                let same = (question.sql.clone(), question.values.clone());
                if known.contains(&same) {
                    continue;
                }
                let caps = Caps {
                    rows: 1,
                    ..Caps::PAGE
                };
                if fetch(guarded, &catalog, &question, caps)?.is_empty() {
                    strange.push(one.field);
                } else {
                    known.push(same);
                }
            }
            Ok::<_, store::Error>(strange)
        })
    };
    Ok(member
        .db
        .ask(Lane::Page, Budget::of(PATIENCE), work)
        .await?)
}

fn asked(
    app: &App,
    choice: &Choice<'_>,
    context: &Context<'_>,
    at: &Fields,
) -> Result<Question, Trouble> {
    let query = ask::own(app, choice.query)?;
    question(query, context, &|param| {
        at.all(param.source.key()).collect()
    })
}
