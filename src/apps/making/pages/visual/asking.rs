//! Queries of an app for whoever knows no SQL, and the list of all of them.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};

use super::super::actions;
use super::changing::{Made, Trouble, change, seen_at};
use super::here::met;
use super::there::{Databases, There, databases, there};
use crate::apps::editing::{self, NewWidget, Outline, Unfit};
use crate::apps::format::{KeyKind, KindSchema};
use crate::apps::library::Draft;
use crate::apps::making::guide::{
    Guide, Measure, Op, Query, Row, add_query, change_query, given, params, read, rows, sql, typed,
};
use crate::apps::making::present::Other;
use crate::apps::sharing::MayEdit;
use crate::apps::widgets::{ALL, named};
use crate::apps::{Apps, Error};
use crate::base::text::title;
use crate::data::sql_text::Dialect;
use crate::data::tables::Table;
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/queries.html")]
pub(super) struct Queries {
    shell: Shell,
    /// The tab that is lit.
    tab: &'static str,
    draft: Draft,
    all: Vec<Listed>,
    /// Name and title.
    tables: Vec<(String, String)>,
    databases: Databases,
    others: Vec<Other>,
    fault: String,
}

impl Queries {
    /// The own database, where the text has a name for it.
    fn own(&self) -> &str {
        let mut asked = self.databases.asked.iter();
        asked
            .find(|one| one.is_own)
            .map_or("", |one| one.is.name.as_str())
    }
}

struct Listed {
    name: String,
    reads: bool,
    line: usize,
    /// The database it asks, where that is elsewhere.
    away: Option<String>,
    /// The guide would write it so.
    is_guided: bool,
}

