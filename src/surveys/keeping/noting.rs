//! What is written down while erasing and keeping is worked on: notes of the work
//! itself, recorded before by the action that began it.

use super::model::{Done, Of};
use super::sql;
use crate::site::Site;
use crate::store::{Error, Transaction};

/// Nothing of these respondents is left.
pub(super) async fn erased(site: &Site, ids: Vec<String>) -> Result<(), Error> {
    let now = site.clock.now();
    let close = move |tx: &Transaction<'_>| {
        ids.iter()
            .try_for_each(|id| sql::close_erasure(tx, id, now))
    };
    site.system.write(close).await
}

/// What the rule does is whole.
pub(super) async fn done(site: &Site, of: &Of, done: Done) -> Result<(), Error> {
    let (of, now) = (of.clone(), site.clock.now());
    let set = move |tx: &Transaction<'_>| sql::set_done(tx, &of, (done, now));
    site.system.write(set).await
}

/// Nothing is left of answers that went one by one.
pub(super) async fn wiped(site: &Site, of: &Of) -> Result<(), Error> {
    let of = of.clone();
    let set = move |tx: &Transaction<'_>| sql::set_wiping(tx, &of, false);
    site.system.write(set).await
}

/// Somebody was reminded, that urgently.
pub(super) async fn reminded(site: &Site, of: &Of, level: i64) -> Result<(), Error> {
    let of = of.clone();
    let set = move |tx: &Transaction<'_>| sql::remind(tx, &of, level);
    site.system.write(set).await
}
