//! What the clock said when it was last believed.

use super::mark::Mark;
use crate::base::Time;
use crate::store::{Connection, Error, OptionalExtension, Transaction, named_params};

pub(super) fn mark(conn: &Connection) -> Result<Option<Mark>, Error> {
    let mut find = conn.prepare_cached("select wall, up, run from clock_mark where one = 1")?;
    let found = find.query_row([], |row| {
        Ok(Mark {
            wall: Time(row.get("wall")?),
            up: row.get("up")?,
            run: row.get("run")?,
        })
    });
    Ok(found.optional()?)
}

pub(super) fn keep_mark(tx: &Transaction<'_>, mark: &Mark) -> Result<(), Error> {
    tx.execute(
        "insert into clock_mark (one, wall, up, run) values (1, :wall, :up, :run)
         on conflict (one) do update set wall = :wall, up = :up, run = :run",
        named_params! { ":wall": mark.wall.0, ":up": mark.up, ":run": mark.run },
    )?;
    Ok(())
}
