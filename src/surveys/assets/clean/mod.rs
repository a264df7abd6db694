//! Pictures told by their bytes, measured, and written anew: what shows stays, and what
//! tells who made them, where and with what does not.

mod jpeg;
mod png;
mod webp;

use serde::{Deserialize, Serialize};

/// A side longer than that is no picture for a page.
const SIDE: u32 = 10_000;
/// A picture with more points takes a telephone's memory.
const POINTS: u64 = 40_000_000;

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    Png,
    Jpeg,
    WebP,
}

impl Form {
    pub const ALL: [Form; 3] = [Form::Png, Form::Jpeg, Form::WebP];

    /// As it is kept.
    pub fn name(self) -> &'static str {
        match self {
            Form::Png => "png",
            Form::Jpeg => "jpeg",
            Form::WebP => "webp",
        }
    }

    /// The database holds one of them.
    pub fn named(name: &str) -> Option<Form> {
        Form::ALL.into_iter().find(|form| form.name() == name)
    }

    /// What a file of it ends in.
    pub fn ending(self) -> &'static str {
        match self {
            Form::Jpeg => "jpg",
            other => other.name(),
        }
    }

    /// As browsers call it.
    pub fn media(self) -> &'static str {
        match self {
            Form::Png => "image/png",
            Form::Jpeg => "image/jpeg",
            Form::WebP => "image/webp",
        }
    }
}

/// A picture as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clean {
    pub form: Form,
    /// As it is shown: one that lies on its side is turned.
    pub width: u32,
    pub height: u32,
    pub body: Vec<u8>,
}

/// Why a file is no picture that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("it is no PNG, JPEG or WebP picture, whatever it is called; save it as one of these")]
    Other,
    #[error("the picture is cut off or broken; save it once more in a program for pictures")]
    Broken,
    #[error(
        "the picture is too large for a page: at most 10,000 points a side and 40 million in all; make it smaller"
    )]
    Large,
}

/// The picture without what it says besides what it shows.
pub fn clean(bytes: &[u8]) -> Result<Clean, Fault> {
    let clean = if bytes.starts_with(png::MARK) {
        png::clean(bytes).ok_or(Fault::Broken)?
    } else if bytes.starts_with(jpeg::MARK) {
        jpeg::clean(bytes).ok_or(Fault::Broken)?
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        webp::clean(bytes).ok_or(Fault::Broken)?
    } else {
        return Err(Fault::Other);
    };
    if clean.width == 0 || clean.height == 0 {
        return Err(Fault::Broken);
    }
    let points = u64::from(clean.width) * u64::from(clean.height);
    if clean.width > SIDE || clean.height > SIDE || points > POINTS {
        return Err(Fault::Large);
    }
    Ok(clean)
}

/// Two bytes at that place, the higher first.
fn two(bytes: &[u8], at: usize) -> Option<u16> {
    let found = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes([found[0], found[1]]))
}

/// Four bytes at that place, the highest first.
fn four(bytes: &[u8], at: usize) -> Option<u32> {
    let found = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes([found[0], found[1], found[2], found[3]]))
}

#[cfg(test)]
mod tests;
