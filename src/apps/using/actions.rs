//! Having a query of an app change something, once; rows that leave; stars.

use std::sync::Arc;

use serde_json::json;

use super::model::Error;
use super::row::Row;
use super::{sql, writing};
use crate::apps::library::{self, Published};
use crate::apps::{Apps, Error as LibraryError};
use crate::base::Time;
use crate::journal::{self, Entry};
use crate::web::Viewer;
use crate::workspaces::Member;

/// How long a form that was sent is remembered.
pub(super) const REMEMBERED: i64 = 2 * Time::DAY;

/// A query that writes, with its values; of a form, its lines too.
pub(super) struct Order {
    pub(super) published: Arc<Published>,
    pub(super) row: Row,
    /// What the form that was sent is known by.
    pub(super) once: String,
    pub(super) now: Time,
}

/// Runs it in one transaction with its line in the journal. What was done before
/// under the same `once` is not done again.
pub(super) async fn run(member: &Member, order: Order) -> Result<(), Error> {
    let actor = member.viewer.actor();
    member
        .db
        .write(move |tx| {
            let Order { published, row, once, now } = order;
            let app = &published.app;
            if !sql::first_time(tx, &once, now)? {
                return Ok(());
            }
            sql::forget(tx, now.plus(-REMEMBERED))?;
            let told = writing::write(tx, app, &row)?;
            let query = &app.queries[row.query];
            let action = query.audit.as_deref().unwrap_or("app.query_run");
            let object = format!("{}/{}", app.id, query.name);
            let mut detail = json!({ "app": app.id, "version": published.version, "query": query.name, "rows": told.rows });
            if !told.lines.is_empty() {
                detail["lines"] = told.lines.into();
            }
            journal::record(tx, &Entry::new(now, &actor, action, object).with(detail))?;
            Ok(())
        })
        .await
}

/// Rows that leave as a file.
pub(super) struct Leaving {
    pub(super) published: Arc<Published>,
    pub(super) query: String,
    pub(super) format: String,
    pub(super) now: Time,
}

/// Says so in the journal, before the first row leaves.
pub(super) async fn exported(member: &Member, leaving: Leaving) -> Result<(), Error> {
    let actor = member.viewer.actor();
    let told = member.db.write(move |tx| {
        let Leaving { published, query, format, now } = leaving;
        let object = format!("{}/{query}", published.app.id);
        let detail = json!({ "app": published.app.id, "version": published.version, "query": query, "format": format });
        journal::record(tx, &Entry::new(now, &actor, "rows.exported", object).with(detail))?;
        Ok(())
    });
    told.await
}

/// Puts an app first in the list of whoever asks, or no longer.
pub(super) async fn star(
    apps: &Apps,
    who: &Viewer,
    app: &str,
    is_starred: bool,
) -> Result<(), LibraryError> {
    let (workspace, user) = (who.person.workspace, who.person.id);
    let (now, actor, app) = (apps.site().clock.now(), who.actor(), app.to_owned());
    let done = apps.site().system.write(move |tx| {
        if !library::sql::exists(tx, workspace, &app)? {
            return Err(LibraryError::Missing);
        }
        let (action, is_new) = if is_starred {
            (
                "app.starred",
                library::sql::star(tx, (workspace, &app), user)?,
            )
        } else {
            (
                "app.unstarred",
                library::sql::unstar(tx, (workspace, &app), user)?,
            )
        };
        if is_new {
            journal::record(tx, &Entry::new(now, &actor, action, app))?;
        }
        Ok(())
    });
    done.await
}
