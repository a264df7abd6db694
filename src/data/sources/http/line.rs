//! Asking an API: what a statement names is fetched, and asked in memory.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout};

use super::described::{Described, Shape};
use super::fetch::{self, Far, Left};
use super::sql;
use crate::base::Secret;
use crate::data::sources::model::{Bounds, Error, Place};
use crate::data::sources::statement::Asked;
use crate::data::sources::stopping::Stopper;
use crate::data::sources::trial::Powers;
use crate::data::sources::{Line, Wanted};
use crate::data::sql_text::Dialect;
use crate::data::{Question, Rows, sql_text};
use crate::egress::{Client, Egress};
use crate::store::{self, Budget, Cancel};

/// Where an API is and how it lets one in.
pub(super) struct Api {
    pub(super) egress: Egress,
    /// `None`: without TLS, for a reason that somebody gave.
    pub(super) client: Option<Client>,
    /// Its `database` is the path of the address, its `user` the name of a header.
    pub(super) place: Place,
    /// What that header says.
    pub(super) secret: Secret,
    pub(super) bounds: Bounds,
}

pub(super) struct HttpLine {
    api: Api,
    described: Arc<Described>,
    cancel: Cancel,
}

impl HttpLine {
    pub(super) fn new(api: Api, described: Described) -> HttpLine {
        HttpLine {
            api,
            described: Arc::new(described),
            cancel: Cancel::default(),
        }
    }

    fn limit(&self) -> Duration {
        Duration::from_secs(u64::from(self.api.bounds.seconds))
    }

    async fn answer(&self, asked: &Asked) -> Result<Rows, Error> {
        let begun = Instant::now();
        let question = question(asked);
        let (described, caps) = (&self.described, asked.caps);
        let budget = || Budget {
            time: self.limit().saturating_sub(begun.elapsed()),
            cancel: self.cancel.clone(),
        };
        let told = |error| self.told(asked, error);
        if let Some(sql) = question.sql.strip_prefix("explain ") {
            let (described, sql, budget) = (Arc::clone(described), sql.to_owned(), budget());
            return aside(move || sql::plan(&described, &sql, &budget))
                .await
                .map_err(told);
        }
        // What cannot be asked calls nobody.
        let (known, text, time) = (Arc::clone(described), question.sql.clone(), budget());
        let checked = aside(move || sql::check(&known, &text, &time)).await;
        checked.map_err(told)?;
        let (mut held, mut left) = (Vec::new(), Left::default());
        // Whoever wants no row asks for the columns.
        let wanted = named(described, &question.sql).filter(|_| caps.rows > 0);
        for shape in wanted {
            let rows = fetch::rows(&self.api, shape, (&mut left, Far::All)).await?;
            held.push((shape.name.clone(), rows));
        }
        let (described, budget) = (Arc::clone(described), budget());
        let answer = aside(move || sql::answer(&described, &held, (&question, caps, &budget)));
        answer.await.map_err(told)
    }

    /// What went wrong with a statement of somebody's.
    fn told(&self, asked: &Asked, error: store::Error) -> Error {
        match error {
            store::Error::BadSql { message, offset } => Error::BadQuery {
                code: "statement".to_owned(),
                message,
                offset: offset.map(|at| asked.sql.origin(at)),
            },
            store::Error::Denied(message) => Error::Denied {
                code: "not allowed".to_owned(),
                message,
            },
            store::Error::NoMemory => Error::Denied {
                code: "memory".to_owned(),
                message: store::Error::NoMemory.to_string(),
            },
            store::Error::Limit {
                bound: crate::base::Bound::Answer,
                most,
            } => Error::TooMuch(usize::try_from(most).unwrap_or(usize::MAX)),
            store::Error::Limit { .. } | store::Error::TooSlow | store::Error::Cancelled => {
                Error::TooSlow(self.limit())
            }
            other => Error::Store(other),
        }
    }
}

/// The statement with its values under their names.
fn question(asked: &Asked) -> Question {
    let names = asked.sql.names.iter().cloned();
    Question {
        sql: asked.sql.text.clone(),
        values: names.zip(asked.values.iter().cloned()).collect(),
    }
}

/// The tables that a statement names, each once. A column of the same name counts too: one
/// table too many costs a question, one too few would be wrong.
fn named<'a>(described: &'a Described, sql: &str) -> impl Iterator<Item = &'a Shape> {
    let tokens = Dialect::Sqlite.tokens(sql).unwrap_or_default();
    let names = tokens
        .iter()
        .filter_map(|token: &sql_text::Token| token.name(sql));
    let names: Vec<String> = names.collect();
    let tables = described.tables.iter();
    tables.filter(move |shape| names.contains(&shape.name))
}

/// Work of the engine, beside those who wait.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, store::Error> + Send + 'static,
) -> Result<T, store::Error> {
    let done = spawn_blocking(work).await;
    done.map_err(|error| store::Error::Io(std::io::Error::other(error)))?
}

impl Line for HttpLine {
    fn ask<'a>(&'a mut self, asked: &'a Asked) -> BoxFuture<'a, Result<Rows, Error>> {
        Box::pin(async move {
            let limit = self.limit();
            let answer = timeout(limit, self.answer(asked)).await;
            answer.map_err(|_elapsed| Error::TooSlow(limit))?
        })
    }

    fn change<'a>(&'a mut self, _: &'a Asked, _: Wanted) -> BoxFuture<'a, Result<u64, Error>> {
        Box::pin(async { Err(Error::NoWriter) })
    }

    /// Reads the first page of each table.
    fn powers(&mut self) -> BoxFuture<'_, Result<Powers, Error>> {
        Box::pin(async move {
            for shape in &self.described.tables {
                let left = (&mut Left::default(), Far::First);
                let limit = self.limit();
                let first = timeout(limit, fetch::rows(&self.api, shape, left)).await;
                first.map_err(|_elapsed| Error::TooSlow(limit))??;
            }
            let tables = i64::try_from(self.described.tables.len()).unwrap_or(i64::MAX);
            Ok(Powers {
                tables,
                too_many: String::new(),
            })
        })
    }

    fn stopper(&self) -> Box<dyn Stopper> {
        Box::new(StopHere(self.cancel.clone()))
    }

    fn is_sound(&self) -> bool {
        !self.cancel.is_cancelled()
    }
}

/// Fetching ends when nobody waits for it; the engine is told.
struct StopHere(Cancel);

impl Stopper for StopHere {
    fn stop(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move { self.0.cancel() })
    }
}
