//! Packs: content in frames of zstd one after the other, sealed for whoever the
//! content belongs to, and never larger than a destination takes.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;

use super::Error;
use super::manifest::{Chunk, FileOf, Item, Pack};
use crate::age::{Identity, Opener, Recipient, Sealer};
use crate::base::Hashing;
use crate::journal::hex;

/// Bytes of content in a chunk: 64 pages of a database.
pub(super) const CHUNK: usize = 256 << 10;
/// Bytes of a pack, about: every kind of destination takes that in one piece.
const LARGEST: u64 = 512 << 20;
pub(super) const LEVEL: i32 = 3;

/// Makes a file that is nobody else's.
pub(super) fn create(at: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(at)
}

/// Takes a finished pack away.
pub(super) type Ship<'a> = dyn FnMut(&Pack, &Path) -> Result<(), Error> + 'a;

/// Packs one item.
pub(super) struct Packer<'a> {
    point: &'a str,
    /// The first part of the packs' names.
    stem: String,
    folder: &'a Path,
    owner: Recipient,
    ship: &'a mut Ship<'a>,
    open: Option<(PathBuf, String, Sealer<Hashing<File>>, u64)>,
    known: HashMap<String, Chunk>,
    packs: Vec<Pack>,
    /// Packs before this one are another point's.
    first: usize,
    file: Option<(FileOf, digest::Context, Vec<u8>)>,
    files: Vec<FileOf>,
    /// Asked after every chunk, so that others get their share.
    breathe: &'a dyn Fn(),
}

/// Where packs are made, and what is done between two chunks.
pub(super) struct Bench<'a> {
    pub(super) point: &'a str,
    pub(super) folder: &'a Path,
    pub(super) owner: Recipient,
    pub(super) breathe: &'a dyn Fn(),
}

impl<'a> Packer<'a> {
    /// `before` is the same item in the full point this one builds on.
    pub(super) fn new(
        bench: &Bench<'a>,
        stem: String,
        before: Option<&Item>,
        ship: &'a mut Ship<'a>,
    ) -> Packer<'a> {
        let packs = before.map(|item| item.packs.clone()).unwrap_or_default();
        let chunks = before.iter().flat_map(|item| &item.files);
        let chunks = chunks.flat_map(|file| &file.chunks);
        Packer {
            point: bench.point,
            stem,
            folder: bench.folder,
            owner: bench.owner,
            breathe: bench.breathe,
            ship,
            open: None,
            known: chunks.map(|one| (one.0.clone(), one.clone())).collect(),
            first: packs.len(),
            packs,
            file: None,
            files: Vec::new(),
        }
    }

    pub(super) fn begin(&mut self, path: &str) {
        let file = FileOf {
            path: path.to_owned(),
            bytes: 0,
            sha256: String::new(),
            chunks: Vec::new(),
        };
        let context = digest::Context::new(&digest::SHA256);
        self.file = Some((file, context, Vec::with_capacity(CHUNK)));
    }

    /// Content of the file that was begun.
    pub(super) fn append(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        while !bytes.is_empty() {
            let Some((_, _, waiting)) = &mut self.file else {
                return Ok(());
            };
            let taken = bytes.len().min(CHUNK - waiting.len());
            waiting.extend_from_slice(&bytes[..taken]);
            bytes = &bytes[taken..];
            if waiting.len() == CHUNK {
                self.keep()?;
            }
        }
        Ok(())
    }

    pub(super) fn end(&mut self) -> Result<(), Error> {
        self.keep()?;
        if let Some((mut file, context, _)) = self.file.take() {
            file.sha256 = hex(context.finish().as_ref());
            self.files.push(file);
        }
        Ok(())
    }

    /// Keeps the chunk that waits, unless the full point has it.
    fn keep(&mut self) -> Result<(), Error> {
        let Some((mut file, mut context, mut waiting)) = self.file.take() else {
            return Ok(());
        };
        if !waiting.is_empty() {
            context.update(&waiting);
            file.bytes += waiting.len() as u64;
            let sum = hex(digest::digest(&digest::SHA256, &waiting).as_ref());
            let chunk = match self.known.get(&sum) {
                Some(known) => known.clone(),
                None => self.pack(sum, &waiting)?,
            };
            file.chunks.push(chunk);
            waiting.clear();
            (self.breathe)();
        }
        self.file = Some((file, context, waiting));
        Ok(())
    }

    fn pack(&mut self, sum: String, bytes: &[u8]) -> Result<Chunk, Error> {
        let frame = zstd::bulk::compress(bytes, LEVEL)?;
        if self.open.is_none() {
            let number = self.packs.len() - self.first;
            let name = format!("{}.{number:03}.zst.age", self.stem);
            let path = self.folder.join(&name);
            let sealer = Sealer::new(Hashing::new(create(&path)?), &[self.owner])?;
            self.open = Some((path, name, sealer, 0));
        }
        let Some((_, _, sealer, at)) = &mut self.open else {
            return Err(Error::Stopped);
        };
        sealer.write_all(&frame)?;
        let length = u32::try_from(frame.len()).map_err(io::Error::other)?;
        let size = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        let chunk = Chunk(sum, size, self.packs.len(), *at, length);
        *at += frame.len() as u64;
        if *at >= LARGEST {
            self.close()?;
        }
        Ok(chunk)
    }

    fn close(&mut self) -> Result<(), Error> {
        let Some((path, name, sealer, _)) = self.open.take() else {
            return Ok(());
        };
        let (weight, file) = sealer.finish()?.finish();
        file.sync_all()?;
        let pack = Pack {
            point: self.point.to_owned(),
            name,
            bytes: weight.bytes,
            sha256: weight.hex(),
        };
        (self.ship)(&pack, &path)?;
        std::fs::remove_file(&path)?;
        self.packs.push(pack);
        Ok(())
    }

    /// The files with their chunks, and all packs they lie in.
    pub(super) fn finish(mut self) -> Result<(Vec<FileOf>, Vec<Pack>), Error> {
        self.close()?;
        Ok((self.files, self.packs))
    }
}

