//! An app made from tables that belong together: what it will have, and the making.

use serde_json::json;

use super::one_click::{Made, begin, free, index};
use crate::apps::making::generate::{Family, MOST, Outline, Shape, family_text, outline, survey};
use crate::apps::making::model::Author;
use crate::apps::{Apps, Error};
use crate::store::Db;
use crate::web::WorkspaceId;

/// What an app of several tables will be called, and what it will have.
pub(in crate::apps::making) struct Planned {
    pub(in crate::apps::making) title: String,
    pub(in crate::apps::making) outline: Vec<Outline>,
}

/// Looks at the tables and says what an app of them will have.
pub(in crate::apps::making) async fn plan(
    apps: &Apps,
    db: &Db,
    workspace: WorkspaceId,
    tables: &[String],
) -> Result<Planned, Error> {
    let family = family(apps, db, workspace, tables).await?;
    Ok(Planned {
        title: family.title(),
        outline: outline(&family),
    })
}

/// Makes the app and publishes it as version 1, if one person may.
pub(in crate::apps::making) async fn make_of(
    apps: &Apps,
    db: &Db,
    author: &Author,
    (tables, title): (&[String], &str),
) -> Result<Made, Error> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > 120 {
        let text = "write a title of 1 to 120 characters, such as Orders desk";
        return Err(Error::Refused(text.to_owned()));
    }
    let family = family(apps, db, author.workspace, tables).await?;
    index(apps, db, author, family.indexed()).await?;
    let id = free(apps, author, title).await?;
    let text = family_text(&id, title, &family);
    let note = format!("Made from the tables {}", tables.join(", "));
    begin(apps, author, (id, text), (json!(tables), note)).await
}

async fn family(
    apps: &Apps,
    db: &Db,
    workspace: WorkspaceId,
    names: &[String],
) -> Result<Family, Error> {
    if names.is_empty() {
        return Err(Error::Refused("choose at least one table".to_owned()));
    }
    if names.len() > MOST {
        return Err(Error::Refused(format!(
            "an app is made from {MOST} tables at the most; leave some out"
        )));
    }
    let catalog = apps.data.catalog(workspace, db).await?;
    let mut shapes: Vec<Shape> = Vec::new();
    for name in names {
        let Some(table) = catalog.table(name).cloned() else {
            return Err(Error::Refused(format!(
                "there is no table `{name}`; choose another"
            )));
        };
        let is_twice = shapes.iter().any(|shape| shape.table.name == *name);
        if is_twice {
            continue;
        }
        let shape = survey(db, std::sync::Arc::clone(&catalog), table).await?;
        if shape.columns.is_empty() {
            return Err(Error::Refused(format!(
                "{} has no column but its key; add one first, or leave it out",
                shape.table.title
            )));
        }
        shapes.push(shape);
    }
    Ok(Family::of(shapes))
}
