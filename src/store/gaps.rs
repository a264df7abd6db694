//! Bytes of a page that belong to no row are overwritten, where a file is too
//! large to be written anew.
//!
//! The engine overwrites rows that are deleted and pages that are freed. When it
//! shares the rows of a full page out among its neighbours it leaves what was
//! there in the gap between the list of rows and the rows themselves.

use std::ops::{Range, RangeInclusive};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, named_params};

use super::still::PAGE;

/// Pages looked at in one transaction: about a megabyte.
const PAGES: u32 = 256;
/// In a smaller file the first byte of a page tells whether rows are in it: on
/// every other page a page's number begins there, and none is as large.
const MOST: u32 = 1 << 25;
/// Inner and outer pages of indexes and tables, by their first byte.
const WITH_ROWS: [u8; 4] = [2, 5, 10, 13];

/// Overwrites the gaps of every page. Between two pieces `turn` is called.
/// `false`: the file is too large for that.
pub(super) fn overwrite(
    conn: &Connection,
    mut turn: impl FnMut(&Connection),
) -> rusqlite::Result<bool> {
    let pages: u32 = conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
    if pages >= MOST {
        return Ok(false);
    }
    let mut first = 1;
    while first <= pages {
        let last = pages.min(first + PAGES - 1);
        // Pages are written by number for as long as this piece takes.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
        let done = piece(conn, first..=last);
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        done?;
        first = last + 1;
        turn(conn);
    }
    Ok(true)
}

fn piece(conn: &Connection, mut numbers: RangeInclusive<u32>) -> rusqlite::Result<()> {
    conn.execute_batch("begin immediate")?;
    let done = numbers.try_for_each(|number| one(conn, number));
    match done {
        Ok(()) => conn.execute_batch("commit"),
        Err(error) => {
            // Nothing to undo if the engine already did.
            let _ = conn.execute_batch("rollback");
            Err(error)
        }
    }
}

fn one(conn: &Connection, number: u32) -> rusqlite::Result<()> {
    let mut find = conn.prepare_cached("select data from sqlite_dbpage where pgno = :number")?;
    let mut page: Vec<u8> =
        find.query_row(named_params! { ":number": number }, |row| row.get(0))?;
    if clean(&mut page, number == 1) {
        let mut change =
            conn.prepare_cached("update sqlite_dbpage set data = :page where pgno = :number")?;
        change.execute(named_params! { ":page": page, ":number": number })?;
    }
    Ok(())
}

/// Overwrites what lies between the list of rows and the rows. `true` when
/// something was there.
fn clean(page: &mut [u8], is_first: bool) -> bool {
    let Some(gap) = gap(page, if is_first { 100 } else { 0 }) else {
        return false;
    };
    let gap = &mut page[gap];
    let is_soiled = gap.iter().any(|byte| *byte != 0);
    gap.fill(0);
    is_soiled
}

