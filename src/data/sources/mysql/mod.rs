//! MariaDB and MySQL. The driver connects by itself: it gets the addresses that `egress`
//! looked up and checked, and no name to look up.

mod line;
mod values;

use std::net::SocketAddr;

use futures_util::future::BoxFuture;
use mysql_async::{Conn, DriverError, Error as Fault, IoError, Opts, OptsBuilder, SslOpts};

use super::model::{Guard, Step, Trouble, Way};
use super::{Kind, Line};
use crate::data::sql_text::Dialect;
use crate::egress::{Purpose, ROOTS};

use line::MysqlLine;

pub(super) struct Mysql;

pub(super) static KIND: Mysql = Mysql;

impl Kind for Mysql {
    fn name(&self) -> &'static str {
        "mysql"
    }

    fn title(&self) -> &'static str {
        "MariaDB or MySQL"
    }

    fn port(&self) -> u16 {
        3306
    }

    fn dialect(&self) -> Dialect {
        Dialect::MySql
    }

    fn columns(&self) -> &'static str {
        "select table_schema, table_name, column_name, column_type, table_schema = database()
         from information_schema.columns
         where table_schema not in ('mysql', 'sys', 'information_schema', 'performance_schema')
         order by table_schema, table_name, ordinal_position
         limit 20001"
    }

    fn other_names(&self) -> &'static str {
        "select table_name from information_schema.tables
         where table_type <> 'BASE TABLE'
           and table_schema not in ('mysql', 'sys', 'information_schema', 'performance_schema')
         limit 20001"
    }

    fn reader(&self, database: &str) -> String {
        let database = Dialect::MySql.quoted(database);
        format!(
            "create user onsight_reader identified by '…' require ssl with max_user_connections 10;\n\
             grant select, show view on {database}.* to onsight_reader;"
        )
    }

    fn writer(&self, database: &str) -> String {
        let database = Dialect::MySql.quoted(database);
        format!(
            "create user onsight_writer identified by '…' require ssl with max_user_connections 10;\n\
             grant select, insert, update, delete on {database}.* to onsight_writer;"
        )
    }

    fn open<'a>(&'a self, way: &'a Way) -> BoxFuture<'a, Result<Box<dyn Line>, Trouble>> {
        Box::pin(async move {
            let options = options(way).await?;
            let connection = Conn::new(options.clone()).await;
            let connection = connection.map_err(|error| trouble(way, &error))?;
            let line = MysqlLine::begin(connection, (options, way.bounds)).await;
            let line = line.map_err(|error| trouble(way, &error))?;
            Ok(Box::new(line) as Box<dyn Line>)
        })
    }
}

async fn options(way: &Way) -> Result<Opts, Trouble> {
    let place = &way.place;
    let found = way
        .egress
        .route(&place.host, place.port, Purpose::Linked)
        .await;
    let found = found.map_err(|error| Trouble::of(&error))?;
    let builder = OptsBuilder::default()
        .ip_or_hostname(place.host.clone())
        .resolved_ips(Some(found.iter().map(SocketAddr::ip).collect::<Vec<_>>()))
        .tcp_port(place.port)
        .user(Some(place.user.clone()))
        .pass(Some(way.password.reveal().to_owned()))
        .db_name(Some(place.database.clone()))
        // A server on this machine could name any socket of it.
        .prefer_socket(false)
        .enable_cleartext_plugin(false)
        .secure_auth(true)
        .stmt_cache_size(0)
        // A row that is saved as it was counts as one.
        .client_found_rows(true)
        .ssl_opts(guard(way));
    Ok(builder.into())
}

fn guard(way: &Way) -> Option<SslOpts> {
    // The list of authorities that the driver brings decides nothing: whom to trust is said
    // here, and where anybody is taken it only has to be there.
    let strict = SslOpts::default().with_disable_built_in_roots(true);
    match way.place.guard {
        Guard::Off => None,
        Guard::Require => Some(SslOpts::default().with_danger_accept_invalid_certs(true)),
        Guard::Verify => Some(strict.with_root_certs(vec![std::path::Path::new(ROOTS).into()])),
        Guard::Ca => {
            let pem = way.place.ca.clone().into_bytes();
            Some(strict.with_root_certs(vec![pem.into()]))
        }
    }
}

/// Which step an error of signing in belongs to.
fn trouble(way: &Way, error: &Fault) -> Trouble {
    let (step, said) = match error {
        Fault::Server(said) => {
            let step = match said.code {
                1044 | 1049 => Step::Database,
                3159 => Step::Tls,
                _ => Step::SignIn,
            };
            (step, said.message.clone())
        }
        Fault::Driver(DriverError::NoClientSslFlagFromServer) => {
            (Step::Tls, "the server has no TLS".to_owned())
        }
        Fault::Driver(error) => (Step::SignIn, error.to_string()),
        Fault::Io(IoError::Tls(error)) => (Step::Tls, error.to_string()),
        Fault::Io(IoError::Io(error)) => {
            let is_tls = matches!(error.get_ref(), Some(inside) if inside.is::<rustls::Error>());
            let step = if is_tls { Step::Tls } else { Step::Route };
            (step, error.to_string())
        }
        other => (Step::SignIn, other.to_string()),
    };
    way.trouble(step, said)
}
