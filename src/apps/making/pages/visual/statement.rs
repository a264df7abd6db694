//! One query whose SQL is typed: the statement, its values, and what else it says.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};

use super::super::{Read, actions};
use super::changing::{Made, Trouble, change, seen_at};
use super::here::met;
use super::offer;
use super::there::{Databases, There, databases, there};
use crate::apps::editing::{Field, Offer, Outline, Unfit, remove_query};
use crate::apps::library::Draft;
use crate::apps::making::guide::{Query, fresh, source};
use crate::apps::making::present::Other;
use crate::apps::making::statement::{Param, Typed, at_fields, begun, params, sheet, written};
use crate::apps::sharing::MayEdit;
use crate::apps::{Apps, Error};
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Shell};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "apps/statement.html")]
pub(super) struct Statement {
    shell: Shell,
    /// The tab that is lit.
    tab: &'static str,
    draft: Draft,
    name: String,
    is_new: bool,
    writes: bool,
    line: usize,
    sql: String,
    there: There,
    databases: Databases,
    /// Besides the statement.
    fields: Vec<Field>,
    params: Vec<Param>,
    others: Vec<Other>,
    faults: Faults,
    fault: String,
}

impl Statement {
    fn fault_at(&self, name: &str) -> &str {
        self.faults.at(name).unwrap_or_default()
    }

    /// A value with something wrong among what is folded away is unfolded.
    fn is_open(&self, param: &Param) -> bool {
        let is_wrong = |field: &Field| self.faults.at(&field.name).is_some();
        param.is_open || param.more.iter().any(is_wrong)
    }
}

/// What an address or a form says of the query it is about.
struct Asked {
    name: String,
    is_new: bool,
    uses: String,
    writes: bool,
    sql: String,
}

impl Asked {
    /// What was not sent is what stands in the text.
    fn of(text: &str, fields: &Fields) -> Result<Asked> {
        let name = fields.get("name").unwrap_or_default().trim().to_owned();
        let is_new = fields.get("new").is_some();
        let old = Query::of(text, &name).filter(|_| !is_new);
        if old.is_none() && !is_new {
            return Err(web::Error::NotFound);
        }
        let said = |name: &str| fields.get(name).map(str::trim).map(str::to_owned);
        let old_uses = old.as_ref().map(|old| old.uses.clone());
        let old_sql = old.as_ref().map(|old| old.sql.trim().to_owned());
        let sql = said("sql").map(|sql| sql.replace("\r\n", "\n"));
        Ok(Asked {
            uses: said("use").or(old_uses).unwrap_or_default(),
            writes: match &old {
                Some(old) => !old.reads,
                None => fields.get("kind") == Some("write"),
            },
            sql: sql.or(old_sql).unwrap_or_default(),
            is_new,
            name,
        })
    }

    fn typed<'a>(
        &'a self,
        (name, uses): (&'a str, &'a str),
        there: &'a There,
        fields: &'a Fields,
    ) -> Typed<'a> {
        Typed {
            name,
            is_new: self.is_new,
            uses,
            dialect: there.dialect,
            writes: self.writes,
            sql: &self.sql,
            tables: &there.tables,
            fields,
        }
    }
}

