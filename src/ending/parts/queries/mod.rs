//! Every saved query.

mod sql;

use super::{Given, Part, Taking, give_text};
use crate::ending::archive::{Pack, plain};
use crate::ending::model::Error;

pub(super) struct Queries;

pub(super) static KIND: Queries = Queries;

impl Part for Queries {
    fn name(&self) -> &'static str {
        "queries"
    }

    fn title(&self) -> &'static str {
        "Saved queries"
    }

    fn holds(&self) -> &'static str {
        "Each saved query as SQL, and its parameters as JSON"
    }

    fn give(&self, from: &Taking<'_>, to: &mut dyn Pack) -> Result<Given, Error> {
        let queries = sql::queries(from.system, from.workspace)?;
        for query in &queries {
            let name = plain(&query.name);
            give_text(to, &format!("queries/{name}.sql"), &query.sql)?;
            give_text(to, &format!("queries/{name}.json"), &query.params)?;
        }
        Ok(Given::from([("queries", queries.len() as u64)]))
    }
}
