//! The archive in which everything is given back: entries one after the other,
//! each with its hash, and a list of them at the end.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use aws_lc_rs::digest::{Context, SHA256};
use serde_json::{Value, json};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::journal::hex;

/// How far the work is, for who waits.
#[derive(Debug, Default)]
pub(super) struct Progress {
    pub(super) part: AtomicUsize,
    pub(super) entries: AtomicU64,
    /// Before packing.
    pub(super) bytes: AtomicU64,
}

/// Where a part puts what it has.
pub(super) trait Pack: Write {
    /// What is written from now on is another entry.
    fn begin(&mut self, name: &str) -> io::Result<()>;
}

/// An archive that is being written, front to back.
pub(super) struct Archive<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    open: Option<Open>,
    entries: Vec<Value>,
    progress: Arc<Progress>,
}

struct Open {
    name: String,
    hash: Context,
    bytes: u64,
}

impl<W: Write> Archive<W> {
    pub(super) fn new(to: W, progress: Arc<Progress>) -> Archive<W> {
        Archive {
            zip: ZipWriter::new_stream(to),
            open: None,
            entries: Vec::new(),
            progress,
        }
    }

    /// Notes the entry that was open.
    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.entries.push(json!({
                "name": open.name,
                "bytes": open.bytes,
                "sha256": hex(open.hash.finish().as_ref()),
            }));
            self.progress.entries.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes the list of entries, and what else it says. Gives the number of
    /// entries, the list among them, and what was written to.
    pub(super) fn finish(mut self, mut manifest: Value) -> io::Result<(u64, W)> {
        self.close();
        manifest["entries"] = std::mem::take(&mut self.entries).into();
        self.begin("manifest.json")?;
        serde_json::to_writer_pretty(&mut self, &manifest)?;
        self.close();
        let count = self.progress.entries.load(Ordering::Relaxed);
        let to = self.zip.finish().map_err(io::Error::other)?;
        Ok((count, to.into_inner()))
    }
}

impl<W: Write> Pack for Archive<W> {
    fn begin(&mut self, name: &str) -> io::Result<()> {
        self.close();
        // Nobody knows beforehand how long an entry gets.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .large_file(true);
        self.zip
            .start_file(name, options)
            .map_err(io::Error::other)?;
        self.open = Some(Open {
            name: name.to_owned(),
            hash: Context::new(&SHA256),
            bytes: 0,
        });
        Ok(())
    }
}

impl<W: Write> Write for Archive<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.zip.write(bytes)?;
        let open = self.open.as_mut();
        let open = open.ok_or_else(|| io::Error::other("no entry was begun"))?;
        open.hash.update(&bytes[..taken]);
        open.bytes += taken as u64;
        self.progress
            .bytes
            .fetch_add(taken as u64, Ordering::Relaxed);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.zip.flush()
    }
}

/// A name somebody gave, as part of an entry's name: no folders, nothing a
/// system takes amiss.
pub(super) fn plain(name: &str) -> String {
    let kept = name.chars().map(|c| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c if c.is_control() => '_',
        c => c,
    });
    let kept: String = kept.take(100).collect();
    match kept.trim_matches(|c: char| c == '.' || c.is_whitespace()) {
        "" => "unnamed".to_owned(),
        kept => kept.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;
    use crate::journal::sha256;

    #[test]
    fn the_list_tells_each_entry_and_its_hash() {
        let mut archive = Archive::new(Vec::new(), Arc::default());
        archive.begin("a.txt").unwrap();
        archive.write_all(b"one ").unwrap();
        archive.write_all(b"two").unwrap();
        archive.begin("deep/empty.csv").unwrap();
        let (count, bytes) = archive.finish(json!({ "format": "test" })).unwrap();

        assert_eq!(count, 3);
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        let mut list = zip.by_name("manifest.json").unwrap();
        list.read_to_string(&mut text).unwrap();
        drop(list);
        let list: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(list["format"], "test");
        assert_eq!(list["entries"].as_array().unwrap().len(), 2);
        for entry in list["entries"].as_array().unwrap() {
            let mut bytes = Vec::new();
            let name = entry["name"].as_str().unwrap();
            zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
            assert_eq!(entry["sha256"], hex(&sha256(&bytes)), "{name}");
            assert_eq!(entry["bytes"], bytes.len());
        }
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        assert_eq!(plain("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(plain("a\\b:c.csv"), "a_b_c.csv");
        assert_eq!(plain(" .. "), "unnamed");
        assert_eq!(plain("Größe \u{7}.csv"), "Größe _.csv");
        assert_eq!(plain(&"x".repeat(500)).len(), 100);
    }
}
