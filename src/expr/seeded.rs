//! Chance that is the same each time it is asked, here and in the page.

/// Four numbers of 32 bits that look like chance, made of a text.
pub(super) fn words(text: &str) -> [u32; 4] {
    [0x811c_9dc5, 0x01b8_73c3, 0x5bd1_e995, 0x9e37_79b9].map(|start| mixed(hash(start, text)))
}

fn hash(start: u32, text: &str) -> u32 {
    text.bytes().fold(start, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// Spreads what is alike: one other bit before changes half of the bits after.
fn mixed(word: u32) -> u32 {
    let word = (word ^ (word >> 16)).wrapping_mul(0x85eb_ca6b);
    let word = (word ^ (word >> 13)).wrapping_mul(0xc2b2_ae35);
    word ^ (word >> 16)
}

/// From 0 to below 1.
pub(super) fn chance(text: &str) -> f64 {
    f64::from(words(text)[0]) / 4_294_967_296.0
}

/// In the shape of an id of version 4.
pub(super) fn uuid(text: &str) -> String {
    let [a, b, c, d] = words(text);
    let version = (b & 0x0fff) | 0x4000;
    let variant = (c >> 16) & 0x3fff | 0x8000;
    format!(
        "{a:08x}-{:04x}-{version:04x}-{variant:04x}-{:04x}{d:08x}",
        b >> 16,
        c & 0xffff
    )
}
