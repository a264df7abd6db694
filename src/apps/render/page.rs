//! A page from its definition to its HTML.

use std::ops::Range;
use std::time::Duration;

use askama::Template;

use super::ask::{self, Answer, Job, Take};
use super::bind::{Who, question};
use super::paging::Turn;
use crate::apps::Apps;
use crate::apps::format::{App, Page, Source, Widget};
use crate::apps::widgets::{Amount, Kind, Place, Scene, Sight, Tried, Trouble, escape, named};
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
}

/// A widget within the HTML of its page.
pub(in crate::apps) struct Piece {
    pub(in crate::apps) widget: String,
    pub(in crate::apps) place: Place,
    pub(in crate::apps) at: Range<usize>,
}

#[derive(Template)]
#[template(path = "apps/widgets/trouble.html")]
struct TroubleView<'a> {
    assets: &'a str,
    text: String,
    engine: &'a str,
}

/// The page's grid of widgets, as HTML.
pub(in crate::apps) async fn page(
    apps: &Apps,
    member: &Member,
    ask: Ask<'_>,
) -> Result<String, web::Error> {
    Ok(draw(apps, member, ask, None).await?.html)
}

/// A widget that is seen, and which of the answers is its own.
struct Shown<'a> {
    widget: &'a Widget,
    kind: &'static dyn Kind,
    answer: Option<usize>,
}

/// The same with a form that has to be put right, and with its timings.
pub(in crate::apps) async fn draw(
    apps: &Apps,
    member: &Member,
    ask: Ask<'_>,
    tried: Option<Tried<'_>>,
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
        tried,
        assets: web::assets_prefix(),
        is_prefixed: is_prefixed(ask.app, ask.page),
    };
    let mut shown = seen(&scene);
    let jobs = jobs(&scene, &mut shown);
    let names: Vec<String> = jobs.iter().map(|job| job.query.clone()).collect();
    let answers = ask::all(&member.db, &catalog, jobs).await?;
    let (html, pieces) = grid(&scene, &shown, &answers).map_err(web::Error::broken)?;
    let took = answers.iter().map(|answer| answer.took);
    Ok(Drawn {
        html,
        pieces,
        timings: names.into_iter().zip(took).collect(),
    })
}

/// Do several tables, or a table and a parameter, want the same words of the address?
pub(super) fn is_prefixed(app: &App, page: &Page) -> bool {
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
fn seen<'a>(scene: &Scene<'a>) -> Vec<Shown<'a>> {
    let all = scene.page.widgets.iter();
    let mut shown: Vec<Shown<'a>> = all
        .filter_map(|widget| {
            Some(Shown {
                widget,
                kind: named(&widget.kind)?,
                answer: None,
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
fn jobs(scene: &Scene<'_>, shown: &mut [Shown<'_>]) -> Vec<Job> {
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
            jobs.push(job(scene, one.widget, need.query, need.amount));
        }
    }
    jobs
}

pub(super) fn job(scene: &Scene<'_>, widget: &Widget, name: &str, amount: Amount) -> Job {
    let query = ask::answerable(scene.app, name);
    let turn = || {
        let word = |word| scene.fields.get(&scene.word(widget, word));
        let paging = scene
            .app
            .query(name)
            .and_then(|query| query.paging.as_ref());
        Turn::read(paging, word("sort"), word("after"), word("before"))
    };
    let taken = Take::of(amount, turn);
    let question =
        query.and_then(|query| question(query, &scene.context, &|param| scene.sent(param)));
    let (question, take) = match taken {
        Ok(take) => (question, take),
        Err(trouble) => (Err(trouble), Take::All),
    };
    Job {
        query: name.to_owned(),
        question,
        take,
    }
}

fn grid(
    scene: &Scene<'_>,
    shown: &[Shown<'_>],
    answers: &[Answer],
) -> askama::Result<(String, Vec<Piece>)> {
    let mut pieces = Vec::with_capacity(shown.len());
    let mut out = String::with_capacity(16 << 10);
    out.push_str("<div class=\"g12\">");
    // Rows without a widget leave no gap.
    let mut rows: Vec<u32> = shown.iter().map(|one| one.widget.at[0]).collect();
    rows.dedup();
    for one in shown {
        let [row, column, width] = one.widget.at;
        let row = rows
            .iter()
            .position(|known| *known == row)
            .unwrap_or_default()
            + 1;
        let answer = one.answer.map(|at| &answers[at].rows);
        let from = out.len();
        let sight = Sight {
            scene,
            widget: one.widget,
            rows: answer.and_then(|rows| rows.as_ref().ok()),
            place: Place { row, column, width },
        };
        match answer {
            Some(Err(trouble)) => in_trouble(&sight, trouble, &mut out)?,
            _ => one.kind.draw(&sight, &mut out)?,
        }
        pieces.push(Piece {
            widget: one.widget.id.clone(),
            place: sight.place,
            at: from..out.len(),
        });
    }
    out.push_str("</div>");
    Ok((out, pieces))
}

/// The widget's card with what is wrong in place of what it shows.
fn in_trouble(sight: &Sight<'_>, trouble: &Trouble, out: &mut String) -> askama::Result<()> {
    let scene = sight.scene;
    let title = sight
        .widget
        .settings
        .get("title")
        .or_else(|| sight.widget.settings.get("label"));
    let title = sight.heading(title.and_then(toml_edit::Item::as_str));
    let (text, engine) = match trouble {
        Trouble::Address(text) => (
            format!("This address does not say what is to be shown: {text}."),
            "",
        ),
        Trouble::Query(engine) if scene.is_builder => (
            "The query of this part failed. Correct it in the app's editor.".to_owned(),
            engine.as_str(),
        ),
        Trouble::Query(_) => (
            format!(
                "This could not be loaded. Tell whoever made this app: “{title}” on “{}”.",
                scene.page.title
            ),
            "",
        ),
    };
    sight.open("section", "card", out);
    out.push_str("<header><h2>");
    escape(title, out);
    out.push_str("</h2></header>");
    let view = TroubleView {
        assets: scene.assets,
        text,
        engine,
    };
    view.render_into(out)?;
    out.push_str("</section>");
    Ok(())
}
