//! Where words lie that shall lie nowhere.

use std::path::Path;

use onsight::store::{Connection, Error};

use crate::support::TestSite;

/// In which files these words are: in a page of a database, used or free, as the engine
/// reads it, or in the bytes of anything in the data folder.
pub(super) async fn held(site: &TestSite, words: &[&str]) -> Vec<String> {
    let site = site.site();
    let mut files = vec![("system".to_owned(), site.system.clone())];
    for name in site.files.all_names().unwrap() {
        files.push((name.clone(), site.files.open(&name).unwrap()));
    }
    let mut found = Vec::new();
    for (name, db) in files {
        let pages = db.read(pages).await.unwrap();
        let here = words.iter().filter(|word| has(&pages, word));
        found.extend(here.map(|word| format!("{word} in {name}")));
    }
    walk(&site.config.data, words, &mut found);
    found
}

fn pages(conn: &Connection) -> Result<Vec<u8>, Error> {
    let mut list = conn.prepare("select data from sqlite_dbpage")?;
    let mut rows = list.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.extend_from_slice(&row.get::<_, Vec<u8>>(0)?);
    }
    assert!(
        all.starts_with(b"SQLite format 3"),
        "pages as the engine reads them"
    );
    Ok(all)
}

fn has(bytes: &[u8], word: &str) -> bool {
    bytes
        .windows(word.len())
        .any(|part| part == word.as_bytes())
}

fn walk(folder: &Path, words: &[&str], found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, words, found);
        } else if let Ok(bytes) = std::fs::read(&path) {
            let here = words.iter().filter(|word| has(&bytes, word));
            found.extend(here.map(|word| format!("{word} in {}", path.display())));
        }
    }
}
