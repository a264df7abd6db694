//! What was decided about the edges.

use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, Transaction, named_params};
use crate::tls::Strictness;

pub(super) fn strictness(conn: &Connection) -> Result<Strictness, Error> {
    let found = conn.query_row("select strict from edge where one = 1", [], |row| {
        row.get::<_, String>(0)
    });
    let name = found.optional()?;
    Ok(name
        .and_then(|name| Strictness::named(&name))
        .unwrap_or_default())
}

pub(super) fn set_strictness(
    tx: &Transaction<'_>,
    strictness: Strictness,
    now: Time,
    by: &str,
) -> Result<(), Error> {
    tx.execute(
        "insert into edge (one, strict, changed, changed_by) values (1, :strict, :now, :by)
         on conflict (one) do update set strict = :strict, changed = :now, changed_by = :by",
        named_params! { ":strict": strictness.name(), ":now": now.0, ":by": by },
    )?;
    Ok(())
}
