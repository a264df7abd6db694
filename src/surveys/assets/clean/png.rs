//! PNG: a row of chunks, each with its name. Those that are about points and colours stay.

use super::{Clean, Form, four};

pub(super) const MARK: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The length, the name, and the sum behind the content.
const AROUND: usize = 12;

const KEPT: [&[u8]; 16] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP",
    b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// Nothing where it is not whole. What stands behind its end goes.
pub(super) fn clean(bytes: &[u8]) -> Option<Clean> {
    let mut rest = bytes.get(MARK.len()..)?;
    let mut body = MARK.to_vec();
    let (width, height) = size(rest)?;
    let mut has_points = false;
    loop {
        let length = usize::try_from(four(rest, 0)?).ok()?;
        let (chunk, behind) = rest.split_at_checked(length.checked_add(AROUND)?)?;
        let name = &chunk[4..8];
        if KEPT.contains(&name) {
            body.extend_from_slice(chunk);
        }
        has_points |= name == b"IDAT";
        if name == b"IEND" {
            return has_points.then_some(Clean {
                form: Form::Png,
                width,
                height,
                body,
            });
        }
        rest = behind;
    }
}

/// What its first chunk says.
fn size(first: &[u8]) -> Option<(u32, u32)> {
    let is_head = four(first, 0)? == 13 && first.get(4..8)? == b"IHDR";
    is_head.then_some((four(first, 8)?, four(first, 12)?))
}
