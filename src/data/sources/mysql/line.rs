//! A connection to MariaDB or MySQL: one question at a time, each in a transaction that
//! reads. Between two questions the server forgets the session.

use std::time::Duration;

use futures_util::future::BoxFuture;
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error as Fault, Opts, Params};

use super::values;
use crate::data::Rows;
use crate::data::sources::model::{Bounds, Error, Rule};
use crate::data::sources::statement::Asked;
use crate::data::sources::stopping::Stopper;
use crate::data::sources::trial::Powers;
use crate::data::sources::{Line, Wanted};

pub(super) struct MysqlLine {
    connection: Conn,
    options: Opts,
    /// What is set of every session.
    settings: String,
    bounds: Bounds,
    is_sound: bool,
}

/// Who tells the server to stop: another connection of the same account.
struct Stop {
    options: Opts,
    id: u32,
}

/// What is set of every session, so that answers do not hang on the server's settings.
fn settings(version: &str, bounds: Bounds) -> String {
    let limit = if version.contains("MariaDB") {
        format!("max_statement_time = {}", bounds.seconds)
    } else {
        format!("max_execution_time = {}", u64::from(bounds.seconds) * 1000)
    };
    format!(
        "set session {limit}, time_zone = '+00:00', sql_select_limit = {}, \
         sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
        u64::from(bounds.rows) + 1
    )
}

impl MysqlLine {
    pub(super) async fn begin(
        mut connection: Conn,
        (options, bounds): (Opts, Bounds),
    ) -> Result<MysqlLine, Fault> {
        let version: Option<String> = connection.query_first("select version()").await?;
        let settings = settings(&version.unwrap_or_default(), bounds);
        connection.query_drop(&settings).await?;
        Ok(MysqlLine {
            connection,
            options,
            settings,
            bounds,
            is_sound: true,
        })
    }

    async fn answer(&mut self, asked: &Asked) -> Result<Rows, Error> {
        // Until the session was forgotten, something of the question is left.
        self.is_sound = false;
        let begun = self
            .connection
            .query_drop("start transaction read only")
            .await;
        begun.map_err(|error| told(&error, self.bounds))?;
        let read = read(&mut self.connection, asked).await;
        if matches!(read, Ok((_, true)) | Err(Stumble::Server(Fault::Server(_)))) {
            self.is_sound = self.forget().await.is_ok();
        }
        match read {
            Ok((rows, _)) => Ok(rows),
            Err(Stumble::Server(error)) => Err(told(&error, self.bounds)),
            Err(Stumble::TooMuch) => Err(Error::TooMuch(asked.caps.bytes >> 20)),
        }
    }

    async fn changed(&mut self, asked: &Asked, wanted: Wanted) -> Result<u64, Error> {
        self.is_sound = false;
        let bounds = self.bounds;
        let fault = |error: Fault| told(&error, bounds);
        let begun = self.connection.query_drop("start transaction read write");
        begun.await.map_err(fault)?;
        let sql = asked.sql.text.as_str();
        let (found, is_vouched) = if wanted.is_vouched {
            let vouched = self.connection.exec(sql, params(asked)).await;
            let vouched: Vec<Option<i64>> = vouched.map_err(fault)?;
            let is_all = vouched.iter().all(|said| *said == Some(1));
            (u64::try_from(vouched.len()).unwrap_or(u64::MAX), is_all)
        } else {
            let done = self.connection.exec_drop(sql, params(asked)).await;
            done.map_err(fault)?;
            (self.connection.affected_rows(), false)
        };
        if let Some(unwanted) = wanted.refuses(found, is_vouched) {
            let undone = self.connection.query_drop("rollback").await;
            undone.map_err(fault)?;
            return Err(unwanted);
        }
        let kept = self.connection.query_drop("commit").await;
        kept.map_err(|error| match fault(error) {
            Error::Broke(why) => Error::Unknown(why),
            other => other,
        })?;
        Ok(found)
    }

    /// Ends the transaction, frees locks, drops variables and temporary tables.
    async fn forget(&mut self) -> Result<(), Fault> {
        if !self.connection.reset().await? {
            return Err(std::io::Error::other("the session cannot be reset").into());
        }
        self.connection.query_drop(&self.settings).await
    }
}

/// What ends an answer before its end.
enum Stumble {
    Server(Fault),
    TooMuch,
}

impl From<Fault> for Stumble {
    fn from(error: Fault) -> Stumble {
        Stumble::Server(error)
    }
}

fn params(asked: &Asked) -> Params {
    let values: Vec<_> = asked.values.iter().map(values::bound).collect();
    if values.is_empty() {
        Params::Empty
    } else {
        Params::Positional(values)
    }
}

/// The rows, and whether the server has none left to send.
async fn read(connection: &mut Conn, asked: &Asked) -> Result<(Rows, bool), Stumble> {
    let mut found = connection
        .exec_iter(asked.sql.text.as_str(), params(asked))
        .await?;
    let columns = found.columns().unwrap_or_default();
    let mut rows = Rows::new(columns.iter().map(values::column).collect());
    let mut taken = 0;
    while let Some(row) = found.next().await? {
        if taken >= asked.caps.rows {
            rows.more = true;
            // Whether others follow is not waited for.
            return Ok((rows, false));
        }
        for (at, column) in columns.iter().enumerate() {
            values::push(&mut rows, column, row.as_ref(at));
        }
        taken += 1;
        if rows.size() > asked.caps.bytes {
            return Err(Stumble::TooMuch);
        }
    }
    found.drop_result().await?;
    Ok((rows, true))
}

