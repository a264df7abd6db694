//! The chain's head, signed now and then: who cuts off or rewrites what came
//! before has to forge a signature, too.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use aws_lc_rs::signature::{self, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde_json::{Value, json};

use super::seal::{hex, unhex};
use super::sql;
use crate::base::Time;
use crate::store::{Connection, Error, Keyring, Transaction};

/// What the keyring calls the key that signs.
const KEY: &str = "audit:signing";

/// Signs for this instance. The key never leaves the keyring and this struct.
pub struct Signer(Ed25519KeyPair);

impl Signer {
    /// The instance's key, made now if there never was one.
    pub fn of(keyring: &Keyring) -> Result<Signer, Error> {
        let unusable = || Error::WrongKey("the key that signs the audit trail".to_owned());
        let sealed = if let Some(sealed) = keyring.secret(KEY)? {
            sealed
        } else {
            let pair = Ed25519KeyPair::generate().map_err(|_unspecified| Error::NoRandomness)?;
            let document = pair.to_pkcs8().map_err(|_unspecified| unusable())?;
            keyring.keep(KEY, document.as_ref())?;
            keyring.secret(KEY)?.ok_or_else(unusable)?
        };
        let pair = Ed25519KeyPair::from_pkcs8(&sealed).map_err(|_rejected| unusable())?;
        Ok(Signer(pair))
    }

    pub fn public(&self) -> Vec<u8> {
        self.0.public_key().as_ref().to_vec()
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }
}

/// Whether that key signed that.
pub fn is_signed(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&signature::ED25519, public)
        .verify(message, signature)
        .is_ok()
}

/// The head of the chain at a moment, signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub seq: i64,
    pub at: Time,
    pub hash: Vec<u8>,
    pub signature: Vec<u8>,
}

impl Checkpoint {
    /// Signs the head the chain has now; `None` when there is no link yet or
    /// the head is signed already.
    pub fn sign(
        tx: &Transaction<'_>,
        signer: &Signer,
        at: Time,
    ) -> Result<Option<Checkpoint>, Error> {
        let Some((seq, hash)) = sql::head(tx)? else {
            return Ok(None);
        };
        if sql::newest_checkpoint(tx)?.is_some_and(|newest| newest >= seq) {
            return Ok(None);
        }
        let signature = signer.sign(&message(seq, at, &hash));
        let checkpoint = Checkpoint {
            seq,
            at,
            hash,
            signature,
        };
        sql::add_checkpoint(tx, &checkpoint)?;
        Ok(Some(checkpoint))
    }

    pub fn fits(&self, public: &[u8]) -> bool {
        let message = message(self.seq, self.at, &self.hash);
        is_signed(public, &message, &self.signature)
    }

    pub fn to_json(&self) -> Value {
        json!({
            "seq": self.seq,
            "at": self.at.0,
            "hash": hex(&self.hash),
            "signature": hex(&self.signature),
        })
    }

    pub fn from_json(value: &Value) -> Option<Checkpoint> {
        let bytes = |name: &str| value[name].as_str().and_then(unhex);
        Some(Checkpoint {
            seq: value["seq"].as_i64()?,
            at: Time(value["at"].as_i64()?),
            hash: bytes("hash")?,
            signature: bytes("signature")?,
        })
    }
}

fn message(seq: i64, at: Time, hash: &[u8]) -> Vec<u8> {
    let mut message = b"onsight audit checkpoint\0".to_vec();
    message.extend(seq.to_be_bytes());
    message.extend(at.0.to_be_bytes());
    message.extend(hash);
    message
}

/// The folder in the data folder where checkpoints and sealed segments lie.
pub(super) fn folder(data: &Path) -> io::Result<PathBuf> {
    let folder = data.join("audit");
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)?;
    Ok(folder)
}

const FILE: &str = "checkpoints.ndjson";

/// Appends the checkpoint to the file beside the database: somebody who puts
/// back an old database forgets this one, or has to cut it as well.
///
/// A line that was cut off while it was written goes first: the checkpoint it
/// would have been is in the database, and another line must not be joined to it.
pub fn append(data: &Path, checkpoint: &Checkpoint) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(folder(data)?.join(FILE))?;
    let end = end_of_lines(&mut file)?;
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    file.write_all(format!("{}\n", checkpoint.to_json()).as_bytes())?;
    file.sync_all()
}

/// Where the last line that is whole ends.
fn end_of_lines(file: &mut File) -> io::Result<u64> {
    let mut end = file.seek(SeekFrom::End(0))?;
    let mut byte = [0];
    while end > 0 {
        file.seek(SeekFrom::Start(end - 1))?;
        file.read_exact(&mut byte)?;
        if byte == *b"\n" {
            break;
        }
        end -= 1;
    }
    Ok(end)
}

/// What the file and the database hold, lowest number first. A line of the
/// file that is none is a checkpoint nobody signed, so that it is noticed.
pub fn all(conn: &Connection, data: &Path) -> Result<Vec<Checkpoint>, Error> {
    let mut found = sql::checkpoints(conn)?;
    match fs::read_to_string(data.join("audit").join(FILE)) {
        Ok(text) => {
            let whole = text.rfind('\n').map_or("", |end| &text[..end]);
            found.extend(whole.lines().map(|line| {
                serde_json::from_str(line)
                    .ok()
                    .and_then(|value| Checkpoint::from_json(&value))
                    .unwrap_or(Checkpoint {
                        seq: 0,
                        at: Time(0),
                        hash: Vec::new(),
                        signature: Vec::new(),
                    })
            }));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    found.sort_by_key(|checkpoint| checkpoint.seq);
    found.dedup();
    Ok(found)
}
