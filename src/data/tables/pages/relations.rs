//! Which columns name rows of which tables: said by hand, or looked for.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::find;
use super::settings::settings;
use crate::base::text::thousands;
use crate::data::Data;
use crate::data::tables::{actions, sql};
use crate::store::{Budget, Lane};
use crate::web::{self, Done, Fields, Result};
use crate::workspaces::Member;

/// Counting values that name no row takes this long at the most.
const COUNTING: Duration = Duration::from_secs(5);

pub(super) async fn refer(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Response> {
    let (catalog, table) = find(&data, &member, &name).await?;
    let column = table
        .column(fields.get("column").unwrap_or_default())
        .filter(|column| table.may_refer(column))
        .cloned()
        .ok_or(web::Error::NotFound)?;
    let wanted = fields.get("to").unwrap_or_default();
    let to = match wanted {
        "" => None,
        wanted => Some(catalog.table(wanted).cloned().ok_or(web::Error::NotFound)?),
    };
    let word = to.as_ref().map(|to| to.name.clone());
    actions::refer(&data, &member, table.clone(), column.name.clone(), word).await?;
    let Some(to) = to else {
        let said = format!("{} names no rows of another table", column.title);
        return Ok(settings(&name).saying(said).into_response());
    };
    let said = format!("{} names rows of {}", column.title, to.title);
    let fit = member
        .db
        .ask(Lane::Page, Budget::of(COUNTING), move |guarded| {
            let of = (&table, column.name.as_str());
            sql::fit(guarded, &catalog, of, &to)
        });
    Ok(settings(&name)
        .saying(told(said, fit.await.ok()))
        .into_response())
}

/// What does not fit is said, and stands.
fn told(said: String, fit: Option<sql::Fit>) -> String {
    match fit {
        Some(fit) if fit.astray == 1 => format!("{said}; one row names none that is there"),
        Some(fit) if fit.astray > 1 => {
            let astray = thousands(fit.astray);
            format!("{said}; {astray} rows name none that is there")
        }
        // A long table is not counted to its end.
        _ => said,
    }
}

pub(super) async fn find_all(
    State(data): State<Data>,
    member: Member,
    Path(name): Path<String>,
) -> Result<Done> {
    find(&data, &member, &name).await?;
    let (of, actor) = ((member.workspace, &member.db), member.viewer.actor());
    let said = match actions::find_references(&data, of, &actor, &name).await? {
        0 => "No other column is called like a table and has its keys only".to_owned(),
        1 => "One reference was found".to_owned(),
        many => format!("{many} references were found"),
    };
    Ok(settings(&name).saying(said))
}
