//! Which columns a query gives, for whoever chooses among them.

use std::time::Duration;

use tokio::time::timeout;

use crate::apps::format::{App, Query};
use crate::apps::render::asked;
use crate::apps::sources::Places;
use crate::apps::{Apps, Error};
use crate::data::Column;
use crate::store::{Budget, Error as StoreError, Lane};
use crate::workspaces::Member;

/// Preparing a query takes this long at the most.
const PREPARING: Duration = Duration::from_secs(2);

/// The columns of a query of the app; none where the database cannot say.
pub(in crate::apps::making) async fn columns(
    apps: &Apps,
    member: &Member,
    app: &App,
    query: &str,
) -> Result<Vec<Column>, Error> {
    let Some(query) = app.query(query) else {
        return Ok(Vec::new());
    };
    if !app.is_own(&query.uses) {
        let away = timeout(PREPARING, elsewhere(apps, member, app, query));
        return away.await.unwrap_or_else(|_late| Ok(Vec::new()));
    }
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let sql = query.sql.clone();
    let found = member
        .db
        .ask(Lane::Desk, Budget::of(PREPARING), move |guarded| {
            let prepared = guarded.prepare(&sql);
            Ok::<_, StoreError>(
                prepared.map_or_else(|_| Vec::new(), |one| catalog.columns_of(&one)),
            )
        });
    Ok(found.await.unwrap_or_default())
}

/// The server says it of the statement without any values, and gives no row.
async fn elsewhere(
    apps: &Apps,
    member: &Member,
    app: &App,
    query: &Query,
) -> Result<Vec<Column>, Error> {
    let places = Places::of(apps, member.workspace, app).await?;
    let (Ok(Some(place)), Ok(statement)) = (places.of_query(query), query.statement(&[])) else {
        return Ok(Vec::new());
    };
    let told = place.columns((&apps.data, member), &asked(statement)).await;
    Ok(told.unwrap_or_default())
}