/// Reads content back from packs that lie in a folder.
pub(super) struct Unpacker<'a> {
    pub(super) item: &'a Item,
    /// Where each pack lies, by its number.
    packs: Vec<Option<Opener<File>>>,
    identity: &'a Identity,
}

impl<'a> Unpacker<'a> {
    pub(super) fn new(item: &'a Item, identity: &'a Identity) -> Unpacker<'a> {
        Unpacker {
            packs: item.packs.iter().map(|_| None).collect(),
            item,
            identity,
        }
    }

    /// Hands over the content of a file chunk by chunk, each of them checked.
    pub(super) fn each(
        &mut self,
        file: &FileOf,
        fetch: &mut dyn FnMut(&Pack) -> Result<PathBuf, Error>,
        mut take: impl FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let damaged = || Error::Damaged(format!("{} {}", self.item.name, file.path));
        let mut whole = digest::Context::new(&digest::SHA256);
        for Chunk(sum, size, pack, at, length) in &file.chunks {
            let slot = self.packs.get_mut(*pack).ok_or_else(damaged)?;
            if slot.is_none() {
                let path = fetch(&self.item.packs[*pack])?;
                let ours = std::slice::from_ref(self.identity);
                *slot = Some(Opener::new(File::open(path)?, ours)?);
            }
            let Some(opener) = slot else {
                return Err(damaged());
            };
            let mut frame = vec![0; usize::try_from(*length).map_err(io::Error::other)?];
            opener.go_to(*at);
            opener.read_exact(&mut frame)?;
            let size = usize::try_from(*size).map_err(io::Error::other)?;
            if size > CHUNK {
                return Err(damaged());
            }
            let bytes = zstd::bulk::decompress(&frame, size)?;
            let found = hex(digest::digest(&digest::SHA256, &bytes).as_ref());
            if bytes.len() != size || found != *sum {
                return Err(damaged());
            }
            whole.update(&bytes);
            take(&bytes)?;
        }
        if hex(whole.finish().as_ref()) != file.sha256 {
            return Err(damaged());
        }
        Ok(())
    }
}
