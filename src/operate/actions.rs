//! What an operator does about the edges.

use serde_json::json;

use crate::journal::{self, Entry};
use crate::site::Site;
use crate::store::Error;
use crate::tls::Strictness;
use crate::web::Viewer;

use super::sql;

/// Puts what was decided before this start at hand.
pub async fn recall(site: &Site) -> Result<(), Error> {
    let strictness = site.system.read(sql::strictness).await?;
    site.strict.set(strictness);
    Ok(())
}

/// Tells browsers to come by TLS only, or to forget it again.
pub(super) async fn be_strict(
    site: &Site,
    who: &Viewer,
    strictness: Strictness,
) -> Result<(), Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    let by = who.person.id.to_string();
    site.system
        .write(move |tx| {
            let before = sql::strictness(tx)?;
            sql::set_strictness(tx, strictness, now, &by)?;
            let entry = Entry::new(now, &actor, "transport.changed", "instance");
            let detail = json!({ "from": before.name(), "to": strictness.name() });
            journal::record(tx, &entry.with(detail))?;
            Ok::<_, Error>(())
        })
        .await?;
    site.strict.set(strictness);
    Ok(())
}
