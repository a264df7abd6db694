//! JPEG: a row of segments, each with its marker. Notes of cameras and programs go; how the
//! picture lies is the one thing of them that shows, and is written again.

use super::{Clean, Form, two};

pub(super) const MARK: &[u8] = b"\xff\xd8\xff";
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
/// The tag of how a picture lies.
const LIES: u16 = 0x0112;

/// Nothing where it is not whole. What stands behind its end goes.
pub(super) fn clean(bytes: &[u8]) -> Option<Clean> {
    let mut body = vec![0xff, 0xd8];
    let (mut at, mut size, mut lies, mut has_points) = (2, None, 1, false);
    loop {
        // Any number of these may stand before a marker.
        while *bytes.get(at)? == 0xff && *bytes.get(at + 1)? == 0xff {
            at += 1;
        }
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        if marker == END {
            body.extend_from_slice(&[0xff, END]);
            break;
        }
        let length = usize::from(two(bytes, at + 2)?);
        let segment = bytes.get(at..at.checked_add(2)?.checked_add(length)?)?;
        let content = segment.get(4..)?;
        match marker {
            // Tables, frames, the interval of restarts, the number of lines.
            0xc0..=0xcf | 0xdb | 0xdc | 0xdd => body.extend_from_slice(segment),
            SCAN => {
                let points = points(bytes.get(at + segment.len()..)?)?;
                body.extend_from_slice(segment);
                body.extend_from_slice(points);
                at += points.len();
                has_points = true;
            }
            0xe1 if lies == 1 => {
                lies = orientation(content).unwrap_or(1);
                if lies > 1 {
                    body.extend_from_slice(&lying(lies));
                }
            }
            0xe0 if content.starts_with(b"JFIF\0") => body.extend_from_slice(segment),
            0xe2 if content.starts_with(b"ICC_PROFILE\0") => body.extend_from_slice(segment),
            0xee if content.starts_with(b"Adobe") => body.extend_from_slice(segment),
            0xe0..=0xef | 0xfe => {}
            _ => return None,
        }
        if is_frame(marker) {
            size = Some((two(content, 3)?, two(content, 1)?));
        }
        at += segment.len();
    }
    let (width, height) = size.filter(|_| has_points)?;
    let (width, height) = match lies {
        5..=8 => (height, width),
        _ => (width, height),
    };
    Some(Clean {
        form: Form::Jpeg,
        width: width.into(),
        height: height.into(),
        body,
    })
}

/// Does it say how large the picture is? The others of their row are tables.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// Points go on to the next marker that is none of their own.
fn points(bytes: &[u8]) -> Option<&[u8]> {
    let mut pairs = bytes.windows(2);
    let end = pairs.position(|pair| {
        pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xff) && !matches!(pair[1], 0xd0..=0xd7)
    })?;
    bytes.get(..end)
}

/// How the picture lies, from 1 to 8, as the notes of its camera say.
fn orientation(content: &[u8]) -> Option<u8> {
    let notes = content.strip_prefix(b"Exif\0\0")?;
    let is_little = match notes.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let two_of = |at: usize| {
        let found = two(notes, at)?;
        Some(if is_little { found.swap_bytes() } else { found })
    };
    let first = super::four(notes, 4)?;
    let first = if is_little { first.swap_bytes() } else { first };
    let first = usize::try_from(first).ok()?;
    let count = usize::from(two_of(first)?);
    let mut entries = (0..count).map(|entry| first.checked_add(2 + 12 * entry));
    let found = entries.find_map(|at| at.filter(|at| two_of(*at) == Some(LIES)))?;
    let lies = two_of(found.checked_add(8)?)?;
    u8::try_from(lies)
        .ok()
        .filter(|lies| (1..=8).contains(lies))
}

/// Notes that say how the picture lies and nothing else.
fn lying(lies: u8) -> [u8; 36] {
    let mut notes =
        *b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    notes[29] = lies;
    notes
}
