//! The image this server was started from, if it was one, and how old it is.

use std::fs;

use crate::base::Time;

/// Written by whoever builds the image: one line, when it was built.
const FILE: &str = "/etc/onsight-image";
/// An image is built anew every day: one that is older misses patches.
const FRESH: i64 = 7 * Time::DAY;

/// When the image was built that this server runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Image {
    pub(super) built: Time,
    pub(super) days: i64,
    pub(super) is_old: bool,
}

impl Image {
    /// `None`: the server was installed as a package, not started from an image.
    pub(super) fn this(now: Time) -> Option<Image> {
        Image::read(&fs::read_to_string(FILE).ok()?, now)
    }

    fn read(text: &str, now: Time) -> Option<Image> {
        let built = text
            .lines()
            .find_map(|line| line.strip_prefix("built="))?
            .trim()
            .parse::<jiff::Timestamp>()
            .ok()?;
        let built = Time(built.as_millisecond());
        let age = now.0.saturating_sub(built.0);
        Some(Image {
            built,
            days: age / Time::DAY,
            is_old: age > FRESH,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT: Time = Time(1_795_305_600_000);

    fn after(milliseconds: i64) -> Image {
        let text = format!("built={}\npackages=211\n", BUILT.rfc3339());
        Image::read(&text, BUILT.plus(milliseconds)).unwrap()
    }

    #[test]
    fn an_image_is_old_after_a_week() {
        assert_eq!(after(0).built, BUILT);
        assert_eq!(
            (after(7 * Time::DAY).days, after(7 * Time::DAY).is_old),
            (7, false)
        );
        assert!(after(7 * Time::DAY + 1).is_old);
        // A clock behind the one that built it.
        assert!(!after(-Time::DAY).is_old);
    }

    #[test]
    fn what_says_no_time_is_no_image() {
        for text in ["", "built=", "built=yesterday", "2026-11-22T00:00:00Z"] {
            assert_eq!(Image::read(text, BUILT), None, "{text}");
        }
    }
}
