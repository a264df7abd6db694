//! The logs of a period looked at, and answered for by name.

use serde_json::json;

use crate::base::Time;
use crate::journal::{self, Entry, hex, sha256};
use crate::site::Site;
use crate::store::Error;
use crate::trust::reviews::{Digest, EVERY, Review, ReviewId};
use crate::trust::sql;
use crate::web::Viewer;

/// The period that is to be reviewed next, until now, and what it looked like.
pub(in crate::trust) async fn looked(site: &Site) -> Result<((Time, Time), Digest), Error> {
    let now = site.clock.now();
    site.carry().await?;
    site.system
        .read(move |conn| {
            let last = sql::reviewed(conn)?.map(|(last, _)| last);
            let from = match last {
                Some(last) => last,
                None => sql::founded(conn)?.unwrap_or_else(|| now.plus(-EVERY)),
            };
            let period = (from.min(now), now);
            Ok((period, sql::digest(conn, period)?))
        })
        .await
}

/// Signs a review off: of the period until `last`, which is what was on the page.
pub(in crate::trust) async fn sign(
    site: &Site,
    who: &Viewer,
    last: Time,
    notes: String,
) -> Result<(), Error> {
    let (now, actor) = (site.clock.now(), who.actor());
    let (user, by) = (who.person.id.to_string(), who.person.name.clone());
    let ((first, until), _) = looked(site).await?;
    // Nobody answers for what is still to come.
    let period = (first, last.min(until).max(first));
    site.system
        .write(move |tx| {
            let digest = sql::digest(tx, period)?;
            let review = Review {
                id: ReviewId::new(now),
                first: period.0,
                last: period.1,
                digest,
                notes,
                signed: now,
                by,
            };
            sql::add_review(tx, &review, &user)?;
            let text = serde_json::to_vec(&review.digest).unwrap_or_default();
            let entry = Entry::new(now, &actor, "log.reviewed", "audit");
            let entry = entry.on("log_review", review.id.to_string());
            let detail = json!({
                "from": review.first.rfc3339(),
                "to": review.last.rfc3339(),
                "records": review.digest.records,
                "digest_sha256": hex(&sha256(&text)),
                "notes": review.notes,
            });
            journal::record(tx, &entry.with(detail))
        })
        .await
}
