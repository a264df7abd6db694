//! A connection to PostgreSQL: one question at a time, each in a transaction that reads.

use std::pin::{Pin, pin};
use std::time::Duration;

use futures_util::TryStreamExt;
use futures_util::future::{BoxFuture, join};
use tokio_postgres::error::{DbError, ErrorPosition, SqlState};
use tokio_postgres::{CancelToken, Client, RowStream, Statement, Transaction};

use super::secure::Secure;
use super::values::{self, Bound};
use super::wire::Wire;
use crate::data::sources::model::{Bounds, Error, Place, Rule, Way};
use crate::data::sources::statement::Asked;
use crate::data::sources::stopping::Stopper;
use crate::data::sources::trial::Powers;
use crate::data::sources::{Line, Wanted};
use crate::data::{self, Rows};
use crate::egress::{Egress, Purpose};

/// Rows an answer has room for before it grows.
const ROOM: usize = 100;

pub(super) struct PostgresLine {
    session: Session,
    wire: Wire,
}

/// What is asked over the wire.
struct Session {
    client: Client,
    bounds: Bounds,
    is_sound: bool,
    stop: Stop,
}

/// Who tells the server to stop: over a connection of its own, as the protocol has it.
#[derive(Clone)]
struct Stop {
    egress: Egress,
    place: Place,
    secure: Secure,
    token: CancelToken,
}

/// What is set of every session, so that answers do not hang on the server's settings.
fn settings(bounds: Bounds) -> String {
    format!(
        "set statement_timeout = '{0}s'; set idle_in_transaction_session_timeout = '{0}s'; \
         set default_transaction_read_only = on; set standard_conforming_strings = on; \
         set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; \
         set bytea_output = 'hex'; set extra_float_digits = 1; set client_encoding = 'UTF8'",
        bounds.seconds
    )
}

impl PostgresLine {
    pub(super) async fn begin(
        (client, mut wire): (Client, Wire),
        way: &Way,
        secure: Secure,
    ) -> Result<PostgresLine, tokio_postgres::Error> {
        let settings = settings(way.bounds);
        wire.carry(client.batch_execute(&settings)).await?;
        let stop = Stop {
            egress: way.egress.clone(),
            place: way.place.clone(),
            secure,
            token: client.cancel_token(),
        };
        let session = Session {
            client,
            bounds: way.bounds,
            is_sound: true,
            stop,
        };
        Ok(PostgresLine { session, wire })
    }
}

impl Session {
    async fn answer(&mut self, asked: &Asked) -> Result<Rows, Error> {
        // Until the transaction has ended, something of the question is left.
        self.is_sound = false;
        let bounds = self.bounds;
        let fault = |error: tokio_postgres::Error| told(&error, asked, bounds);
        let begun = self
            .client
            .build_transaction()
            .read_only(true)
            .start()
            .await;
        let transaction = begun.map_err(fault)?;
        let asking = begin(&transaction, asked).await;
        // Undone by what is sent next, which the server does when it has answered: the rows,
        // the end of the transaction and what follows go one way together.
        drop(transaction);
        // What a function held for the session and not for the transaction.
        let freeing = self.client.batch_execute("select pg_advisory_unlock_all()");
        let reading = async {
            match asking {
                Ok(answer) => answer.rows(asked).await,
                Err(error) => Err(error.into()),
            }
        };
        let (freed, read) = join(freeing, reading).await;
        self.is_sound = freed.is_ok() && !self.client.is_closed();
        match read {
            Ok(rows) => Ok(rows),
            Err(Stumble::Server(error)) => Err(told(&error, asked, bounds)),
            Err(Stumble::TooMuch) => Err(Error::TooMuch(asked.caps.bytes >> 20)),
        }
    }

