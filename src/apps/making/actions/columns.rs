//! Which columns a query gives, for whoever chooses among them.

use std::time::Duration;

use crate::apps::format::App;
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
    let query = app.query(query);
    let is_ours = |name: &str| {
        app.uses
            .iter()
            .any(|uses| uses.name == name && uses.kind == "sqlite")
    };
    let Some(query) = query.filter(|query| is_ours(&query.uses)) else {
        return Ok(Vec::new());
    };
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
