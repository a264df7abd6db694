//! WebP: a RIFF file of chunks, each with its name and an even length.

use super::{Clean, Form};

/// RIFF, the length of all that follows, WEBP.
const HEAD: usize = 12;
const KEPT: [&[u8]; 7] = [
    b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP",
];
/// Signs of the first chunk that say there are notes: EXIF and XMP.
const NOTES: u8 = 0x0c;

/// Nothing where it is not whole. What stands behind its end goes.
pub(super) fn clean(bytes: &[u8]) -> Option<Clean> {
    let length = usize::try_from(little(bytes, 4)?).ok()?;
    let mut rest = bytes.get(HEAD..length.checked_add(8)?)?;
    let (width, height) = size(rest)?;
    let mut body = b"RIFF\0\0\0\0WEBP".to_vec();
    let mut has_points = false;
    while !rest.is_empty() {
        let length = usize::try_from(little(rest, 4)?).ok()?;
        let even = length.checked_add(8)?.checked_next_multiple_of(2)?;
        let (chunk, behind) = rest.split_at_checked(even)?;
        let name = &chunk[..4];
        if KEPT.contains(&name) {
            let from = body.len();
            body.extend_from_slice(chunk);
            if name == b"VP8X" {
                *body.get_mut(from + 8)? &= !NOTES;
            }
        }
        has_points |= [&b"VP8 "[..], b"VP8L", b"ANMF"].contains(&name);
        rest = behind;
    }
    let length = u32::try_from(body.len() - 8).ok()?;
    body[4..8].copy_from_slice(&length.to_le_bytes());
    has_points.then_some(Clean {
        form: Form::WebP,
        width,
        height,
        body,
    })
}

/// What the first chunk says, whichever of three it is.
fn size(first: &[u8]) -> Option<(u32, u32)> {
    let content = first.get(8..)?;
    match first.get(..4)? {
        b"VP8X" => {
            // Each side has three bytes.
            let (wide, high) = (little(content, 4)?, little(content, 6)?);
            Some((1 + (wide & 0x00ff_ffff), 1 + (high >> 8)))
        }
        b"VP8L" if content.first() == Some(&0x2f) => {
            let bits = little(content, 1)?;
            Some((1 + (bits & 0x3fff), 1 + ((bits >> 14) & 0x3fff)))
        }
        b"VP8 " if content.get(3..6)? == b"\x9d\x01\x2a" => {
            let both = little(content, 6)?;
            Some((both & 0x3fff, (both >> 16) & 0x3fff))
        }
        _ => None,
    }
}

/// Four bytes at that place, the lowest first.
fn little(bytes: &[u8], at: usize) -> Option<u32> {
    super::four(bytes, at).map(u32::swap_bytes)
}
