//! The file of a delivery: the formats that were chosen, packed where there are several, for
//! whom it is meant for, and sealed as long as it lies here.

use std::io::{self, BufWriter, Write};

use super::lying::Sealing;
use super::model::{Delivered, Error, Lock, Settings};
use crate::age::Sealer;
use crate::base::{Hashing, Secret, Time};
use crate::store::Key;
use crate::surveys::exports::{self, Format, Packed};
use crate::surveys::projects::{Moment, Subject};
use crate::surveys::running::Surveys;

/// A file that is whole.
pub(super) struct Made {
    /// Its name without its ending, and its ending.
    pub(super) name: (String, String),
    pub(super) responses: u64,
    pub(super) mark: String,
    pub(super) bytes: u64,
    pub(super) digest: Vec<u8>,
    pub(super) key: Key,
}

/// Makes the file in the place where it lies.
pub(super) async fn make(
    surveys: &Surveys,
    one: &Delivered,
    words: Option<Secret>,
) -> Result<Made, Error> {
    let site = &surveys.site;
    let subject = Subject::find(site, &one.of).await?;
    let formats = formats(&one.said)?;
    let name = name(&one.said, (subject.slug(), &formats), site.clock.now());
    let (lock, key) = (one.said.lock(words)?, Key::random()?);
    let (place, of, id, stem) = (
        site.clone(),
        one.of.clone(),
        one.id,
        subject.slug().to_owned(),
    );
    let under = key.clone();
    let wanted = one.said.wanted.clone();
    let written = subject.now(site, wanted, move |moment| {
        let (responses, mark) = moment.count()?;
        let to = Hashing::new(Sealing::begin(&place, (&of, id), &under)?);
        let to = locked(to, &lock, &mut |out| filled(moment, (&formats, &stem), out))?;
        let (weight, sealing) = to.finish();
        sealing.end()?;
        Ok((responses, mark, weight))
    });
    let (responses, mark, weight) = written.await?;
    Ok(Made {
        name,
        responses,
        mark,
        bytes: weight.bytes,
        digest: weight.sum.as_ref().to_vec(),
        key,
    })
}

fn formats(said: &Settings) -> Result<Vec<&'static dyn Format>, Error> {
    let known = said.formats.iter().map(|id| {
        let gone = || Error::Refused(format!("this version of Onsight writes no {id}"));
        exports::of(id).ok_or_else(gone)
    });
    known.collect()
}

/// `cereals-20261122T063000Z`, and `zip.age`.
fn name(
    said: &Settings,
    (slug, formats): (&str, &[&'static dyn Format]),
    now: Time,
) -> (String, String) {
    let time = now.timestamp().strftime("%Y%m%dT%H%M%SZ").to_string();
    let stem = said
        .pattern
        .replace("{survey}", slug)
        .replace("{time}", &time);
    let ending = match formats {
        [one] => one.file().0,
        _ => "zip",
    };
    let sealed = if said.is_sealed() { ".age" } else { "" };
    (stem, format!("{ending}{sealed}"))
}

/// Writes one file as it is, or several as one.
fn filled(
    moment: &Moment<'_>,
    (formats, stem): (&[&'static dyn Format], &str),
    out: &mut dyn Write,
) -> Result<(), exports::Error> {
    if let [one] = formats {
        return moment.write(*one, out);
    }
    let mut pack = Packed::new(out);
    for format in formats {
        pack.begin(&format!("{stem}-{}.{}", format.id(), format.file().0))?;
        moment.write(*format, &mut pack)?;
    }
    pack.end()
}

type Fill<'a> = dyn FnMut(&mut dyn Write) -> Result<(), exports::Error> + 'a;

/// Fills it for who can open it.
fn locked<W: Write>(to: W, lock: &Lock, fill: &mut Fill<'_>) -> Result<W, exports::Error> {
    let broken = |error: crate::age::Error| exports::Error::Disk(error.into());
    let to = BufWriter::with_capacity(64 << 10, to);
    let to = match lock {
        Lock::Nobody => {
            let mut to = to;
            fill(&mut to)?;
            to
        }
        Lock::Recipients(all) => sealed(Sealer::new(to, all).map_err(broken)?, fill)?,
        Lock::Words(words) => sealed(Sealer::with_words(to, words).map_err(broken)?, fill)?,
    };
    Ok(to.into_inner().map_err(io::IntoInnerError::into_error)?)
}

fn sealed<W: Write>(mut to: Sealer<W>, fill: &mut Fill<'_>) -> Result<W, exports::Error> {
    fill(&mut to)?;
    Ok(to.finish()?)
}
