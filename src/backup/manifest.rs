//! What a point holds: everything that is needed to check it and to put it back.
//!
//! A JSON text, signed by the instance, compressed and sealed like the rest.
//! docs/backup.md describes it for whoever has to do without Onsight.

use std::io::{Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Error;
use crate::age::{Identity, Opener, Recipient, Sealer};
use crate::base::Time;
use crate::journal::{Signer, hex, is_signed, unhex};

/// The form of the text; another number is another version's.
pub(super) const FORM: u32 = 1;
pub(super) const NAME: &str = "manifest.age";
/// A manifest of a terabyte is smaller.
const LARGEST: u64 = 1 << 30;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) form: u32,
    pub(super) point: String,
    /// Milliseconds since 1970, UTC.
    pub(super) at: i64,
    /// The version of Onsight that made it.
    pub(super) version: String,
    pub(super) reason: String,
    /// The full point whose packs this one uses.
    pub(super) base: Option<String>,
    pub(super) items: Vec<Item>,
}

/// One thing of one kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) kind: String,
    pub(super) name: String,
    /// Whose key seals its packs: `system`, or the id of a workspace.
    pub(super) owner: String,
    pub(super) bytes: u64,
    /// Rows of each table, where the thing is a database.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) tables: Vec<(String, u64)>,
    pub(super) packs: Vec<Pack>,
    pub(super) files: Vec<FileOf>,
}

/// A sealed file at a destination: frames of zstd one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pack {
    pub(super) point: String,
    pub(super) name: String,
    pub(super) bytes: u64,
    /// SHA-256 of it as it lies there, sealed.
    pub(super) sha256: String,
}

impl Pack {
    /// Where it lies at a destination.
    pub(super) fn path(&self) -> String {
        format!("points/{}/{}", self.point, self.name)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct FileOf {
    pub(super) path: String,
    pub(super) bytes: u64,
    /// SHA-256 of the whole content.
    pub(super) sha256: String,
    pub(super) chunks: Vec<Chunk>,
}

/// SHA-256 of the content, its bytes, and where its frame is: number of the
/// pack, first byte, length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chunk(
    pub(super) String,
    pub(super) u32,
    pub(super) usize,
    pub(super) u64,
    pub(super) u32,
);

/// The text and who vouches for it.
#[derive(Serialize, Deserialize)]
struct Signed {
    manifest: String,
    key: String,
    signature: String,
}

const MARK: &[u8] = b"onsight backup manifest\0";

impl Manifest {
    pub(super) fn time(&self) -> Time {
        Time(self.at)
    }

    /// Bytes of everything in it, before compression.
    pub(super) fn bytes(&self) -> u64 {
        self.items.iter().map(|item| item.bytes).sum()
    }

    /// The packs that were made for this point.
    pub(super) fn own_packs(&self) -> impl Iterator<Item = &Pack> {
        let all = self.items.iter().flat_map(|item| &item.packs);
        all.filter(|pack| pack.point == self.point)
    }

    pub(super) fn item(&self, kind: &str, name: &str) -> Option<&Item> {
        let mut items = self.items.iter();
        items.find(|item| item.kind == kind && item.name == name)
    }

    /// Writes it, signed and sealed.
    pub(super) fn write(
        &self,
        to: &Path,
        signer: &Signer,
        recipients: &[Recipient],
    ) -> Result<(), Error> {
        let text = serde_json::to_string(self).map_err(std::io::Error::other)?;
        let signature = signer.sign(&[MARK, text.as_bytes()].concat());
        let kept = Signed {
            key: hex(&signer.public()),
            signature: hex(&signature),
            manifest: text,
        };
        let json = serde_json::to_vec(&kept).map_err(std::io::Error::other)?;
        write_sealed(to, &json, recipients)
    }

    /// Reads one, which that key must have signed.
    pub(super) fn read(from: &Path, ours: &[Identity], key: &[u8]) -> Result<Manifest, Error> {
        let json = read_sealed(from, ours)?;
        let signed: Signed = serde_json::from_slice(&json).map_err(|_wrong| Error::NoManifest)?;
        let signature = unhex(&signed.signature).ok_or(Error::NoManifest)?;
        let said = [MARK, signed.manifest.as_bytes()].concat();
        if signed.key != hex(key) || !is_signed(key, &said, &signature) {
            return Err(Error::NotSigned);
        }
        let manifest: Manifest =
            serde_json::from_str(&signed.manifest).map_err(|_wrong| Error::NoManifest)?;
        if manifest.form != FORM {
            return Err(Error::OtherForm(manifest.version));
        }
        Ok(manifest)
    }
}

/// Compresses and seals a text into a file of its own.
pub(super) fn write_sealed(to: &Path, text: &[u8], recipients: &[Recipient]) -> Result<(), Error> {
    let mut sealer = Sealer::new(super::pack::create(to)?, recipients)?;
    sealer.write_all(&zstd::encode_all(text, super::pack::LEVEL)?)?;
    sealer.finish()?.sync_all()?;
    Ok(())
}

/// What [`write_sealed`] wrote.
pub(super) fn read_sealed(from: &Path, ours: &[Identity]) -> Result<Vec<u8>, Error> {
    let opener = Opener::new(std::fs::File::open(from)?, ours)?;
    let mut text = Vec::new();
    zstd::Decoder::new(opener)?
        .take(LARGEST)
        .read_to_end(&mut text)?;
    Ok(text)
}
