//! A page with files: its fields as any page's, its files put down as they come.

use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{Multipart, Path, State};
use axum::response::Response;

use super::way::{known, place, sent};
use crate::base::Time;
use crate::store::{self, Db};
use crate::surveys::running::{Compiled, Respondent, Surveys};
use crate::surveys::uploads::{Came, Staging, drop_unused, file_name};
use crate::web::{Error, Fields, Result};

/// What the fields of a page may weigh together.
const FIELDS: usize = 1 << 20;
/// What may come that no question takes, before nobody listens any more.
const SURPLUS: u64 = 64 << 20;

/// Who reloads a page that had to be put right is at their way again.
pub(super) async fn back(
    State(surveys): State<Surveys>,
    Path((slug, token)): Path<(String, String)>,
) -> Result<Response> {
    let (of, db) = place(&surveys, &slug, &token).await?;
    known(&db, &token).await?;
    Ok(super::see_other(&format!("/s/{}/r/{token}", of.slug)))
}

pub(super) async fn take(
    State(surveys): State<Surveys>,
    Path((slug, token)): Path<(String, String)>,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Result<Response> {
    let (of, db) = place(&surveys, &slug, &token).await?;
    let respondent = known(&db, &token).await?;
    let form = form.map_err(|_none| broken())?;
    if respondent.outcome.is_some() {
        return Ok(super::see_other(&format!("/s/{}/r/{token}", of.slug)));
    }
    let compiled = surveys.version(&of, respondent.version).await?;
    let site = &surveys.site;
    let workspace = of.workspace.to_string();
    let storage = site.files.limits(&workspace).storage();
    let mut arriving = Arriving {
        db: &db,
        compiled: &compiled,
        respondent: &respondent,
        now: compiled.stamp(site.clock.now()),
        room: storage.saturating_sub(site.files.used(&workspace)?),
        pairs: Vec::new(),
        weight: 0,
        surplus: 0,
        staged: Vec::new(),
    };
    let read = arriving.read(form).await;
    let (pairs, staged) = (std::mem::take(&mut arriving.pairs), arriving.staged);
    let done = match read {
        Ok(()) => sent(&surveys, (&of, &db, &token), fields(&pairs)).await,
        Err(error) => Err(error),
    };
    // What came with a page that has to be put right waits for it, unless it never fits.
    let is_amiss = done.as_ref().is_ok_and(|taken| taken.is_amiss);
    let goes = staged.into_iter().filter(|came| !is_amiss || !came.is_fit);
    let goes: Vec<i64> = goes.map(|came| came.id).collect();
    if !goes.is_empty() {
        db.write(move |tx| drop_unused(tx, &goes)).await?;
    }
    Ok(done?.page)
}

fn fields(pairs: &[(String, String)]) -> Fields {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    Fields::parse(&query.finish())
}

/// A page on its way in.
struct Arriving<'a> {
    db: &'a Db,
    compiled: &'a Compiled,
    respondent: &'a Respondent,
    now: Time,
    /// What the workspace has left for files.
    room: u64,
    /// Names and values; of a file, the name it got.
    pairs: Vec<(String, String)>,
    weight: usize,
    surplus: u64,
    staged: Vec<Came>,
}

fn broken() -> Error {
    Error::Invalid("the page did not arrive whole; go back and send it again".to_owned())
}

impl Arriving<'_> {
    async fn read(&mut self, mut form: Multipart) -> Result<()> {
        while let Some(part) = form.next_field().await.map_err(|_cut| broken())? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                // A field for files that was left empty.
                Some(file) if file.is_empty() => {}
                Some(file) => self.file(&name, &file, part).await?,
                None => self.field(name, part).await?,
            }
        }
        Ok(())
    }

    async fn field(&mut self, name: String, mut part: Field<'_>) -> Result<()> {
        let mut value = Vec::new();
        while let Some(piece) = part.chunk().await.map_err(|_cut| broken())? {
            self.weight += piece.len();
            if self.weight > FIELDS {
                return Err(Error::TooLarge("the page is too long".to_owned()));
            }
            value.extend_from_slice(&piece);
        }
        self.weight += name.len();
        let value = String::from_utf8_lossy(&value).into_owned();
        self.pairs.push((name, value));
        Ok(())
    }

    /// The turn of the page, whose fields stand before its files.
    fn turn(&self) -> u32 {
        let found = self.pairs.iter().find(|(name, _)| name == ".turn");
        found
            .and_then(|(_, turn)| turn.parse().ok())
            .unwrap_or_default()
    }

    async fn file(&mut self, question: &str, file: &str, part: Field<'_>) -> Result<()> {
        let block = self.compiled.survey.block(question);
        let limits = block.and_then(|block| block.kind.takes_files(block));
        let Some(limits) = limits else {
            return self.pass_over(part).await;
        };
        let before = self.pairs.iter().filter(|(name, _)| name == question);
        // One too many is put down, so that the page can say so.
        if before.count() > limits.most as usize {
            return self.pass_over(part).await;
        }
        let to = (self.respondent.id, question, self.turn());
        let with = (limits, self.room, self.now);
        let (name, vault) = (file_name(file), self.compiled.vault_of_files(question)?);
        match Staging::begin(self.db, to, (&name, vault), with).await? {
            Some(staging) => self.put_down(question, staging, part).await,
            None => Err(Error::TooLarge(
                "too many files came that are no answers; try again in an hour".to_owned(),
            )),
        }
    }

    async fn put_down(
        &mut self,
        question: &str,
        mut staging: Staging,
        mut part: Field<'_>,
    ) -> Result<()> {
        loop {
            let piece = match part.chunk().await {
                Ok(Some(piece)) => piece,
                Ok(None) => break,
                Err(_cut) => {
                    staging.give_up().await?;
                    return Err(broken());
                }
            };
            if staging.is_too_much() {
                self.passed(piece.len())?;
            }
            if !staging.push(&piece).await? {
                staging.give_up().await?;
                return Err(store::Error::Full.into());
            }
        }
        let (came, bytes) = staging.end().await?;
        self.room = self.room.saturating_sub(bytes);
        self.pairs.push((question.to_owned(), came.name.clone()));
        self.staged.push(came);
        Ok(())
    }

    /// Nobody asked for it: it is read to its end and not kept.
    async fn pass_over(&mut self, mut part: Field<'_>) -> Result<()> {
        while let Some(piece) = part.chunk().await.map_err(|_cut| broken())? {
            self.passed(piece.len())?;
        }
        Ok(())
    }

    fn passed(&mut self, bytes: usize) -> Result<()> {
        self.surplus += bytes as u64;
        if self.surplus > SURPLUS {
            return Err(Error::TooLarge(
                "these files are much larger than this page takes; go back and choose smaller ones"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}
