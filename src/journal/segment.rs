//! Old links, taken out of the chain into sealed files. The hash each file ends
//! with is where the chain goes on, so it still holds as a whole.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde_json::{Value, json};

use super::checkpoint::{self, Checkpoint, Signer};
use super::seal::{hex, sha256, unhex};
use super::sql::{self, Link};
use super::walk::{Broken, Fault, Walk};
use crate::base::Time;
use crate::store::{Connection, Db, Error, Keyring, SealedReader, SealedWriter};

/// Links in one file at the most.
const MOST: i64 = 50_000;

/// A run of links in a sealed file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub first: i64,
    pub last: i64,
    pub first_at: Time,
    pub last_at: Time,
    /// The hash the first link builds upon.
    pub before: Vec<u8>,
    /// The hash of the last link.
    pub hash: Vec<u8>,
    pub file: String,
    pub bytes: i64,
    /// SHA-256 of the sealed file.
    pub digest: Vec<u8>,
    pub sealed: Time,
}

/// A link as files hold it: every field by its name.
pub fn to_json(link: &Link) -> Value {
    let mut value = json!({
        "seq": link.seq,
        "file": link.file,
        "hash": hex(&link.hash),
        "record": link.past,
    });
    if let Some(record) = value["record"].take().as_object_mut() {
        for (name, field) in std::mem::take(record) {
            value[name] = field;
        }
    }
    if let Some(whole) = value.as_object_mut() {
        whole.shift_remove("record");
    }
    value
}

pub fn from_json(value: &Value) -> Option<Link> {
    Some(Link {
        seq: value["seq"].as_i64()?,
        file: value["file"].as_str()?.to_owned(),
        hash: unhex(value["hash"].as_str()?)?,
        past: serde_json::from_value(value.clone()).ok()?,
    })
}

fn key_name(first: i64) -> String {
    format!("audit-segment-{first}")
}

/// Seals links older than `until` into one file and takes them out of the
/// chain. The newest link always stays. Gives the segment, if there was enough
/// to make one.
pub async fn seal_before(
    system: &Db,
    keyring: &Keyring,
    data: &Path,
    (until, now): (Time, Time),
) -> Result<Option<Segment>, Error> {
    let Some((first, last)) = system
        .read(move |conn| sql::old_links(conn, until, MOST))
        .await?
    else {
        return Ok(None);
    };
    let folder = checkpoint::folder(data)?;
    let file = format!("{first:012}-{last:012}.sealed");
    let path = folder.join(&file);
    // A start that ended half-way left it: the chain still holds its links, and
    // a key seals one file only.
    if path.exists() {
        std::fs::remove_file(&path)?;
    }
    keyring.destroy(&format!("file:{}", key_name(first)))?;
    let key = keyring.key_of(&key_name(first))?;
    let at = path.clone();
    let mut segment = system
        .read(move |conn| {
            let mut out = SealedWriter::create(&at, &key)?;
            let mut run: Option<(Link, Link)> = None;
            sql::each_link(conn, first, |link| {
                out.append(format!("{}\n", to_json(&link)).as_bytes())?;
                let is_last = link.seq >= last;
                let from = run.take().map_or_else(|| link.clone(), |(from, _)| from);
                run = Some((from, link));
                Ok(!is_last)
            })?;
            out.finish()?;
            let (from, to) = run.ok_or(Error::NotFound)?;
            Ok::<_, Error>(Segment {
                first,
                last,
                first_at: from.past.time(),
                last_at: to.past.time(),
                before: sql::hash_before(conn, first)?,
                hash: to.hash,
                file,
                bytes: 0,
                digest: Vec::new(),
                sealed: now,
            })
        })
        .await?;
    let bytes = std::fs::read(&path)?;
    segment.bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    segment.digest = sha256(&bytes);
    Ok(Some(segment))
}

/// What a look at the whole trail found.
#[derive(Debug)]
pub struct Verified {
    pub records: u64,
    pub segments: usize,
    pub checkpoints: usize,
    pub head: i64,
}

