//! Who was turned away: counted, and nothing kept of them.

use crate::base::Time;
use crate::store::{Error, Transaction, named_params};

pub(in crate::surveys::running) fn turn_away(
    tx: &Transaction<'_>,
    (link, source): (&str, &str),
    reason: &str,
    now: Time,
) -> Result<(), Error> {
    let mut count = tx.prepare_cached(
        "insert into refusal (link, source, reason, times, last)
         values (:link, :source, :reason, 1, :now)
         on conflict (link, source, reason)
         do update set times = times + 1, last = excluded.last",
    )?;
    count.execute(named_params! {
        ":link": link, ":source": source, ":reason": reason, ":now": now.0,
    })?;
    Ok(())
}
