//! A file page by page, as it stands at one moment; and a file made anew from
//! such pages.
//!
//! What a page carries besides its content is left out: the room that the
//! cipher keeps for itself and the counters that go up with every change. So
//! the same content gives the same bytes, under whatever key, and the bytes one
//! after the other are a SQLite file that every tool opens.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, named_params};

use super::{Error, Key, Keyring, connect};

/// Bytes of a page; our files have no others.
pub const PAGE: usize = 4096;
/// Page cache, in KiB: every page is read once.
const CACHE: u32 = 256;
/// The page the engine locks instead of using it, in a file beyond a gigabyte.
const LOCKED: u32 = (1 << 30) / 4096 + 1;

/// A file as it stood when this was opened.
pub struct Still {
    conn: Connection,
}

impl Still {
    pub(super) fn open(path: &Path, key: &Key) -> Result<Still, Error> {
        let conn = connect::to_read(path, key, CACHE)?;
        conn.execute_batch("begin")?;
        // The first read is the moment that counts.
        conn.query_row("select count(*) from sqlite_schema", [], |_| Ok(()))?;
        Ok(Still { conn })
    }

    /// The connection, for questions about the same moment.
    pub fn conn(&self) -> &Connection {
        &self.conn
    }

    /// Hands over every page, in order.
    pub fn each_page<E: From<Error>>(
        &self,
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut list = self
            .conn
            .prepare("select data from sqlite_dbpage order by pgno")
            .map_err(Error::from)?;
        let mut rows = list.query([]).map_err(Error::from)?;
        let (mut number, mut kept, mut page) = (0_u32, PAGE, [0; PAGE]);
        while let Some(row) = rows.next().map_err(Error::from)? {
            let bytes = row.get_ref(0).map_err(Error::from)?;
            let bytes = bytes
                .as_blob()
                .map_err(|error| Error::Sqlite(error.into()))?;
            number += 1;
            if bytes.len() != PAGE {
                return Err(Error::Io(std::io::Error::other("a page has another size")).into());
            }
            page.copy_from_slice(bytes);
            if number == 1 {
                kept = PAGE - usize::from(page[20]);
                plain_header(&mut page);
            }
            page[kept..].fill(0);
            take(&page)?;
        }
        Ok(())
    }

    /// The rows of every table, by its name.
    pub fn counts(&self) -> Result<Vec<(String, u64)>, Error> {
        let mut list = self.conn.prepare(
            "select name from sqlite_schema
             where type = 'table' and rootpage > 0 and name not like 'sqlite\\_%' escape '\\'
             order by name",
        )?;
        let names = list.query_map([], |row| row.get::<_, String>(0))?;
        let mut counts = Vec::new();
        for name in names {
            let name = name?;
            let quoted = name.replace('"', "\"\"");
            let sql = format!("select count(*) from main.\"{quoted}\"");
            counts.push((name, self.conn.query_row(&sql, [], |row| row.get(0))?));
        }
        Ok(counts)
    }

    /// What the engine finds wrong with the file; nothing when it is whole.
    pub fn faults(&self) -> Result<Vec<String>, Error> {
        let mut wrong = Vec::new();
        self.conn.pragma_query(None, "quick_check", |row| {
            let said: String = row.get(0)?;
            if said != "ok" {
                wrong.push(said);
            }
            Ok(())
        })?;
        Ok(wrong)
    }
}

/// The header without what differs between two files of the same content: how
/// it is written, its counters, which version wrote it.
fn plain_header(page: &mut [u8; PAGE]) {
    page[18..20].fill(1);
    page[24..28].fill(0);
    page[92..100].fill(0);
}

/// A file that is being made from pages.
pub struct Rebuilt {
    conn: Connection,
    key: Key,
    path: PathBuf,
    pages: u32,
}

/// Makes the file of that stem and name from pages, under the key the keyring
/// has for it.
pub fn rebuild(
    keyring: &Keyring,
    folder: &Path,
    (stem, name): (&str, &str),
) -> Result<Rebuilt, Error> {
    let key = keyring.key_of(name)?;
    let path = key.path(folder, stem);
    let conn = connect::to_copy(&path, &key.key)?;
    conn.execute_batch("begin immediate")?;
    Ok(Rebuilt {
        conn,
        key: key.key,
        path,
        pages: 0,
    })
}

impl Rebuilt {
    /// The pages that follow, as [`Still::each_page`] gave them.
    pub fn append(&mut self, pages: &[u8]) -> Result<(), Error> {
        let mut insert = self
            .conn
            .prepare_cached("insert into sqlite_dbpage (pgno, data) values (:number, :page)")?;
        for page in pages.chunks(PAGE) {
            self.pages += 1;
            if self.pages != LOCKED {
                insert.execute(named_params! { ":number": self.pages, ":page": page })?;
            }
        }
        Ok(())
    }

    /// Waits for the disk, and gives the file as it is there now.
    pub fn finish(self) -> Result<Still, Error> {
        let Rebuilt {
            conn, key, path, ..
        } = self;
        conn.execute_batch("commit")?;
        drop(conn);
        File::open(&path)?.sync_all()?;
        Still::open(&path, &key)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::{Db, Schema};

    fn pages(still: &Still) -> Vec<u8> {
        let mut all = Vec::new();
        still
            .each_page(|page| {
                all.extend_from_slice(page);
                Ok::<_, Error>(())
            })
            .unwrap();
        all
    }

    #[tokio::test]
    async fn a_file_made_from_pages_is_the_same_under_another_key_and_writers_do_not_disturb() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("a.db"), Key::random().unwrap());
        let db = Db::open(&path, &key, Schema::Workspace, Arc::default()).unwrap();
        let fill = |from: i64| {
            move |tx: &super::super::Transaction<'_>| {
                for key in from..from + 3000 {
                    tx.execute(
                        "insert into _once (key, at) values (:key, 1)",
                        named_params! { ":key": format!("key {key}") },
                    )?;
                }
                Ok::<_, Error>(())
            }
        };
        db.write(fill(0)).await.unwrap();
        let still = db.still().unwrap();
        db.write(fill(9000)).await.unwrap();

        let before = pages(&still);
        assert_eq!(pages(&still), before, "what is written later is not seen");
        let keyring = Keyring::open(&folder.path().join("keyring.db"), &key).unwrap();
        let mut made = rebuild(&keyring, folder.path(), ("data", "other")).unwrap();
        for some in before.chunks(7 * PAGE) {
            made.append(some).unwrap();
        }
        let again = made.finish().unwrap();

        assert!(pages(&again) == before);
        assert_eq!(again.faults().unwrap(), Vec::<String>::new());
        assert_eq!(again.counts().unwrap(), still.counts().unwrap());
        let rows = again.counts().unwrap();
        assert!(rows.contains(&("_once".to_owned(), 3000)), "{rows:?}");
        let other = keyring.key_of("other").unwrap().key;
        drop(again);
        let path = folder.path().join("data.db");
        let opened = Db::open(&path, &other, Schema::Workspace, Arc::default()).unwrap();
        opened.write(fill(9000)).await.unwrap();
        assert!(opened.check().await.unwrap().is_empty());
    }
}
