//! How the limits of a file hold in its lanes, what is told to who meets one,
//! and where they are kept.

use std::time::Duration;

use rusqlite::{Connection, named_params};

use super::{Error, Lane, Transaction};
use crate::base::{Bound, Limits};

/// What work in a lane may take. Work that asks for less than the lane usually
/// gives knows why, and keeps to that.
pub(super) fn time(limits: &Limits, lane: Lane, asked: Duration) -> Duration {
    let bound = lane.bound();
    let given = Duration::from_secs(limits.get(bound));
    if asked < Duration::from_secs(bound.usual()) {
        asked.min(given)
    } else {
        given
    }
}

/// How many queries a lane runs at once: half of all for pages, so that
/// neither tries nor exports keep pages waiting.
pub(super) fn seats(limits: &Limits, lane: Lane) -> usize {
    let all = usize::try_from(limits.get(Bound::AtOnce)).unwrap_or(1);
    match lane {
        Lane::Page => (all / 2).max(1),
        Lane::Desk | Lane::Export => (all / 4).max(1),
    }
}

impl Error {
    /// A bound was met: what it is, and who can move it.
    pub fn limit(limits: &Limits, bound: Bound) -> Error {
        Error::Limit {
            bound,
            most: limits.get(bound),
        }
    }
}

/// What is told to somebody who met a bound.
pub(super) fn told(bound: Bound, most: u64) -> String {
    let what = match bound {
        Bound::Page => {
            format!("the queries of this page took longer than the {most} seconds they may")
        }
        Bound::Desk => format!("this query took longer than the {most} seconds it may"),
        Bound::Export => format!("this download took longer than the {most} seconds it may"),
        Bound::Rows => format!("this answer has more than the {most} rows it may"),
        Bound::Answer => format!("this answer is larger than the {most} MB it may be"),
        Bound::AtOnce => format!(
            "this workspace already runs as many queries as it may ({most} at once); try again in a moment"
        ),
        Bound::Storage => format!(
            "this workspace is full: its tables and uploads may take {most} MB; delete what nobody needs"
        ),
    };
    format!(
        "{what} (limit “{}”); the operator of this server can raise it",
        bound.title()
    )
}

/// What was set for each file, over what is usual: `(file, bound, value)`.
pub fn set_limits(conn: &Connection) -> Result<Vec<(String, Bound, u64)>, Error> {
    let mut list = conn.prepare_cached("select file, name, value from file_limit")?;
    let rows = list.query_map([], |row| {
        Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?))
    })?;
    let mut set = Vec::new();
    for row in rows {
        let (file, name, value) = row?;
        // A bound this build does not know is not held against anybody.
        set.extend(Bound::named(&name).map(|bound| (file, bound, value)));
    }
    Ok(set)
}

/// Keeps one bound of one file; `None` takes it back to what is usual.
pub fn set_limit(
    tx: &Transaction<'_>,
    file: &str,
    bound: Bound,
    value: Option<u64>,
) -> Result<(), Error> {
    match value {
        Some(value) => tx.execute(
            "insert into file_limit (file, name, value) values (:file, :name, :value)
             on conflict (file, name) do update set value = excluded.value",
            named_params! { ":file": file, ":name": bound.name(), ":value": value },
        )?,
        None => tx.execute(
            "delete from file_limit where file = :file and name = :name",
            named_params! { ":file": file, ":name": bound.name() },
        )?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_gives_its_limit_and_never_more_than_was_asked_for_less() {
        let seconds = Duration::from_secs;
        let limits = Limits::default().with(Bound::Page, 20).with(Bound::Desk, 3);
        assert_eq!(time(&limits, Lane::Page, seconds(5)), seconds(20));
        assert_eq!(time(&limits, Lane::Page, seconds(2)), seconds(2));
        assert_eq!(time(&limits, Lane::Desk, seconds(10)), seconds(3));
        assert_eq!(time(&limits, Lane::Desk, seconds(1)), seconds(1));
    }

    #[test]
    fn pages_always_have_a_seat() {
        for all in 3..=32 {
            let limits = Limits::default().with(Bound::AtOnce, all);
            let seats = [Lane::Page, Lane::Desk, Lane::Export].map(|lane| seats(&limits, lane));
            assert!(seats.iter().all(|seats| *seats > 0));
            assert!(
                seats.iter().sum::<usize>() as u64 <= all,
                "{all}: {seats:?}"
            );
        }
    }

    #[test]
    fn whoever_meets_a_bound_hears_which_and_who_can_raise_it() {
        for bound in Bound::ALL {
            let said = Error::limit(&Limits::default(), bound).to_string();
            assert!(said.contains(bound.title()), "{said}");
            assert!(said.contains("operator of this server can raise"), "{said}");
        }
    }
}
