//! What is fetched besides a page: the number of all rows, sums, files, rows for programs.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::ask::{self, Job, Take};
use super::bind::{Who, question};
use super::page::{is_prefixed, job};
use super::sql;
use super::turn::Turn;
use crate::apps::Apps;
use crate::apps::format::{App, Page, Param, Widget};
use crate::apps::sources::{Place, Places};
use crate::apps::widgets::{
    self, Amount, Listing, PageOfRows, Scene, Trouble, column_title, named,
};
use crate::base::text::thousands;
use crate::data::{Caps, Catalog, Cell, Column, Question, Refusal, Rows, each, fetch};
use crate::store::{self, Budget, Lane};
use crate::web::{self, Fields, Right};
use crate::workspaces::Member;

/// What counting and adding up may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a file may take to be written.
const LONG: Duration = Duration::from_mins(10);

/// A table of an app's page.
pub(in crate::apps) struct ListingOf<'a> {
    pub(in crate::apps) app: &'a App,
    pub(in crate::apps) page: &'a Page,
    pub(in crate::apps) widget: &'a Widget,
    pub(in crate::apps) listing: Listing<'a>,
}

impl<'a> ListingOf<'a> {
    pub(in crate::apps) fn find(app: &'a App, page: &str, widget: &str) -> Option<ListingOf<'a>> {
        let page = app.page(page)?;
        let widget = page.widgets.iter().find(|known| known.id == widget)?;
        let listing = named(&widget.kind)?.listing(widget)?;
        Some(ListingOf {
            app,
            page,
            widget,
            listing,
        })
    }

    fn scene<'b>(
        &self,
        (apps, member): (&'b Apps, &Member),
        catalog: &'b Catalog,
        fields: &'b Fields,
        who: &'b Who<'b>,
    ) -> Scene<'b>
    where
        'a: 'b,
    {
        Scene {
            app: self.app,
            page: self.page,
            fields,
            base: "",
            is_preview: false,
            is_read_only: false,
            is_builder: member.viewer.may(Right::Build),
            catalog,
            context: who.context(),
            tried: None,
            assets: web::assets_prefix(),
            is_prefixed: is_prefixed(self.app, self.page),
            shown: &apps.site().config.shown,
        }
    }
}

fn refused(trouble: Trouble) -> web::Error {
    match trouble {
        Trouble::Address(text) | Trouble::Query(text) => web::Error::Invalid(text),
    }
}

/// The part of a table that is fetched once its page stands: `count` or `totals`.
pub(in crate::apps) async fn part(
    apps: &Apps,
    member: &Member,
    of: &ListingOf<'_>,
    fields: &Fields,
    part: &str,
) -> Result<String, web::Error> {
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let who = Who::new(&member.viewer.person, apps.site().clock.now(), &of.app.id);
    let scene = of.scene((apps, member), &catalog, fields, &who);
    let places = Places::of(apps, member.workspace, of.app).await?;
    let job = job((&scene, &places), of.widget, of.listing.query, Amount::All);
    let asked = job.question.map_err(refused)?;
    let dialect = of.app.query(of.listing.query).map(|query| query.dialect);
    let questions = match part {
        "count" => vec![sql::count(&asked.sql)],
        "totals" => vec![
            sql::sample(&asked.sql),
            sql::totals(
                (dialect.unwrap_or_default(), &asked.sql),
                &of.listing.totals,
            ),
        ],
        _ => return Err(web::Error::NotFound),
    };
    let questions = questions.into_iter().map(|sql| Question {
        sql,
        values: asked.values.clone(),
    });
    let answers = match &job.place {
        Some(place) => away((apps, member), place, questions.collect()).await?,
        None => several(member, &catalog, questions.collect()).await?,
    };
    Ok(match answers.as_slice() {
        [count] => counted(count),
        [sample, sums] => widgets::totals(&scene, of.widget, sample, sums),
        _ => String::new(),
    })
}

fn counted(count: &Rows) -> String {
    match count.get(0, 0) {
        Cell::Integer(rows) if rows > i64::from(sql::COUNTED) => " of more than 10,000".to_owned(),
        Cell::Integer(rows) => format!(" of {}", thousands(rows)),
        _ => String::new(),
    }
}

/// The answers of several statements with the same values.
async fn several(
    member: &Member,
    catalog: &Arc<Catalog>,
    questions: Vec<Question>,
) -> Result<Vec<Rows>, store::Error> {
    let catalog = Arc::clone(catalog);
    let work = move |guarded: &store::Guarded| {
        let fetched =
            { questions.iter() }.map(|question| fetch(guarded, &catalog, question, Caps::PAGE));
        guarded.at_once(|| fetched.collect::<Result<Vec<_>, _>>())
    };
    member.db.ask(Lane::Page, Budget::of(PATIENCE), work).await
}

/// The same of a database elsewhere.
async fn away(
    (apps, member): (&Apps, &Member),
    place: &Place,
    questions: Vec<Question>,
) -> Result<Vec<Rows>, web::Error> {
    let asked = questions
        .iter()
        .map(|question| place.ask((&apps.data, member), question, Caps::PAGE));
    let answers = timeout(PATIENCE, try_join_all(asked)).await;
    let answers = answers.map_err(|_elapsed| {
        let seconds = PATIENCE.as_secs();
        web::Error::Invalid(format!("it took longer than {seconds} seconds"))
    })?;
    answers.map_err(not_given)
}

fn not_given(refusal: Refusal) -> web::Error {
    match refusal {
        Refusal::Store(error) => error.into(),
        other => web::Error::Invalid(other.to_string()),
    }
}

/// The whole of a table as it is filtered and sorted, on its way into a file.
pub(in crate::apps) struct Export {
    from: From,
    shown: Vec<String>,
    labels: Vec<(String, String)>,
}

/// Where the rows of a file come from.
enum From {
    Here(Arc<Catalog>, Question),
    /// They are all here already: none of them is written to a disk.
    Elsewhere(Rows),
}

/// What comes next in a file.
pub(in crate::apps) enum Step<'a> {
    /// The columns under their titles.
    Heading(&'a [Column]),
    Row(&'a [Cell<'a>]),
    /// That was all of it.
    End,
}

