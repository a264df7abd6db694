//! Workbooks are zip files: what is packed inside, and values as sheets say them.

use std::io::Read;

use zip::ZipArchive;

use super::{Refusal, Source, Upload};
use crate::base::text::shorten;

/// A packed file may unpack to this much; beyond, somebody plays games.
const UNPACKED: u64 = 4 << 30;

/// No honest workbook of this size packs so well.
const LARGE: u64 = 64 << 20;
const RATIO: u64 = 500;

pub(super) type Archive = ZipArchive<Box<dyn Source>>;

pub(super) fn unzip(upload: &Upload<'_>) -> Result<Archive, Refusal> {
    ZipArchive::new(upload.source()?).map_err(|error| broken(&error))
}

/// The zip ends too early, or is none.
pub(super) fn broken(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::file(format!(
        "the workbook is damaged ({}): open it, save it again and send it once more",
        shorten(&error.to_string(), 120)
    ))
}

pub(super) fn password() -> Refusal {
    Refusal::file(
        "the workbook is protected by a password: open it, save it without a password and send it again",
    )
}

/// The names of what is packed, if none is a bomb.
pub(super) fn names(archive: &mut Archive) -> Result<Vec<String>, Refusal> {
    let mut names = Vec::with_capacity(archive.len());
    for at in 0..archive.len() {
        let file = archive.by_index_raw(at).map_err(|error| broken(&error))?;
        let is_bomb = file.size() > LARGE && file.size() / RATIO > file.compressed_size();
        if file.size() > UNPACKED || is_bomb {
            return Err(Refusal::file(
                "the workbook unpacks to more than this server takes: send the sheet as a CSV file",
            ));
        }
        let name = file.name().map_err(|error| broken(&error))?;
        names.push(name.into_owned());
    }
    Ok(names)
}

/// The names of what is packed, and what an `OpenDocument` calls itself.
pub(super) fn contents(upload: &Upload<'_>) -> Result<(Vec<String>, String), Refusal> {
    let mut archive = unzip(upload)?;
    let names = names(&mut archive)?;
    let mut mimetype = String::new();
    if let Ok(file) = archive.by_name("mimetype") {
        file.take(200).read_to_string(&mut mimetype)?;
    }
    Ok((names, mimetype))
}

/// Days since 1970 of the day a workbook counts from.
const EPOCH_1900: i64 = -25_569;

/// A moment as sheets count it, days since about 1900, spelled out. What has
/// no day is a time, what has no time is a date.
pub(super) fn spell_days(days: f64) -> Option<String> {
    const DAY: i64 = 86_400_000;
    let milliseconds = whole_milliseconds(days)?;
    let (day, time) = (milliseconds.div_euclid(DAY), milliseconds.rem_euclid(DAY));
    if day == 0 {
        return Some(spell_time(time));
    }
    // Excel believes that 1900 was a leap year; LibreOffice too, to agree.
    let day = if (1..60).contains(&day) { day + 1 } else { day };
    let since_1970 = day.checked_add(EPOCH_1900)?;
    let date = jiff::civil::date(1970, 1, 1)
        .checked_add(jiff::Span::new().try_days(since_1970).ok()?)
        .ok()?;
    if time == 0 {
        return Some(date.to_string());
    }
    Some(format!("{date}T{}", spell_time(time)))
}

/// A length of time in days, spelled `36:00:00`.
pub(super) fn spell_duration(days: f64) -> Option<String> {
    whole_milliseconds(days.abs()).map(spell_time)
}

fn spell_time(milliseconds: i64) -> String {
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest == 0 {
        format!("{hours:02}:{minutes:02}:{seconds:02}")
    } else {
        format!("{hours:02}:{minutes:02}:{seconds:02}.{rest:03}")
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the range was looked at")]
fn whole_milliseconds(days: f64) -> Option<i64> {
    let milliseconds = (days * 86_400_000.0).round();
    (milliseconds.abs() < 4e14).then_some(milliseconds as i64)
}
