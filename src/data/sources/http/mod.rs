//! An API that answers with JSON, as a database: its tables are described by whoever connects
//! it, fetched when a statement names them, and asked in memory in our own grammar.

mod cast;
mod described;
mod fetch;
mod line;
mod link;
mod sql;

use futures_util::future::BoxFuture;

use super::model::{Guard, Place, Step, Trouble, Way};
use super::{Kind, Line};
use crate::data::sql_text::Dialect;
use crate::egress::Trust;

use described::Described;
use line::{Api, HttpLine};

pub(super) struct Http;

pub(super) static KIND: Http = Http;

const STEPS: [Step; 5] = [
    Step::Name,
    Step::Route,
    Step::Tls,
    Step::LetIn,
    Step::Tables,
];

impl Kind for Http {
    fn name(&self) -> &'static str {
        "http"
    }

    fn title(&self) -> &'static str {
        "API that answers with JSON"
    }

    fn port(&self) -> u16 {
        443
    }

    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn is_described(&self) -> bool {
        true
    }

    fn steps(&self) -> &'static [Step] {
        &STEPS
    }

    fn example(&self) -> &'static str {
        include_str!("example.toml")
    }

    fn described(&self, tables: &str) -> Result<Vec<String>, String> {
        let described = Described::read(tables)?;
        Ok(described.tables.into_iter().map(|one| one.name).collect())
    }

    fn let_in(&self, place: &Place) -> String {
        if place.user.is_empty() {
            "without a header".to_owned()
        } else {
            format!("with the header {}", place.user)
        }
    }

    fn columns(&self) -> &'static str {
        "select '', onsight_table, onsight_name, onsight_type, 1
         from onsight_columns order by onsight_place"
    }

    fn other_names(&self) -> &'static str {
        "select '' where 1 = 0"
    }

    fn reader(&self, _: &str) -> String {
        String::new()
    }

    fn writer(&self, _: &str) -> String {
        String::new()
    }

    fn open<'a>(&'a self, way: &'a Way) -> BoxFuture<'a, Result<Box<dyn Line>, Trouble>> {
        Box::pin(async move {
            let described = Described::read(&way.tables);
            let described = described.map_err(|why| way.trouble(Step::Tables, why))?;
            let trust = match way.place.guard {
                Guard::Off => None,
                Guard::Require => Some(Trust::anybody()),
                Guard::Verify | Guard::Ca => {
                    let trust = Trust::new(&way.place.ca);
                    Some(trust.map_err(|error| Trouble::of(&error))?)
                }
            };
            let client = trust.map(|trust| trust.client()).transpose();
            let api = Api {
                egress: way.egress.clone(),
                client: client.map_err(|error| Trouble::of(&error))?,
                place: way.place.clone(),
                secret: way.password.clone(),
                bounds: way.bounds,
            };
            Ok(Box::new(HttpLine::new(api, described)) as Box<dyn Line>)
        })
    }
}
