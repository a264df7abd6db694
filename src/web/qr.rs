//! A picture that a telephone reads.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};

/// White space that has to be around the picture, in modules.
const QUIET: i32 = 4;

/// The dark squares as one path of an SVG.
pub struct Picture {
    /// Modules on a side.
    pub size: i32,
    pub path: String,
}

/// `None` when the text does not fit into one.
pub fn picture(text: &str) -> Option<Picture> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET).ok()?;
        }
    }
    Some(Picture {
        size: code.size() + 2 * QUIET,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_three_eyes_and_white_around() {
        let picture = picture("otpauth://totp/x").unwrap();
        assert!(picture.path.starts_with("M4,4h1v1h-1z"));
        assert!(picture.path.contains(&format!("M{},4h1", picture.size - 5)));
        assert!(picture.path.contains(&format!("M4,{}h1", picture.size - 5)));
        assert!(!picture.path.contains("M3,"));
    }
}
