//! A file on its way in: its pieces go to the disk as they come, and no more than one of them
//! lies in memory. Like answers this is data: it leaves no line in the journal.

use std::sync::Arc;

use super::{Limits, Sort, sql};
use crate::base::Time;
use crate::store::{Db, Error};
use crate::surveys::personal::Vault;

/// What is written at a time.
const PIECE: usize = 256 << 10;
/// A file that no answer names is kept so long for whoever has to put their page right.
const PATIENCE: i64 = Time::HOUR;
/// Files of one respondent that no answer names.
const WAITING: u32 = 40;

/// A file being taken in.
pub struct Staging {
    db: Db,
    respondent: i64,
    id: i64,
    name: String,
    /// Seals what is personal.
    vault: Option<Arc<Vault>>,
    limits: Limits,
    /// What may still be written of it.
    room: u64,
    sort: Sort,
    held: Vec<u8>,
    pieces: u32,
    bytes: u64,
}

/// A file that came.
pub struct Came {
    pub id: i64,
    /// What it is called here.
    pub name: String,
    /// Its question takes files like it.
    pub is_fit: bool,
}

impl Staging {
    /// `None`: this respondent has sent too many that are no answers. `room`: what the
    /// workspace has left.
    pub async fn begin(
        db: &Db,
        (respondent, block, turn): (i64, &str, u32),
        (name, vault): (&str, Option<Vault>),
        (limits, room, now): (Limits, u64, Time),
    ) -> Result<Option<Staging>, Error> {
        let (block, name) = (block.to_owned(), name.to_owned());
        let vault = vault.map(Arc::new);
        let seals = vault.clone();
        let begun = db.write(move |tx| {
            sql::drop_stale(tx, now.plus(-PATIENCE))?;
            if sql::waiting(tx, respondent)? >= WAITING {
                return Ok::<_, Error>(None);
            }
            let of = (&*block, turn, &*name);
            sql::begin(tx, respondent, of, seals.as_deref(), now).map(Some)
        });
        Ok(begun.await?.map(|(id, name)| Staging {
            db: db.clone(),
            respondent,
            id,
            name,
            vault,
            limits,
            room,
            sort: Sort::Other,
            held: Vec::new(),
            pieces: 0,
            bytes: 0,
        }))
    }

    /// The question takes no file of that weight.
    pub fn is_too_much(&self) -> bool {
        self.bytes > self.limits.bytes
    }

    /// What comes next of it. `false`: the workspace has no room for it.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<bool, Error> {
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        if self.is_too_much() {
            // None of it is kept: the page says so.
            self.held.clear();
            return Ok(true);
        }
        if self.bytes > self.room {
            return Ok(false);
        }
        self.held.extend_from_slice(bytes);
        while self.held.len() >= PIECE {
            let rest = self.held.split_off(PIECE);
            let piece = std::mem::replace(&mut self.held, rest);
            self.write(piece).await?;
        }
        Ok(true)
    }

    async fn write(&mut self, piece: Vec<u8>) -> Result<(), Error> {
        if self.pieces == 0 {
            self.sort = Sort::of(&piece);
        }
        let at = (self.respondent, self.id, self.pieces);
        let vault = self.vault.clone();
        self.pieces += 1;
        self.db
            .write(move |tx| sql::add_piece(tx, at, piece, vault.as_deref()))
            .await
    }

    /// All of it came. Gives how much of it is kept besides.
    pub async fn end(mut self) -> Result<(Came, u64), Error> {
        if !self.held.is_empty() {
            let piece = std::mem::take(&mut self.held);
            self.write(piece).await?;
        }
        let is_too_much = self.is_too_much();
        let (id, whole) = (self.id, (self.sort, self.bytes, is_too_much));
        self.db.write(move |tx| sql::end(tx, id, whole)).await?;
        let kept = if is_too_much { 0 } else { self.bytes };
        let came = Came {
            id,
            name: self.name,
            is_fit: self.limits.fits(self.sort, self.bytes),
        };
        Ok((came, kept))
    }

    /// Nothing of it is left.
    pub async fn give_up(self) -> Result<(), Error> {
        let id = self.id;
        self.db.write(move |tx| sql::drop_unused(tx, &[id])).await
    }
}