/// What has to be asked for the file of a table.
pub(in crate::apps) async fn export(
    apps: &Apps,
    member: &Member,
    of: &ListingOf<'_>,
    fields: &Fields,
) -> Result<Export, web::Error> {
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let who = Who::new(&member.viewer.person, apps.site().clock.now(), &of.app.id);
    let scene = of.scene((apps, member), &catalog, fields, &who);
    let places = Places::of(apps, member.workspace, of.app).await?;
    let job = job((&scene, &places), of.widget, of.listing.query, Amount::Page);
    let mut question = job.question.map_err(refused)?;
    let dialect = of.app.query(of.listing.query).map(|query| query.dialect);
    if let Take::Page(turn) = &job.take {
        let unsorted = (dialect.unwrap_or_default(), &*question.sql);
        question.sql = sql::sorted(unsorted, turn.order.as_ref(), turn.key.as_deref());
    }
    // Titles as the page has them; which columns there are, the answer says.
    let tables = scene.tables_of(of.listing.query);
    let columns = tables.iter().flat_map(|table| &table.columns);
    let known = columns.map(|known| {
        let column = Column {
            name: known.name.clone(),
            kind: Some(known.kind),
        };
        let title = column_title(&column, &of.listing.labels, &tables);
        (column.name, title)
    });
    let said = of.listing.labels.iter();
    let said = said.map(|(name, label)| ((*name).to_owned(), (*label).to_owned()));
    Ok(Export {
        shown: of
            .listing
            .columns
            .iter()
            .map(|&name| name.to_owned())
            .collect(),
        labels: said.chain(known).collect(),
        from: match &job.place {
            Some(place) => From::Elsewhere(whole((apps, member), place, &question).await?),
            None => From::Here(catalog, question),
        },
    })
}

/// All rows of a question to a database elsewhere, or none: a file that ends early would
/// look whole.
async fn whole(
    (apps, member): (&Apps, &Member),
    place: &Place,
    question: &Question,
) -> Result<Rows, web::Error> {
    let caps = Caps {
        rows: place.most(),
        ..Caps::PAGE
    };
    let rows = place.ask((&apps.data, member), question, caps).await;
    let rows = rows.map_err(not_given)?;
    if rows.more {
        return Err(web::Error::Invalid(format!(
            "these are more than the {} rows that the settings of {} allow; filter them, or ask an admin to allow more",
            thousands(i128::try_from(place.most()).unwrap_or_default()),
            place.name()
        )));
    }
    Ok(rows)
}