/// Where the gap of a page with rows is, whose header is at that place.
fn gap(page: &[u8], header: usize) -> Option<Range<usize>> {
    let kind = *page.get(header)?;
    if page.len() != PAGE || !WITH_ROWS.contains(&kind) {
        return None;
    }
    let number = |at: usize| usize::from(u16::from_be_bytes([page[at], page[at + 1]]));
    let inner = if kind < 10 { 12 } else { 8 };
    let from = header + inner + 2 * number(header + 3);
    let to = number(header + 5);
    (from <= to && to <= PAGE).then_some(from..to)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::{Db, Error, Key, Schema, Scrubbed, Transaction};

    /// How often the word is in any page of the file, used or free.
    async fn hits(db: &Db, word: &'static [u8]) -> usize {
        let count = move |conn: &Connection| {
            let mut list = conn.prepare("select data from sqlite_dbpage")?;
            let mut rows = list.query([])?;
            let mut hits = 0;
            while let Some(row) = rows.next()? {
                let page: Vec<u8> = row.get(0)?;
                hits += page
                    .windows(word.len())
                    .filter(|part| *part == word)
                    .count();
            }
            Ok::<_, Error>(hits)
        };
        db.read(count).await.unwrap()
    }

    /// A file of more than 64 MiB, and in it rows in an order that makes the engine
    /// share full pages out again and again.
    async fn large(folder: &std::path::Path) -> Db {
        let key = Key::random().unwrap();
        let path = folder.join("large.db");
        let db = Db::open(&path, &key, Schema::Workspace, Arc::default()).unwrap();
        db.write(|tx: &Transaction<'_>| {
            tx.execute_batch(
                "create table fat (row);
                 insert into fat
                 with recursive n (n) as (select 1 union all select n + 1 from n where n < 70)
                 select zeroblob(1048576) from n;
                 create table said (key text primary key, who, words) without rowid;
                 insert into said
                 with recursive n (n) as (select 1 union all select n + 1 from n where n < 9000)
                 select format('%05d', n * 7919 % 9001), n % 3,
                     case n % 3 when 0 then 'canary5519' else 'stays' end
                     || substr('........................................', 1, n % 37)
                 from n;",
            )?;
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
        db
    }

    #[tokio::test]
    async fn nothing_deleted_stays_in_a_file_too_large_to_be_written_anew() {
        let folder = tempfile::tempdir().unwrap();
        let db = large(folder.path()).await;
        let delete = |tx: &Transaction<'_>| {
            tx.execute("delete from said where who = 0", [])?;
            Ok::<_, Error>(())
        };
        db.write(delete).await.unwrap();
        assert!(
            hits(&db, b"canary5519").await > 0,
            "the engine leaves something, or this test shows nothing"
        );

        assert_eq!(db.scrub().await.unwrap(), Scrubbed::Overwritten);

        assert_eq!(hits(&db, b"canary5519").await, 0);
        assert_eq!(db.check().await.unwrap(), Vec::<String>::new());
        let count = |conn: &Connection| {
            let all = "select count(*) || ' ' || sum(length(words)) from said";
            Ok::<String, Error>(conn.query_row(all, [], |row| row.get(0))?)
        };
        let left = db.read(count).await.unwrap();
        assert!(left.starts_with("6000 "), "{left}");
        let log = std::fs::metadata(folder.path().join("large.db-wal"));
        assert_eq!(log.map_or(0, |facts| facts.len()), 0);
    }

    #[tokio::test]
    async fn writers_have_their_turn_and_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let db = large(folder.path()).await;
        let scrubbed = db.clone();
        let scrub = tokio::spawn(async move { scrubbed.scrub().await });
        let mut written = 0;
        while !scrub.is_finished() {
            let key = format!("new {written}");
            db.write(move |tx: &Transaction<'_>| {
                tx.execute(
                    "insert into said values (:key, 7, 'new')",
                    named_params! { ":key": key },
                )?;
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
            written += 1;
        }

        assert_eq!(scrub.await.unwrap().unwrap(), Scrubbed::Overwritten);
        assert!(written > 1, "{written}");
        let count = |conn: &Connection| {
            let new = "select count(*) from said where who = 7";
            Ok::<i64, Error>(conn.query_row(new, [], |row| row.get(0))?)
        };
        assert_eq!(db.read(count).await.unwrap(), written);
        assert_eq!(db.check().await.unwrap(), Vec::<String>::new());
    }

    #[test]
    fn only_the_gap_of_a_page_with_rows_is_touched() {
        let mut page = vec![0xAA; PAGE];
        page[..8].copy_from_slice(&[13, 0, 0, 0, 2, 0x0F, 0x00, 0]);
        let before = page.clone();

        assert!(clean(&mut page, false));

        assert_eq!(page[..12], before[..12], "header and list of rows");
        assert!(page[12..0xF00].iter().all(|byte| *byte == 0));
        assert_eq!(page[0xF00..], before[0xF00..], "rows");
        assert!(!clean(&mut page, false), "once is enough");
        for other in [0_u8, 1, 3, 255] {
            let mut page = vec![0xAA; PAGE];
            page[0] = other;
            assert!(!clean(&mut page, false), "{other}");
        }
        // What no page of rows looks like is left alone.
        let mut torn = vec![0xAA; PAGE];
        torn[..8].copy_from_slice(&[13, 0, 0, 0xFF, 0xFF, 0, 9, 0]);
        assert!(!clean(&mut torn, false));
    }
}
