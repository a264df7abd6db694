//! A period of the chain in numbers.

use crate::base::Time;
use crate::store::{Connection, Error, Row, SqlResult, ToSql, named_params};
use crate::trust::reviews::Digest;

/// Lines of each list.
const MOST: i64 = 100;

pub(in crate::trust) fn digest(
    conn: &Connection,
    (from, to): (Time, Time),
) -> Result<Digest, Error> {
    let records = conn.query_row(
        "select count(*) from chain where at >= :from and at < :to",
        named_params! { ":from": from.0, ":to": to.0 },
        |row| row.get(0),
    )?;
    let during = |sql: &'static str| During {
        conn,
        sql,
        from,
        to,
    };
    Ok(Digest {
        records,
        actions: during(
            "select action, result, count(*) from chain where at >= :from and at < :to
             group by action, result order by 3 desc, 1, 2 limit :most",
        )
        .list(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?,
        refusals: during(
            "select action || case reason when '' then '' else ': ' || reason end, count(*)
             from chain where at >= :from and at < :to and result <> 'ok'
             group by 1 order by 2 desc, 1 limit :most",
        )
        .list(|row| Ok((row.get(0)?, row.get(1)?)))?,
        addresses: during(
            "select address, email, min(at) from chain as now
             where at >= :from and at < :to and address <> '' and email <> ''
               and action = 'session.opened'
               and not exists (select 1 from chain as earlier
                               where earlier.at < :from and earlier.address = now.address)
             group by address, email order by 3 limit :most",
        )
        .list(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?,
        stays: during(
            "select user.email, workspace.name, reason, starts from access_grant
             join user on user.id = access_grant.user
             join workspace on workspace.id = access_grant.workspace
             where starts >= :from and starts < :to order by starts limit :most",
        )
        .list(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?,
        exports: during(
            "select action, count(distinct actor), count(*), coalesce(sum(row_count), 0) from chain
             where at >= :from and at < :to
               and (action like '%.exported' or action like '%.downloaded')
             group by action order by 4 desc, 3 desc limit :most",
        )
        .list(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?,
        settings: during(
            "select action, actor_name, at from chain
             where at >= :from and at < :to and file = 'system'
               and (action in ('factors.reset', 'factor.removed', 'audit.retention_changed',
                               'transport.changed', 'sign_in_rules.changed', 'workspace.limits_changed',
                               'operator.invited', 'member.role_changed')
                    or kind in ('forwarding', 'sign_in_method', 'placement', 'key'))
               and action <> 'key.used'
             order by at limit :most",
        )
        .list(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?,
    })
}

/// A question about a period.
struct During<'a> {
    conn: &'a Connection,
    sql: &'static str,
    from: Time,
    to: Time,
}

impl During<'_> {
    fn list<T>(&self, read: impl FnMut(&Row<'_>) -> SqlResult<T>) -> Result<Vec<T>, Error> {
        let mut list = self.conn.prepare_cached(self.sql)?;
        let values: &[(&str, &dyn ToSql)] = &[
            (":from", &self.from.0),
            (":to", &self.to.0),
            (":most", &MOST),
        ];
        let found = list.query_map(values, read)?;
        Ok(found.collect::<Result<_, _>>()?)
    }
}
