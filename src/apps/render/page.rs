//! A page from its definition to its HTML.

use std::ops::Range;
use std::time::Duration;

use super::ask::{self, Job, Take};
use super::bind::{Who, question};
use super::choices;
use super::grid::Drawing;
use super::lines;
use super::turn::Turn;
use crate::apps::Apps;
use crate::apps::format::{App, Page, Source, Widget};
use crate::apps::sources::Places;
use crate::apps::widgets::{
    Amount, Below, Kind, Offer, Place, Reach, Scene, Tried, Trouble, named,
};
use crate::web::{self, Fields, Right};
use crate::workspaces::Member;

/// What is to be shown, and to whom it links back.
pub(in crate::apps) struct Ask<'a> {
    pub(in crate::apps) app: &'a App,
    pub(in crate::apps) page: &'a Page,
    /// What the address carries: filters, sorting, paging, tabs.
    pub(in crate::apps) fields: &'a Fields,
    /// Where the app's own pages begin, such as `/apps/orders`; a page's path
    /// follows after `/p`.
    pub(in crate::apps) base: &'a str,
    /// A builder's look at a draft: its forms are shown but not sent.
    pub(in crate::apps) is_preview: bool,
    /// Forms and buttons are shown and cannot be sent.
    pub(in crate::apps) is_read_only: bool,
}

/// A page as HTML, with the time each of its queries took.
pub(in crate::apps) struct Drawn {
    pub(in crate::apps) html: String,
    /// What of it each widget is, from the top left to the bottom right.
    pub(in crate::apps) pieces: Vec<Piece>,
    pub(in crate::apps) timings: Vec<(String, Duration)>,
    /// What its widgets may show of other machines.
    pub(in crate::apps) reach: Vec<Reach>,
}

/// What is particular about one look at a page.
#[derive(Clone, Copy, Default)]
pub(in crate::apps) struct Turned<'a> {
    /// A form has to be put right.
    pub(in crate::apps) tried: Option<Tried<'a>>,
    /// These widgets are wanted, and no others.
    pub(in crate::apps) only: Option<&'a [String]>,
}

/// A widget within the HTML of its page.
pub(in crate::apps) struct Piece {
    pub(in crate::apps) widget: String,
    pub(in crate::apps) place: Place,
    pub(in crate::apps) at: Range<usize>,
}

/// The page's grid of widgets, as HTML.
pub(in crate::apps) async fn page(
    apps: &Apps,
    member: &Member,
    ask: Ask<'_>,
) -> Result<String, web::Error> {
    Ok(draw(apps, member, ask, Turned::default()).await?.html)
}

/// A widget that is seen, and which of the answers is its own.
pub(super) struct Shown<'a> {
    pub(super) widget: &'a Widget,
    pub(super) kind: &'static dyn Kind,
    pub(super) answer: Option<usize>,
    /// The lines of a form.
    pub(super) below: Result<Vec<Below>, Trouble>,
    /// What its fields offer.
    pub(super) offers: Vec<Offer>,
}

/// The same for a particular look, with its timings.
pub(in crate::apps) async fn draw(
    apps: &Apps,
    member: &Member,
    ask: Ask<'_>,
    turned: Turned<'_>,
) -> Result<Drawn, web::Error> {
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let who = Who::new(&member.viewer.person, apps.site().clock.now(), &ask.app.id);
    let scene = Scene {
        app: ask.app,
        page: ask.page,
        fields: ask.fields,
        base: ask.base,
        is_preview: ask.is_preview,
        is_read_only: ask.is_read_only,
        is_builder: member.viewer.may(Right::Build),
        catalog: &catalog,
        context: who.context(),
        tried: turned.tried,
        assets: web::assets_prefix(),
        is_prefixed: is_prefixed(ask.app, ask.page),
        shown: &apps.site().config.shown,
    };
    let places = Places::of(apps, member.workspace, ask.app).await?;
    let mut shown = seen(&scene);
    if let Some(only) = turned.only {
        shown.retain(|one| only.contains(&one.widget.id));
    }
    let jobs = jobs(&scene, &places, &mut shown);
    let names: Vec<String> = jobs.iter().map(|job| job.query.clone()).collect();
    let answers = ask::all((apps, member), &catalog, jobs).await?;
    lines::find(&member.db, &catalog, &scene, (&mut shown, &answers)).await?;
    choices::find(&member.db, &catalog, &scene, (&mut shown, &answers)).await?;
    let drawing = Drawing {
        scene: &scene,
        shown: &shown,
        answers: &answers,
    };
    let (html, pieces) = drawing.grid().map_err(web::Error::broken)?;
    let took = answers.iter().map(|answer| answer.took);
    Ok(Drawn {
        html,
        pieces,
        timings: names.into_iter().zip(took).collect(),
        reach: { shown.iter() }
            .map(|one| one.kind.reach(one.widget))
            .collect(),
    })
}

