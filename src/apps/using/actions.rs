//! Having a query of an app change something, once; and rows that leave.

use std::sync::Arc;

use serde_json::json;

use super::model::Error;
use super::sql;
use crate::apps::library::Published;
use crate::base::Time;
use crate::data::Question;
use crate::journal::{self, Entry};
use crate::store::{Mutation, ToSql, mutate};
use crate::workspaces::Member;

/// How long a form that was sent is remembered.
const REMEMBERED: i64 = 2 * Time::DAY;

/// A query that writes, with its values.
pub(super) struct Order {
    pub(super) published: Arc<Published>,
    /// Where the query stands in the app.
    pub(super) query: usize,
    pub(super) question: Question,
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
            let Order { published, query, question, once, now } = order;
            let (app, query) = (&published.app, &published.app.queries[query]);
            if !sql::first_time(tx, &once, now)? {
                return Ok(());
            }
            sql::forget(tx, now.plus(-REMEMBERED))?;
            let named: Vec<(String, _)> = { question.values.iter() }
                .map(|(name, value)| (format!(":{name}"), value))
                .collect();
            let values: Vec<(&str, &dyn ToSql)> = { named.iter() }
                .map(|(name, value)| (name.as_str(), *value as &dyn ToSql))
                .collect();
            let rows = mutate(tx, &Mutation { sql: &question.sql, values: &values })?;
            if let Some(wanted) = query.expect.filter(|wanted| u64::try_from(rows) != Ok(*wanted)) {
                return Err(Error::Expected { wanted, found: rows });
            }
            let action = query.audit.as_deref().unwrap_or("app.query_run");
            let object = format!("{}/{}", app.id, query.name);
            let detail = json!({ "app": app.id, "version": published.version, "query": query.name, "rows": rows });
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