/// The server's words, for whoever wrote the statement.
fn told(error: &Fault, bounds: Bounds) -> Error {
    let Fault::Server(said) = error else {
        return Error::Broke(error.to_string());
    };
    let (code, message) = (said.code.to_string(), said.message.clone());
    if let Some(rule) = rule(said.code) {
        let column = column(&message);
        return Error::Rule {
            rule,
            column,
            code,
            message,
        };
    }
    match said.code {
        // Interrupted, by MariaDB's limit, by MySQL's.
        1317 | 1969 | 3024 => Error::TooSlow(Duration::from_secs(u64::from(bounds.seconds))),
        1053 | 1927 | 4031 => Error::Broke(message),
        1142 | 1143 | 1227 | 1290 | 1370 | 1792 => Error::Denied { code, message },
        _ => Error::BadQuery {
            code,
            message,
            offset: None,
        },
    }
}

/// Which rule of a table a code stands for, of both servers.
fn rule(code: u16) -> Option<Rule> {
    Some(match code {
        1062 | 1169 | 1586 => Rule::Unique,
        1048 | 1364 => Rule::Required,
        1216 | 1217 | 1451 | 1452 => Rule::Reference,
        3819 | 4025 => Rule::Check,
        _ => return None,
    })
}

/// What the server names last between quotes of the kinds it uses: a column or a key. The
/// value that stands before it is left out.
fn column(message: &str) -> String {
    let named = match message.rsplit_once(" for key '") {
        Some((_, key)) => Some(key.trim_end_matches('\'')),
        None => message.split(['\'', '`']).nth(1),
    };
    let named = named.unwrap_or_default();
    named.rsplit('.').next().unwrap_or_default().to_owned()
}

impl Line for MysqlLine {
    fn ask<'a>(&'a mut self, asked: &'a Asked) -> BoxFuture<'a, Result<Rows, Error>> {
        Box::pin(self.answer(asked))
    }

    fn change<'a>(
        &'a mut self,
        asked: &'a Asked,
        wanted: Wanted,
    ) -> BoxFuture<'a, Result<u64, Error>> {
        Box::pin(self.changed(asked, wanted))
    }

    fn powers(&mut self) -> BoxFuture<'_, Result<Powers, Error>> {
        Box::pin(async move {
            let broke = |error: Fault| Error::Broke(error.to_string());
            let tables = self.connection.query_first(
                "select count(*) from information_schema.tables
                 where table_schema not in
                     ('mysql', 'sys', 'information_schema', 'performance_schema')",
            );
            let tables: Option<i64> = tables.await.map_err(broke)?;
            let grants: Vec<String> = self.connection.query("show grants").await.map_err(broke)?;
            Ok(Powers {
                tables: tables.unwrap_or_default(),
                too_many: too_many(&grants),
            })
        })
    }

    fn stopper(&self) -> Box<dyn Stopper> {
        Box::new(Stop {
            options: self.options.clone(),
            id: self.connection.id(),
        })
    }

    fn is_sound(&self) -> bool {
        self.is_sound
    }
}

/// What grants allow besides reading. Names of objects follow after `ON`.
fn too_many(grants: &[String]) -> String {
    let harmless = ["USAGE", "SELECT", "SHOW VIEW", "SHOW DATABASES", "PROCESS"];
    let rights = grants.iter().filter_map(|grant| {
        let upper = grant.strip_prefix("GRANT ")?;
        upper.split_once(" ON ").map(|(rights, _)| rights)
    });
    let mut found: Vec<String> = Vec::new();
    for right in rights.flat_map(|rights| rights.split(", ")) {
        let bare = right.split(" (").next().unwrap_or(right).trim();
        let bare = if bare == "ALL PRIVILEGES" {
            "do everything"
        } else {
            bare
        };
        if !harmless.contains(&bare) && !found.iter().any(|known| known == bare) {
            found.push(bare.to_owned());
        }
    }
    if found.is_empty() {
        return String::new();
    }
    found.truncate(5);
    format!("It may {}", found.join(", ").to_lowercase())
}

impl Stopper for Stop {
    fn stop(self: Box<Self>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            // Whoever cannot be reached any more has its own limit of time.
            if let Ok(mut connection) = Conn::new(self.options).await {
                let _ = connection
                    .query_drop(format!("kill query {}", self.id))
                    .await;
                let _ = connection.disconnect().await;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_rule_that_was_broken_the_column_is_kept_and_no_value() {
        for (message, named) in [
            ("Duplicate entry 'a'b.c' for key 'email'", "email"),
            ("Duplicate entry 'x' for key 'member.email'", "email"),
            ("Column 'name' cannot be null", "name"),
            ("Field 'name' doesn't have a default value", "name"),
            (
                "CONSTRAINT `positive` failed for `shop`.`orders`",
                "positive",
            ),
        ] {
            assert_eq!(column(message), named);
        }
    }

    #[test]
    fn what_an_account_may_do_besides_reading_is_told() {
        let told = |grants: &[&str]| {
            too_many(
                &grants
                    .iter()
                    .map(|grant| (*grant).to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        let usage = "GRANT USAGE ON *.* TO `r`@`%` IDENTIFIED BY PASSWORD '*AB'";
        assert_eq!(
            told(&[usage, "GRANT SELECT, SHOW VIEW ON `shop`.* TO `r`@`%`"]),
            ""
        );
        assert_eq!(
            told(&["GRANT SELECT (`a`), UPDATE (`a`) ON `shop`.`t` TO `r`@`%`"]),
            "It may update"
        );
        assert_eq!(
            told(&["GRANT ALL PRIVILEGES ON *.* TO `r`@`%`"]),
            "It may do everything"
        );
    }
}