impl Export {
    /// Hands over the file step by step. What `see` breaks off stays broken off.
    pub(in crate::apps) async fn run(
        self,
        member: &Member,
        mut see: impl FnMut(Step<'_>) -> ControlFlow<()> + Send + 'static,
    ) -> Result<(), store::Error> {
        if matches!(self.from, From::Elsewhere(_)) {
            // Whoever takes the file may have each step wait.
            let handed = spawn_blocking(move || self.hand_over(&mut see));
            return handed.await.map_err(|_panicked| store::Error::Closed);
        }
        let work = move |guarded: &store::Guarded| {
            let From::Here(catalog, question) = &self.from else {
                return Ok(());
            };
            let mut shown: Option<Vec<usize>> = None;
            let mut is_broken = false;
            let columns = each(guarded, catalog, question, &mut |columns, cells| {
                if shown.is_none() {
                    let (at, columns) = self.shown(columns);
                    is_broken = see(Step::Heading(&columns)).is_break();
                    shown = Some(at);
                }
                let at = shown.iter().flatten();
                let row: Vec<Cell<'_>> = at.map(|at| cells[*at]).collect();
                is_broken = is_broken || see(Step::Row(&row)).is_break();
                Ok(if is_broken {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                })
            })?;
            if shown.is_none() {
                is_broken = see(Step::Heading(&self.shown(&columns).1)).is_break();
            }
            if !is_broken {
                let _ = see(Step::End);
            }
            Ok(())
        };
        member.db.ask(Lane::Export, Budget::of(LONG), work).await
    }

    /// The same of rows that are all here.
    fn hand_over(&self, see: &mut impl FnMut(Step<'_>) -> ControlFlow<()>) {
        let From::Elsewhere(rows) = &self.from else {
            return;
        };
        let (at, columns) = self.shown(&rows.columns);
        let is_broken = see(Step::Heading(&columns)).is_break()
            || (0..rows.len()).any(|row| {
                let cells: Vec<Cell<'_>> = at.iter().map(|at| rows.get(row, *at)).collect();
                see(Step::Row(&cells)).is_break()
            });
        if !is_broken {
            let _ = see(Step::End);
        }
    }

    /// Where the shown columns stand, and their titles.
    fn shown(&self, columns: &[Column]) -> (Vec<usize>, Vec<Column>) {
        let at: Vec<usize> = if self.shown.is_empty() {
            (0..columns.len()).collect()
        } else {
            let named = self.shown.iter();
            named
                .filter_map(|name| columns.iter().position(|column| column.name == *name))
                .collect()
        };
        let titled = at.iter().map(|at| {
            let column = &columns[*at];
            let label = self.labels.iter().find(|(name, _)| *name == column.name);
            let name = label.map_or_else(
                || crate::base::text::title(&column.name),
                |(_, label)| label.clone(),
            );
            Column {
                name,
                kind: column.kind,
            }
        });
        let titled = titled.collect();
        (at, titled)
    }
}

/// A page of a query's rows for a program: parameters stand in `fields` under their
/// own names, beside `sort`, `after` and `before`.
pub(in crate::apps) async fn query_page(
    apps: &Apps,
    member: &Member,
    app: &App,
    query: &str,
    fields: &Fields,
) -> Result<PageOfRows, web::Error> {
    let found = app.query(query).filter(|query| query.is_for_programs());
    let found = found.ok_or(web::Error::NotFound)?;
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let who = Who::new(&member.viewer.person, apps.site().clock.now(), &app.id);
    let context = who.context();
    let places = Places::of(apps, member.workspace, app).await?;
    let asked = ask::answerable(app, &places, query).and_then(|(query, place)| {
        let sent = |param: &Param| fields.all(&param.name).collect();
        Ok((question(query, &context, &sent)?, place))
    });
    let is_param = |word: &str| found.param(word).is_some();
    let word = |word: &str| fields.get(word).filter(|_| !is_param(word));
    let turn = Turn::read(
        found.paging.as_ref(),
        word("sort"),
        word("after"),
        word("before"),
    );
    let (question, place) = asked.map_err(refused)?;
    let job = Job {
        query: query.to_owned(),
        place,
        question: Ok(question),
        take: Take::Page(turn.map_err(refused)?),
    };
    let answers = ask::all((apps, member), &catalog, vec![job]).await?;
    let answer = answers.into_iter().next().ok_or(web::Error::NotFound)?;
    answer.rows.map_err(refused)
}
