//! What is remembered between two looks: the clocks, and what was told already.
//! None of it changes anything, so it leaves no line in the journal.

use super::sanity::Look;
use super::{Error, sql};
use crate::base::Time;
use crate::site::Site;
use crate::store::{self, Connection};

/// The last look at the clocks, and what was doubted since.
pub(super) async fn clock(site: &Site) -> Result<Option<(Look, Option<String>)>, Error> {
    let read = |conn: &Connection| sql::clock(conn);
    Ok(site.system.read::<_, store::Error>(read).await?)
}

pub(super) async fn looked(site: &Site, look: Look, doubt: Option<String>) -> Result<(), Error> {
    let keep = move |tx: &store::Transaction<'_>| sql::set_clock(tx, &look, doubt.as_deref());
    Ok(site.system.write::<_, store::Error>(keep).await?)
}

/// Is it the first time since then? It is noted that it was now.
pub(super) async fn first_since(site: &Site, what: &str, since: Time) -> Result<bool, Error> {
    let (now, what) = (site.clock.now(), what.to_owned());
    let note = move |tx: &store::Transaction<'_>| sql::told(tx, &what, (since, now));
    Ok(site.system.write::<_, store::Error>(note).await?)
}