/// Reads everything again: sealed segments, the chain, and every checkpoint.
pub fn verify_all(
    conn: &Connection,
    keyring: &Keyring,
    data: &Path,
) -> Result<Result<Verified, Broken>, Error> {
    let public = Signer::of(keyring)?.public();
    let checkpoints = checkpoint::all(conn, data)?;
    let mut marks = Marks {
        left: checkpoints.iter().collect(),
        public: &public,
    };
    let segments = sql::segments(conn)?;
    let mut walk = Walk::default();
    for segment in &segments {
        if let Err(broken) = along_segment(&mut walk, segment, keyring, data, &mut marks)? {
            return Ok(Err(broken));
        }
    }
    if let Err(broken) = walk.along(conn, |link| marks.meet(link))? {
        return Ok(Err(broken));
    }
    if let Err(broken) = marks.end() {
        return Ok(Err(broken));
    }
    Ok(Ok(Verified {
        records: walk.count(),
        segments: segments.len(),
        checkpoints: checkpoints.len(),
        head: walk.stands().0,
    }))
}

/// The checkpoints a walk has still to come by, lowest first.
pub struct Marks<'a> {
    pub left: std::collections::VecDeque<&'a Checkpoint>,
    pub public: &'a [u8],
}

impl Marks<'_> {
    /// Compares the link with what was signed of it.
    pub fn meet(&mut self, link: &Link) -> Result<(), Broken> {
        while let Some(mark) = self.left.front().filter(|mark| mark.seq <= link.seq) {
            let broken = |fault| {
                Err(Broken {
                    seq: mark.seq,
                    fault,
                })
            };
            if !mark.fits(self.public) {
                return broken(Fault::Signature);
            }
            if mark.seq == link.seq && mark.hash != link.hash {
                return broken(Fault::Rewritten);
            }
            self.left.pop_front();
        }
        Ok(())
    }

    /// The chain has ended; what is left was signed and is not there.
    pub fn end(&self) -> Result<(), Broken> {
        match self.left.front() {
            None => Ok(()),
            Some(mark) => Err(Broken {
                seq: mark.seq,
                fault: if mark.fits(self.public) {
                    Fault::CutOff
                } else {
                    Fault::Signature
                },
            }),
        }
    }
}

fn along_segment(
    walk: &mut Walk,
    segment: &Segment,
    keyring: &Keyring,
    data: &Path,
    marks: &mut Marks<'_>,
) -> Result<Result<(), Broken>, Error> {
    let unreadable = |why: String| Broken {
        seq: segment.first,
        fault: Fault::Segment(format!("{}: {why}", segment.file)),
    };
    let path = data.join("audit").join(&segment.file);
    let name = format!("file:{}", key_name(segment.first));
    if keyring.secret(&name)?.is_none() {
        return Ok(Err(unreadable("its key is gone".to_owned())));
    }
    let opened = SealedReader::open(&path, &keyring.key_of(&key_name(segment.first))?);
    let lines = match opened {
        Ok(reader) => BufReader::new(reader),
        Err(error) => return Ok(Err(unreadable(error.to_string()))),
    };
    for line in lines.lines() {
        let link = line
            .map_err(|error| error.to_string())
            .and_then(|line| serde_json::from_str(&line).map_err(|error| error.to_string()))
            .and_then(|value| from_json(&value).ok_or_else(|| "a record has no form".to_owned()));
        let seen = match link {
            Ok(link) => walk.see(&link).and_then(|()| marks.meet(&link)),
            Err(why) => Err(unreadable(why)),
        };
        if seen.is_err() {
            return Ok(seen);
        }
    }
    let (last, hash) = walk.stands();
    if (last, hash) != (segment.last, &segment.hash) {
        return Ok(Err(Broken {
            seq: last + 1,
            fault: Fault::Missing,
        }));
    }
    Ok(Ok(()))
}

/// The records of a segment, for a person who has the instance to open it.
pub fn read(keyring: &Keyring, data: &Path, segment: &Segment) -> Result<impl Read + use<>, Error> {
    let path = data.join("audit").join(&segment.file);
    Ok(SealedReader::open(
        &path,
        &keyring.key_of(&key_name(segment.first))?,
    )?)
}