    async fn changed(&mut self, asked: &Asked, wanted: Wanted) -> Result<u64, Error> {
        self.is_sound = false;
        let bounds = self.bounds;
        let fault = |error: tokio_postgres::Error| told(&error, asked, bounds);
        let begun = self
            .client
            .build_transaction()
            .read_only(false)
            .start()
            .await;
        let transaction = begun.map_err(fault)?;
        let statement = transaction.prepare(&asked.sql.text).await.map_err(fault)?;
        let bound: Vec<Bound> = asked.values.iter().map(Bound::of).collect();
        let (found, is_vouched) = if wanted.is_vouched {
            vouched(&transaction, (&statement, &bound)).await
        } else {
            let found = transaction.execute_raw(&statement, bound.iter()).await;
            found.map(|found| (found, false))
        }
        .map_err(fault)?;
        if let Some(unwanted) = wanted.refuses(found, is_vouched) {
            transaction.rollback().await.map_err(fault)?;
            return Err(unwanted);
        }
        // A rule that is looked at last may still refuse; what breaks now leaves it open.
        transaction
            .commit()
            .await
            .map_err(|error| match fault(error) {
                Error::Broke(why) => Error::Unknown(why),
                other => other,
            })?;
        Ok(found)
    }
}

/// What ends an answer before its end.
enum Stumble {
    Server(tokio_postgres::Error),
    TooMuch,
}

impl From<tokio_postgres::Error> for Stumble {
    fn from(error: tokio_postgres::Error) -> Stumble {
        Stumble::Server(error)
    }
}

/// How many rows it changed, and whether each of them gave a 1.
async fn vouched(
    transaction: &Transaction<'_>,
    (statement, bound): (&Statement, &[Bound]),
) -> Result<(u64, bool), tokio_postgres::Error> {
    let mut rows = pin!(transaction.query_raw(statement, bound).await?);
    let (mut found, mut is_vouched) = (0, true);
    while let Some(row) = rows.try_next().await? {
        found += 1;
        is_vouched &= row.try_get::<_, Option<i32>>(0)? == Some(1);
    }
    Ok((found, is_vouched))
}

/// A question that is on its way.
struct Answer {
    columns: Vec<data::Column>,
    readings: Vec<values::Reading>,
    found: Pin<Box<RowStream>>,
}

async fn begin(
    transaction: &Transaction<'_>,
    asked: &Asked,
) -> Result<Answer, tokio_postgres::Error> {
    let plain = transaction.prepare(&asked.sql.text).await?;
    let columns = plain.columns();
    let cast = values::cast(columns).filter(|_| asked.sql.is_query);
    let statement = match &cast {
        Some(cast) => {
            let sql = format!(
                "select {} from (\n{}\n) as q ({})",
                cast.columns, asked.sql.text, cast.names
            );
            transaction.prepare_typed(&sql, plain.params()).await?
        }
        None => plain.clone(),
    };
    let bound: Vec<Bound> = asked.values.iter().map(Bound::of).collect();
    let portal = transaction.bind_raw(&statement, bound.iter()).await?;
    // The server is asked for one row more than is wanted, and for no others.
    let most = i32::try_from(asked.caps.rows + 1).unwrap_or(i32::MAX);
    let found = transaction.query_portal_raw(&portal, most).await?;
    Ok(Answer {
        columns: columns.iter().map(values::column).collect(),
        readings: { columns.iter() }
            .map(|column| values::Reading::of(column.type_()))
            .collect(),
        found: Box::pin(found),
    })
}

impl Answer {
    async fn rows(mut self, asked: &Asked) -> Result<Rows, Stumble> {
        let mut rows = Rows::new(self.columns);
        rows.reserve(asked.caps.rows.min(ROOM));
        let mut taken = 0;
        while let Some(row) = self.found.try_next().await? {
            if taken >= asked.caps.rows {
                rows.more = true;
                continue;
            }
            for (at, reading) in self.readings.iter().enumerate() {
                let raw: Option<values::Raw<'_>> = row.try_get(at)?;
                values::push(&mut rows, *reading, raw.as_ref());
            }
            taken += 1;
            if rows.size() > asked.caps.bytes {
                return Err(Stumble::TooMuch);
            }
        }
        Ok(rows)
    }
}