pub(super) async fn open(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Page<Statement>> {
    let asked = Fields::parse(&query.unwrap_or_default());
    Ok(Page(page(&apps, &member, &app, (&asked, None)).await?))
}

/// The query as it stands in the text, or as it was typed.
async fn page(
    apps: &Apps,
    member: &Member,
    app: &str,
    (fields, typed): (&Fields, Option<&Fields>),
) -> Result<Statement> {
    let draft = actions::look(apps, member.workspace, app).await?;
    let asked = Asked::of(&draft.text, fields)?;
    let there = there(apps, member, &draft.text, &asked.uses).await?;
    let outline = Outline::of(&draft.text).map_err(|unfit| Error::Refused(unfit.to_string()))?;
    let read = Read::of(&draft.text).app;
    let offer = offer::of_app(&outline, read.as_ref());
    // A query that has no name yet has its values all the same.
    let free = || (0..).map(|at| format!("query-{at}"));
    let name = match fresh(&draft.text, &asked.name) {
        Err(_) if asked.is_new => free().find(|name| fresh(&draft.text, name).is_ok()),
        _ => Some(asked.name.clone()),
    };
    let name = name.unwrap_or_default();
    let mut faults = Faults::default();
    let sent = typed.unwrap_or(fields);
    let text = named(&draft.text, &there.uses)
        .and_then(|(text, uses)| begun(&text, &asked.typed((&name, &uses), &there, sent)));
    let text = match text {
        Ok(text) => text,
        Err(Unfit::Field(field, why)) if typed.is_some() => {
            faults.add(&field, why);
            draft.text.clone()
        }
        Err(_) => draft.text.clone(),
    };
    let query = outline.queries.iter().find(|query| query.name == name);
    Ok(Statement {
        shell: Shell::of(&member.viewer, "apps"),
        tab: "pages",
        line: query.map_or(1, |query| query.line),
        fields: besides(&asked, (&text, &name), &offer, typed),
        params: params((&text, &name), &offer, typed),
        databases: databases(apps, member, &draft.text).await?,
        others: met(apps, member, app, "a query"),
        fault: String::new(),
        name: asked.name,
        is_new: asked.is_new,
        writes: asked.writes,
        sql: asked.sql,
        there,
        draft,
        faults,
    })
}

/// The text with a name for the database. The workspace's own has one from then on.
fn named(text: &str, uses: &str) -> std::result::Result<(String, String), Unfit> {
    if uses.is_empty() {
        return source(text);
    }
    Ok((text.to_owned(), uses.to_owned()))
}

/// The fields about a query besides its statement. One that is to change rows changes one.
fn besides(
    asked: &Asked,
    (text, name): (&str, &str),
    offer: &Offer,
    typed: Option<&Fields>,
) -> Vec<Field> {
    let one = Fields::of([("k.expect", "1")]);
    let begins = (asked.is_new && asked.writes).then_some(&one);
    sheet(name, asked.writes).fields(text, offer, typed.or(begins))
}

pub(super) async fn save(
    State(apps): State<Apps>,
    MayEdit(member): MayEdit,
    Path(app): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let seen = seen_at(&fields)?;
    if fields.get("do") == Some("remove") {
        return remove(&apps, &member, &app, &fields).await;
    }
    let mut page = page(&apps, &member, &app, (&fields, Some(&fields))).await?;
    if fields.get("do") == Some("look") {
        return Ok(Page(page).into_response());
    }
    let asked = Asked::of(&page.draft.text, &fields)?;
    let mut faults = None;
    let done = change(&apps, &member, (&app, seen), |text| {
        let (text, uses) = named(text, &page.there.uses)?;
        let typed = asked.typed((&asked.name, &uses), &page.there, &fields);
        match written(&text, &typed) {
            Ok(text) => Ok(Made {
                text,
                what: said(&asked),
                then: String::new(),
            }),
            Err(wrong) => {
                faults = Some(wrong);
                Err(Unfit::Field(String::new(), String::new()).into())
            }
        }
    });
    match done.await {
        Ok((made, _)) => {
            return Ok(Done::to(format!("/edit/{app}/queries"))
                .saying(format!("Done: {}", made.what))
                .into_response());
        }
        Err(Trouble::Unfit(Unfit::Field(..))) if faults.is_some() => {
            page.faults = faults.unwrap_or_default();
        }
        Err(Trouble::Broken(problems, text)) => {
            page.faults = at_fields((&text, &asked.name, asked.writes), &problems);
        }
        Err(trouble) => match trouble.words(&apps, &member, &app).await {
            Ok(words) => page.fault = words,
            Err(response) => return Ok(*response),
        },
    }
    Ok(Again(page).into_response())
}

fn said(asked: &Asked) -> String {
    let verb = if asked.is_new { "add" } else { "change" };
    format!("{verb} the query {}", asked.name)
}

/// Takes the query out; what still names it is said, and nothing happens.
async fn remove(apps: &Apps, member: &Member, app: &str, fields: &Fields) -> Result<Response> {
    let seen = seen_at(fields)?;
    let name = fields.get("name").unwrap_or_default();
    let done = change(apps, member, (app, seen), |text| {
        Ok(Made {
            text: remove_query(text, name)?,
            what: format!("remove the query {name}"),
            then: String::new(),
        })
    });
    match done.await {
        Ok((made, _)) => Ok(Done::to(format!("/edit/{app}/queries"))
            .saying(format!("Done: {}", made.what))
            .into_response()),
        Err(trouble) => match trouble.words(apps, member, app).await {
            Ok(words) => {
                let mut page = page(apps, member, app, (fields, Some(fields))).await?;
                page.fault = words;
                Ok(Again(page).into_response())
            }
            Err(response) => Ok(*response),
        },
    }
}