/// Do several tables, or a table and a parameter, want the same words of the address?
pub(in crate::apps) fn is_prefixed(app: &App, page: &Page) -> bool {
    let is_paged = |widget: &&Widget| {
        let need = named(&widget.kind).and_then(|kind| kind.need(widget));
        need.is_some_and(|need| need.amount == Amount::Page)
    };
    let is_word = |source: &Source| matches!(source, Source::Url(key) if matches!(key.as_str(), "sort" | "after" | "before"));
    page.widgets.iter().filter(is_paged).count() > 1
        || app
            .queries_of(page)
            .iter()
            .any(|query| query.params.iter().any(|param| is_word(&param.source)))
}

/// The widgets to be seen, from the top left to the bottom right.
pub(super) fn seen<'a>(scene: &Scene<'a>) -> Vec<Shown<'a>> {
    let all = scene.page.widgets.iter();
    let mut shown: Vec<Shown<'a>> = all
        .filter_map(|widget| {
            Some(Shown {
                widget,
                kind: named(&widget.kind)?,
                answer: None,
                below: Ok(Vec::new()),
                offers: Vec::new(),
            })
        })
        .collect();
    let hidden: Vec<&str> = { shown.iter() }
        .flat_map(|one| one.kind.hides(one.widget, scene.fields))
        .collect();
    shown.retain(|one| !hidden.contains(&one.widget.id.as_str()));
    shown.sort_by_key(|one| (one.widget.at[0], one.widget.at[1]));
    shown
}

/// What has to be asked; the same question is asked once.
pub(super) fn jobs(scene: &Scene<'_>, places: &Places, shown: &mut [Shown<'_>]) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::new();
    for one in shown {
        let Some(need) = one.kind.need(one.widget) else {
            continue;
        };
        let same = { jobs.iter() }.position(|job| {
            let is_paged = matches!(job.take, Take::Page(_));
            job.query == need.query && !is_paged && need.amount != Amount::Page
        });
        if let Some(job) = same.and_then(|at| jobs.get_mut(at))
            && need.amount == Amount::All
        {
            job.take = Take::All;
        }
        one.answer = Some(same.unwrap_or(jobs.len()));
        if same.is_none() {
            jobs.push(job((scene, places), one.widget, need.query, need.amount));
        }
    }
    jobs
}

pub(super) fn job(
    (scene, places): (&Scene<'_>, &Places),
    widget: &Widget,
    name: &str,
    amount: Amount,
) -> Job {
    let query = ask::answerable(scene.app, places, name);
    let turn = || {
        let word = |word| scene.fields.get(&scene.word(widget, word));
        let paging = scene
            .app
            .query(name)
            .and_then(|query| query.paging.as_ref());
        Turn::read(paging, word("sort"), word("after"), word("before"))
    };
    let taken = Take::of(amount, turn);
    let asked = query.and_then(|(query, place)| {
        let question = question(query, &scene.context, &|param| scene.sent(param))?;
        Ok((question, place))
    });
    let (question, place) = match asked {
        Ok((question, place)) => (Ok(question), place),
        Err(trouble) => (Err(trouble), None),
    };
    let (question, take) = match taken {
        Ok(take) => (question, take),
        Err(trouble) => (Err(trouble), Take::All),
    };
    Job {
        query: name.to_owned(),
        place,
        question,
        take,
    }
}