/// The server's words, for whoever wrote the statement.
fn told(error: &tokio_postgres::Error, asked: &Asked, bounds: Bounds) -> Error {
    let Some(said) = error.as_db_error() else {
        let source = std::error::Error::source(error);
        return Error::Broke(source.map_or_else(|| error.to_string(), ToString::to_string));
    };
    let code = said.code();
    let closing = [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    ];
    if *code == SqlState::QUERY_CANCELED {
        return Error::TooSlow(Duration::from_secs(u64::from(bounds.seconds)));
    }
    if closing.contains(code) {
        return Error::Broke(said.message().to_owned());
    }
    let message = said.message().to_owned();
    let code_text = code.code().to_owned();
    if let Some(rule) = rule(code) {
        return Error::Rule {
            rule,
            column: column(said),
            code: code_text,
            message,
        };
    }
    if [
        SqlState::INSUFFICIENT_PRIVILEGE,
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ]
    .contains(code)
    {
        return Error::Denied {
            code: code_text,
            message,
        };
    }
    let offset = match said.position() {
        // It counts letters from 1.
        Some(ErrorPosition::Original(at)) => {
            let letter = usize::try_from(*at).unwrap_or(1).saturating_sub(1);
            let byte = asked
                .sql
                .text
                .char_indices()
                .nth(letter)
                .map(|(byte, _)| byte);
            Some(asked.sql.origin(byte.unwrap_or(asked.sql.text.len())))
        }
        _ => None,
    };
    let message = match said.hint() {
        Some(hint) => format!("{message}. {hint}"),
        None => message,
    };
    Error::BadQuery {
        code: code_text,
        message,
        offset,
    }
}

fn rule(code: &SqlState) -> Option<Rule> {
    Some(match code {
        code if *code == SqlState::UNIQUE_VIOLATION => Rule::Unique,
        code if *code == SqlState::NOT_NULL_VIOLATION => Rule::Required,
        code if *code == SqlState::FOREIGN_KEY_VIOLATION => Rule::Reference,
        code if *code == SqlState::CHECK_VIOLATION => Rule::Check,
        _ => return None,
    })
}

/// The column a rule is about, else the rule's name. The values that the server says
/// beside it are left out.
fn column(said: &DbError) -> String {
    let keyed = said.detail().and_then(|detail| {
        let (columns, _) = detail.strip_prefix("Key (")?.split_once(")=")?;
        columns.split(", ").next()
    });
    let known = said.column().or(keyed).or(said.constraint());
    known.unwrap_or_default().to_owned()
}

impl Session {
    async fn powers(&self) -> Result<Powers, Error> {
        let found = self.client.query_one(
            "select count(*) filter (where has_table_privilege(c.oid, 'select')),
                    count(*) filter (where has_table_privilege(c.oid, 'insert, update, delete')),
                    (select rolsuper or rolbypassrls or rolcreatedb or rolcreaterole
                     from pg_roles where rolname = current_user)
             from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
             where c.relkind in ('r', 'v', 'm', 'f', 'p')
               and n.nspname not in ('pg_catalog', 'information_schema')
               and n.nspname not like 'pg\\_%'",
            &[],
        );
        let row = found
            .await
            .map_err(|error| Error::Broke(error.to_string()))?;
        let (tables, written): (i64, i64) = (row.get(0), row.get(1));
        let is_mighty: Option<bool> = row.get(2);
        let too_many = if is_mighty == Some(true) {
            "It may administer the server".to_owned()
        } else if written > 0 {
            format!("It may change {written} of its tables")
        } else {
            String::new()
        };
        Ok(Powers { tables, too_many })
    }
}

impl Line for PostgresLine {
    fn ask<'a>(&'a mut self, asked: &'a Asked) -> BoxFuture<'a, Result<Rows, Error>> {
        Box::pin(self.wire.carry(self.session.answer(asked)))
    }

    fn change<'a>(
        &'a mut self,
        asked: &'a Asked,
        wanted: Wanted,
    ) -> BoxFuture<'a, Result<u64, Error>> {
        Box::pin(self.wire.carry(self.session.changed(asked, wanted)))
    }

    fn powers(&mut self) -> BoxFuture<'_, Result<Powers, Error>> {
        Box::pin(self.wire.carry(self.session.powers()))
    }

    fn stopper(&self) -> Box<dyn Stopper> {
        Box::new(self.session.stop.clone())
    }

    fn is_sound(&self) -> bool {
        self.session.is_sound
    }
}

impl Stopper for Stop {
    fn stop(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let place = &self.place;
            let stream = self
                .egress
                .connect(&place.host, place.port, Purpose::Linked)
                .await;
            // Whoever cannot be reached any more has its own limit of time.
            if let Ok(stream) = stream {
                let _ = self.token.cancel_query_raw(stream, self.secure).await;
            }
        })
    }
}