#[derive(Template)]
#[template(path = "apps/query.html")]
pub(super) struct Asking {
    shell: Shell,
    /// The tab that is lit.
    tab: &'static str,
    draft: Draft,
    name: String,
    is_new: bool,
    line: usize,
    /// Nothing where the query was written by hand.
    asked: Option<Asked>,
    sql: String,
    /// Id and title.
    pages: Vec<(String, String)>,
    kinds: Vec<(&'static str, String)>,
    others: Vec<Other>,
    /// The database it asks.
    there: There,
    faults: Faults,
    fault: String,
}

/// What is asked, and of which table.
struct Asked {
    table: Table,
    guide: Guide,
    filters: Vec<Row>,
    params: Vec<(String, String)>,
}

pub(super) async fn list(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
) -> Result<Page<Queries>> {
    Ok(Page(listed(&apps, &member, &app, String::new()).await?))
}

/// The list, with why something asked for there was not done.
pub(super) async fn listed(
    apps: &Apps,
    member: &Member,
    app: &str,
    fault: String,
) -> Result<Queries> {
    let draft = actions::look(apps, member.workspace, app).await?;
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let outline = Outline::of(&draft.text).map_err(|unfit| Error::Refused(unfit.to_string()))?;
    let databases = databases(apps, member, &draft.text).await?;
    let away = |uses: &str| {
        let mut asked = databases.asked.iter();
        asked.any(|one| !one.is_own && one.is.name == uses)
    };
    let listed = outline.queries.into_iter().map(|query| {
        let one = Query::of(&draft.text, &query.name);
        let uses = one.as_ref().map(|one| one.uses.clone());
        let ours = (catalog.tables.as_slice(), Dialect::Sqlite);
        let away = uses.filter(|uses| away(uses));
        Listed {
            is_guided: away.is_none()
                && one.is_some_and(|one| one.reads && read(&one.sql, ours).is_some()),
            away,
            name: query.name,
            reads: query.reads,
            line: query.line,
        }
    });
    let tables = catalog.tables.iter();
    Ok(Queries {
        shell: Shell::of(&member.viewer, "apps"),
        tab: "pages",
        all: listed.collect(),
        tables: tables
            .map(|table| (table.name.clone(), table.title.clone()))
            .collect(),
        databases,
        others: met(apps, member, app, "the queries"),
        fault,
        draft,
    })
}

pub(super) async fn open(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<Asking>> {
    let asked = Fields::parse(&query.unwrap_or_default());
    Ok(Page(page(&apps, &member, &app, &asked).await?))
}

/// The page as it is asked for: `table` begins a new query, `name` opens one.
async fn page(apps: &Apps, member: &Member, app: &str, asked: &Fields) -> Result<Asking> {
    let draft = actions::look(apps, member.workspace, app).await?;
    let outline = Outline::of(&draft.text).map_err(|unfit| Error::Refused(unfit.to_string()))?;
    let name = asked.get("name").unwrap_or_default();
    let old = Query::of(&draft.text, name).filter(|_| asked.get("new").is_none());
    let mut text = old
        .as_ref()
        .map(|old| old.sql.trim().to_owned())
        .unwrap_or_default();
    let uses = match &old {
        Some(old) => old.uses.as_str(),
        None => asked.get("use").unwrap_or_default(),
    };
    let there = there(apps, member, &draft.text, uses).await?;
    let found = match (&old, asked.get("table")) {
        (Some(old), _) if !old.reads => None,
        (Some(old), _) => read(&old.sql, (&there.tables, there.dialect)),
        (None, Some(table)) => {
            let table = there.tables.iter().find(|one| one.name == table);
            let table = table.ok_or(web::Error::NotFound)?;
            let guide = Guide {
                dialect: there.dialect,
                table: table.name.clone(),
                ..Guide::default()
            };
            Some((guide, table.clone()))
        }
        (None, None) => return Err(web::Error::NotFound),
    };
    if let Some((guide, table)) = &found {
        text = sql(guide, table);
    }
    let query = outline.queries.iter().find(|query| query.name == name);
    let pages = outline.in_order().into_iter();
    Ok(Asking {
        shell: Shell::of(&member.viewer, "apps"),
        tab: "pages",
        name: name.to_owned(),
        is_new: old.is_none(),
        line: query.map_or(1, |query| query.line),
        asked: found.map(|(guide, table)| Asked::of(guide, table)),
        sql: text,
        pages: pages
            .map(|page| (page.id.clone(), page.title.clone()))
            .collect(),
        kinds: shown_by(),
        others: met(apps, member, app, "a query"),
        there,
        faults: Faults::default(),
        fault: String::new(),
        draft,
    })
}

impl Asked {
    fn of(guide: Guide, table: Table) -> Asked {
        Asked {
            filters: rows(&guide),
            params: params(&guide, &table),
            guide,
            table,
        }
    }

    /// What rows are put together by: what the field is called, and the column.
    fn groups(&self) -> [(&'static str, &str); 2] {
        let of = |at: usize| self.guide.group.get(at).map_or("", String::as_str);
        [
            ("Put together by, first", of(0)),
            ("Put together by, second", of(1)),
        ]
    }

    fn measure(&self) -> (&str, &str) {
        let measure = self.guide.measure.as_ref();
        measure.map_or(("", ""), |(measure, column)| {
            (measure.word(), column.as_str())
        })
    }

    fn sort(&self) -> (&str, bool) {
        let sort = self.guide.sort.as_ref();
        sort.map_or(("", false), |(column, is_down)| (column.as_str(), *is_down))
    }

    fn limit(&self) -> String {
        self.guide
            .limit
            .map_or_else(String::new, |limit| limit.to_string())
    }

    /// What it can be sorted by: the columns, and what is worked out of them.
    fn sorts(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .table
            .columns
            .iter()
            .map(|one| one.name.clone())
            .collect();
        let plain = Guide {
            sort: None,
            ..self.guide.clone()
        };
        let given = given(&plain, &self.table);
        let more: Vec<String> = given.into_iter().filter(|one| !all.contains(one)).collect();
        all.extend(more);
        all
    }
}

impl Asking {
    fn fault_at(&self, name: &str) -> &str {
        self.faults.at(name).unwrap_or_default()
    }
}

/// The kinds of widget that need nothing but a query.
fn shown_by() -> Vec<(&'static str, String)> {
    let fits = |schema: &KindSchema| {
        let mut needed = schema.keys.iter().filter(|key| key.required);
        let reads = needed
            .clone()
            .any(|key| matches!(key.kind, KeyKind::ReadQuery));
        reads && needed.all(|key| matches!(key.kind, KeyKind::ReadQuery | KeyKind::Text))
    };
    let all = ALL.iter().map(|kind| kind.schema());
    let fitting = all.filter(fits);
    fitting
        .map(|schema| (schema.name, title(schema.name)))
        .collect()
}

pub(super) async fn save(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let seen = seen_at(&fields)?;
    let mut page = page(&apps, &member, &app, &fields).await?;
    let wanted = fields.get("table").unwrap_or_default();
    let table = page.there.tables.iter().find(|one| one.name == wanted);
    let table = table.cloned().ok_or(web::Error::NotFound)?;
    let guide = typed(&fields, (&table.name, page.there.dialect));
    for (name, why) in guide.faults(&table) {
        page.faults.add(&name, why);
    }
    page.sql = sql(&guide, &table);
    page.asked = Some(Asked::of(guide.clone(), table.clone()));
    if fields.get("do") == Some("look") {
        return Ok(Page(page).into_response());
    }
    if !page.faults.is_empty() {
        return Ok(Again(page).into_response());
    }
    let name = fields.get("name").unwrap_or_default().trim().to_owned();
    let is_new = fields.get("new").is_some();
    let uses = page.there.address().to_owned();
    let done = change(&apps, &member, (&app, seen), |text| {
        made(text, (&name, &uses, is_new), (&guide, &table), &fields)
    });
    match done.await {
        Ok((made, _)) => Ok(Done::to(format!("/edit/{app}{}", made.then))
            .saying(format!("Done: {}", made.what))
            .into_response()),
        Err(Trouble::Unfit(Unfit::Field(field, why))) => {
            page.faults = Faults::of(&field, why);
            Ok(Again(page).into_response())
        }
        Err(trouble) => match trouble.words(&apps, &member, &app).await {
            Ok(words) => {
                page.fault = words;
                Ok(Again(page).into_response())
            }
            Err(response) => Ok(*response),
        },
    }
}

/// The query in the text, and the widget that shows it where one is wanted.
fn made(
    text: &str,
    (name, uses, is_new): (&str, &str, bool),
    asked: (&Guide, &Table),
    fields: &Fields,
) -> std::result::Result<Made, Trouble> {
    if !is_new {
        return Ok(Made {
            text: change_query(text, name, asked)?,
            what: format!("change the query {name}"),
            then: "/queries".to_owned(),
        });
    }
    let text = add_query(text, (name, uses), asked)?;
    let kind = named(fields.get("kind").unwrap_or_default());
    let page = fields.get("page").filter(|page| !page.is_empty());
    let (Some(kind), Some(page)) = (kind, page) else {
        return Ok(Made {
            text,
            what: format!("add the query {name}"),
            then: "/queries".to_owned(),
        });
    };
    let new = NewWidget {
        kind: kind.schema(),
        begun: &kind.begun(page),
        query: name,
        input: "",
        at: None,
    };
    let (text, id) = editing::add_widget(&text, page, &new)?;
    Ok(Made {
        text,
        what: format!("add the query {name} and {id}, which shows it"),
        then: format!("/pages/{page}/widgets/{id}"),
    })
}
