//! PostgreSQL, over a connection that `egress` made and secured.

mod line;
mod secure;
mod values;
mod wire;

use futures_util::future::BoxFuture;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;

use super::model::{Guard, Step, Trouble, Way};
use super::{Kind, Line};
use crate::data::sql_text::Dialect;
use crate::egress::{self, Purpose};

use line::PostgresLine;
use secure::Secure;
use wire::Wire;

pub(super) struct Postgres;

pub(super) static KIND: Postgres = Postgres;

impl Kind for Postgres {
    fn name(&self) -> &'static str {
        "postgres"
    }

    fn title(&self) -> &'static str {
        "PostgreSQL"
    }

    fn port(&self) -> u16 {
        5432
    }

    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn columns(&self) -> &'static str {
        "select table_schema, table_name, column_name,
                case when data_type in ('ARRAY', 'USER-DEFINED') then udt_name else data_type end,
                table_schema = current_schema()
         from information_schema.columns
         where table_schema not in ('pg_catalog', 'information_schema')
         order by table_schema, table_name, ordinal_position
         limit 20001"
    }

    fn other_names(&self) -> &'static str {
        "select c.relname::text from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
         where (c.relkind in ('v', 'm', 'f') or c.relispartition
                or exists (select 1 from pg_inherits as i where i.inhrelid = c.oid))
           and n.nspname not in ('pg_catalog', 'information_schema')
           and n.nspname not like 'pg\\_%'
         limit 20001"
    }

    fn reader(&self, database: &str) -> String {
        let database = Dialect::Postgres.quoted(database);
        format!(
            "create role onsight_reader login password '…' connection limit 10;\n\
             grant connect on database {database} to onsight_reader;\n\
             grant usage on schema public to onsight_reader;\n\
             grant select on all tables in schema public to onsight_reader;"
        )
    }

    fn writer(&self, database: &str) -> String {
        let database = Dialect::Postgres.quoted(database);
        format!(
            "create role onsight_writer login password '…' connection limit 10;\n\
             grant connect on database {database} to onsight_writer;\n\
             grant usage on schema public to onsight_writer;\n\
             grant select, insert, update, delete on all tables in schema public to onsight_writer;\n\
             grant usage on all sequences in schema public to onsight_writer;"
        )
    }

    fn open<'a>(&'a self, way: &'a Way) -> BoxFuture<'a, Result<Box<dyn Line>, Trouble>> {
        Box::pin(async move {
            let secure = Secure::of(way)?;
            let place = &way.place;
            let stream = way
                .egress
                .connect(&place.host, place.port, Purpose::Linked)
                .await;
            let stream = stream.map_err(|error| Trouble::of(&error))?;
            let mut config = Config::new();
            config
                .user(&place.user)
                .password(way.password.reveal())
                .dbname(&place.database)
                .application_name("onsight")
                .ssl_mode(match place.guard {
                    Guard::Off => SslMode::Disable,
                    Guard::Verify | Guard::Ca | Guard::Require => SslMode::Require,
                });
            let opened = config.connect_raw(stream, secure.clone()).await;
            let (client, connection) = opened.map_err(|error| trouble(way, &error))?;
            let wire = Wire::new(connection);
            let line = PostgresLine::begin((client, wire), way, secure).await;
            let line = line.map_err(|error| trouble(way, &error))?;
            Ok(Box::new(line) as Box<dyn Line>)
        })
    }
}

/// Which step an error of signing in belongs to.
fn trouble(way: &Way, error: &tokio_postgres::Error) -> Trouble {
    if let Some(said) = error.as_db_error() {
        let code = said.code();
        let is_database = [
            SqlState::INVALID_CATALOG_NAME,
            SqlState::INSUFFICIENT_PRIVILEGE,
        ];
        let step = if is_database.contains(code) {
            Step::Database
        } else {
            Step::SignIn
        };
        return way.trouble(step, said.message());
    }
    let source = std::error::Error::source(error);
    if let Some(error) = source.and_then(|source| source.downcast_ref::<egress::Error>()) {
        return Trouble::of(error);
    }
    let said = match source {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    let step = if said.contains("TLS") {
        Step::Tls
    } else if said.contains("authentication") || said.contains("password") {
        Step::SignIn
    } else {
        Step::Route
    };
    way.trouble(step, said)
}
