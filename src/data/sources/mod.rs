//! Databases on other machines: where they are, how they are signed in to, and asking them.
//! A new kind is a folder here and its name in the list.

mod actions;
mod address;
mod asking;
mod catalog;
mod elsewhere;
mod form;
mod lately;
mod model;
mod pages;
mod pool;
mod sealing;
mod sql;
mod statement;
mod steps;
mod stopping;
mod trial;

use futures_util::future::BoxFuture;

use super::Rows;
use super::sql_text::Dialect;
use crate::kinds;

pub(in crate::data) use asking::{ask, columns, database};
pub(in crate::data) use catalog::{TableColumns, tables};
pub use elsewhere::{Elsewhere, Refusal, connected, elsewhere};
pub(in crate::data) use lately::Lately;
pub use lately::Names;
pub use model::SourceId;
pub(in crate::data) use model::{Error, Source};
pub(in crate::data) use pages::routes;
pub(in crate::data) use pool::Pools;
pub(in crate::data) use sql::list;
pub(in crate::data) use statement::only_reads;

use model::{Place, Step, Trouble, Way};
use statement::Asked;
use stopping::Stopper;
use trial::Powers;

kinds! { pub(in crate::data) dyn Kind: postgres, mysql, http }

/// A kind of database.
pub(in crate::data) trait Kind: Sync {
    /// As an app file says it.
    fn name(&self) -> &'static str;

    /// For people.
    fn title(&self) -> &'static str;

    /// Where it usually listens.
    fn port(&self) -> u16;

    fn dialect(&self) -> Dialect;

    /// Whoever connects it says which tables it has. It has an address and a header instead
    /// of a database and an account, and only reads.
    fn is_described(&self) -> bool {
        false
    }

    /// Tables to start from, for whoever describes them.
    fn example(&self) -> &'static str {
        ""
    }

    /// The names of the tables that this describes.
    ///
    /// # Errors
    ///
    /// What is wrong with it, with its line.
    fn described(&self, _tables: &str) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }

    /// The steps of getting there, in their order; the last one looks at the tables.
    fn steps(&self) -> &'static [Step] {
        &Step::OF_SERVERS
    }

    /// As whom it lets one in, in the words of a test.
    fn let_in(&self, place: &Place) -> String {
        format!("as {}", place.user)
    }

    /// A statement that gives schema, table, column and type of all that may be read.
    fn columns(&self) -> &'static str;

    /// A statement that gives the names under which rows of other tables can be read: views
    /// and the like.
    fn other_names(&self) -> &'static str;

    /// What an admin of that database runs to make an account that only reads.
    fn reader(&self, database: &str) -> String;

    /// The same for one that changes rows.
    fn writer(&self, database: &str) -> String;

    /// Connects and signs in.
    fn open<'a>(&'a self, way: &'a Way) -> BoxFuture<'a, Result<Box<dyn Line>, Trouble>>;
}

/// What has to come of a change; it is undone where something else does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// How many rows are changed.
    pub rows: Option<u64>,
    /// The statement gives a number for each row it changed, and all of them are 1.
    pub is_vouched: bool,
}

impl Wanted {
    /// What of these numbers is not wanted.
    fn refuses(self, found: u64, is_all_vouched: bool) -> Option<Error> {
        if self.is_vouched && !is_all_vouched {
            return Some(Error::Outside);
        }
        let wanted = self.rows.filter(|wanted| *wanted != found)?;
        Some(Error::Expected { wanted, found })
    }
}

/// A connection that is signed in, for one question at a time.
pub(in crate::data) trait Line: Send {
    /// Asks in a transaction of its own that can only read.
    fn ask<'a>(&'a mut self, asked: &'a Asked) -> BoxFuture<'a, Result<Rows, Error>>;

    /// Changes rows in a transaction of its own, or none where it would be otherwise than
    /// wanted. Gives how many.
    fn change<'a>(
        &'a mut self,
        asked: &'a Asked,
        wanted: Wanted,
    ) -> BoxFuture<'a, Result<u64, Error>>;

    /// What its account may do besides reading.
    fn powers(&mut self) -> BoxFuture<'_, Result<Powers, Error>>;

    /// What stops a question at the server while it is under way here.
    fn stopper(&self) -> Box<dyn Stopper>;

    /// Nothing of the last question is left in it.
    fn is_sound(&self) -> bool;
}

/// In whose grammar queries of a kind of database elsewhere are written; `None`: there is no
/// such kind. Our own database is none of them, though one may share its grammar.
pub fn dialect_of(kind: &str) -> Option<Dialect> {
    named(kind).map(Kind::dialect)
}

/// Whether nothing can be changed in databases of that kind, and no policy can be put before
/// their tables.
pub fn only_reads_kind(kind: &str) -> bool {
    named(kind).is_some_and(Kind::is_described)
}

pub(in crate::data) fn named(name: &str) -> Option<&'static dyn Kind> {
    ALL.iter().copied().find(|kind| kind.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::sql_text::placeholders_in;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_reads_its_own_columns() {
        for kind in ALL {
            assert_eq!(named(kind.name()).map(Kind::title), Some(kind.title()));
            assert!(kind.port() > 0);
            assert_eq!(dialect_of(kind.name()), Some(kind.dialect()));
            assert_eq!(only_reads(kind.dialect(), kind.columns()), Ok(true));
            assert_eq!(only_reads(kind.dialect(), kind.other_names()), Ok(true));
            assert_eq!(
                placeholders_in(kind.dialect(), kind.columns()),
                Ok(Vec::new())
            );
            if kind.is_described() {
                continue;
            }
            let quoted = kind.dialect().quoted("my shop");
            assert!(kind.reader("my shop").contains(&quoted), "{}", kind.name());
            assert!(kind.writer("my shop").contains(&quoted), "{}", kind.name());
        }
        assert_eq!(
            dialect_of("sqlite"),
            None,
            "our own is no database elsewhere"
        );
    }
}
