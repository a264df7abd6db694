//! The page of a template: what one gets, and the button that makes it.

use askama::Template as Drawn;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::{Template, actions};
use crate::apps::making::{Author, arrived, fault};
use crate::apps::{Apps, Error};
use crate::data::ColumnType;
use crate::data::tables::MadeTable;
use crate::web::{self, Access, Again, Faults, Fields, Page, Result, Right, Routes, Shell};
use crate::workspaces::Member;

pub(in crate::apps) fn routes() -> Routes<Apps> {
    let build = Access::Needs(Right::Build);
    Routes::default()
        .get("/apps/new/{template}", build, show)
        .post("/apps/new/{template}", build, make)
}

#[derive(Drawn)]
#[template(path = "apps/template.html")]
struct ShowPage {
    shell: Shell,
    template: &'static Template,
    /// Pages of the menu, and how many others there are.
    menu: Vec<String>,
    others: usize,
    tables: Vec<MadeTable>,
    faults: Faults,
}

fn named(name: &str) -> Result<&'static Template> {
    let found = super::ALL.iter().find(|template| template.name == name);
    Ok(*found.ok_or(web::Error::NotFound)?)
}

async fn page(apps: &Apps, member: &Member, name: &str) -> Result<ShowPage> {
    let template = named(name)?;
    let author = Author::of(&member.viewer);
    let named = actions::named(apps, &member.db, &author, (template, "app")).await?;
    let menu: Vec<String> = named
        .app
        .menu()
        .iter()
        .map(|page| page.title.clone())
        .collect();
    Ok(ShowPage {
        shell: Shell::of(&member.viewer, "apps"),
        template,
        others: named.app.pages.len() - menu.len(),
        menu,
        tables: named.tables,
        faults: Faults::default(),
    })
}

async fn show(
    State(apps): State<Apps>,
    member: Member,
    Path(name): Path<String>,
) -> Result<Page<ShowPage>> {
    Ok(Page(page(&apps, &member, &name).await?))
}

async fn make(
    State(apps): State<Apps>,
    member: Member,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let (template, author) = (named(&name)?, Author::of(&member.viewer));
    let has_rows = fields.get("rows").is_some_and(|value| !value.is_empty());
    let what = (template, has_rows);
    match actions::make(&apps, &member.db, &author, what).await {
        Ok(made) => Ok(arrived(&made)),
        Err(error @ Error::Problems(_)) => Err(error.into()),
        Err(error) => {
            let faults = Faults::of("make", fault(error)?);
            let page = page(&apps, &member, &name).await?;
            Ok(Again(ShowPage { faults, ..page }).into_response())
        }
    }
}

/// The columns of a table as people read them, without its key.
fn columns(table: &MadeTable) -> String {
    let columns = { table.new.columns.iter() }.filter(|column| column.name != table.new.key);
    let each = columns.map(|column| {
        let mut references = table.references.iter();
        if references.any(|reference| reference.column == column.name) {
            return format!("{} (names a row)", column.title);
        }
        match column.kind {
            ColumnType::Text => column.title.clone(),
            kind => format!("{} ({})", column.title, kind.name()),
        }
    });
    each.collect::<Vec<_>>().join(", ")
}
