//! Having a query of an app change something in a database elsewhere, once.
//!
//! Two databases share no transaction. So what is going to be sent is written down here
//! first, then it is sent, then it is written down what became of it. Where the machine
//! fails in between, the first line stands alone: nobody sends it again unawares, and the
//! audit trail shows that its outcome is not known.

use serde_json::{Value, json};

use super::actions::{Order, REMEMBERED};
use super::model::Error;
use super::sql::{self, Token};
use crate::apps::Apps;
use crate::apps::sources::Place;
use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::workspaces::Member;

/// Sends it, unless it was sent before under the same `once`.
///
/// # Errors
///
/// Nothing was changed, but for [`Error::Unknown`].
pub(super) async fn run(
    apps: &Apps,
    member: &Member,
    place: &Place,
    order: Order,
) -> Result<(), Error> {
    let row = &order.row;
    if !row.below.is_empty() || !row.counts.is_empty() {
        let said = "lines below a form are saved in this workspace's own tables only";
        return Err(Error::Query(said.to_owned()));
    }
    let errand = Errand {
        apps: apps.clone(),
        member: member.clone(),
        place: place.clone(),
        order,
    };
    // Whoever sent it may go: what was begun comes to its end, and is written down.
    let done = tokio::spawn(errand.run()).await;
    done.map_err(|_panicked| Error::Unknown)?
}

struct Errand {
    apps: Apps,
    member: Member,
    place: Place,
    order: Order,
}

impl Errand {
    async fn run(self) -> Result<(), Error> {
        match self.begin().await? {
            Token::New => {}
            Token::Done => return Ok(()),
            Token::Open => return Err(Error::Unknown),
        }
        let (query, question) = (
            &self.order.published.app.queries[self.order.row.query],
            &self.order.row.asks.question,
        );
        let changed = self
            .place
            .change((&self.apps.data, &self.member), question, query.expect);
        match changed.await {
            Ok(rows) => self.close(rows).await,
            Err(refusal) => {
                let error = Error::from(refusal);
                if !matches!(error, Error::Unknown) {
                    self.take_back().await?;
                }
                Err(error)
            }
        }
    }

    /// What the journal says of it in each of its lines.
    fn told(&self) -> (String, Value) {
        let (app, version) = (&self.order.published.app, self.order.published.version);
        let query = &app.queries[self.order.row.query].name;
        let detail = json!({
            "app": app.id, "version": version, "query": query, "database": self.place.name(),
        });
        (format!("{}/{query}", app.id), detail)
    }

    fn actor(&self) -> Actor {
        self.member.viewer.actor()
    }

    async fn begin(&self) -> Result<Token, Error> {
        let (once, now, actor) = (self.order.once.clone(), self.order.now, self.actor());
        let (object, detail) = self.told();
        let begun = self.member.db.write(move |tx| {
            let token = sql::begin(tx, &once, now)?;
            if token == Token::New {
                sql::forget(tx, now.plus(-REMEMBERED))?;
                let entry = Entry::new(now, &actor, "app.query_sent", object);
                journal::record(tx, &entry.with(detail))?;
            }
            Ok::<_, Error>(token)
        });
        begun.await
    }

    async fn close(&self, rows: u64) -> Result<(), Error> {
        let query = &self.order.published.app.queries[self.order.row.query];
        let action = query.audit.clone();
        let action = action.unwrap_or_else(|| "app.query_run".to_owned());
        let (once, now, actor) = (self.order.once.clone(), self.now(), self.actor());
        let (object, mut detail) = self.told();
        detail["rows"] = json!(rows);
        let closed = self.member.db.write(move |tx| {
            sql::close(tx, &once)?;
            let entry = Entry::new(now, &actor, &action, object);
            journal::record(tx, &entry.with(detail))?;
            Ok::<_, Error>(())
        });
        // It stands there; that it is not written down here is a matter for the log.
        if let Err(error) = closed.await {
            tracing::error!("a change elsewhere took effect and could not be noted: {error}");
        }
        Ok(())
    }

    async fn take_back(&self) -> Result<(), Error> {
        let (once, now, actor) = (self.order.once.clone(), self.now(), self.actor());
        let (object, detail) = self.told();
        let taken = self.member.db.write(move |tx| {
            sql::take_back(tx, &once)?;
            let entry = Entry::new(now, &actor, "app.query_refused", object);
            journal::record(tx, &entry.with(detail))?;
            Ok::<_, Error>(())
        });
        taken.await
    }

    fn now(&self) -> Time {
        self.apps.site().clock.now()
    }
}
