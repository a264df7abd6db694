//! What was told already, remembered between two looks. It changes nothing, so
//! it leaves no line in the journal.

use super::{Error, sql};
use crate::base::Time;
use crate::site::Site;
use crate::store;

/// Is it the first time since then? It is noted that it was now.
pub(super) async fn first_since(site: &Site, what: &str, since: Time) -> Result<bool, Error> {
    let (now, what) = (site.clock.now(), what.to_owned());
    let note = move |tx: &store::Transaction<'_>| sql::told(tx, &what, (since, now));
    Ok(site.system.write::<_, store::Error>(note).await?)
}
