//! Numbers as respondents write them.

use super::phrases::Phrase;
use crate::surveys::format::Block;

/// More digits than that are not kept exactly.
const DIGITS: usize = 15;

/// What a number has to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) decimals: u32,
    pub(super) range: Option<(f64, f64)>,
}

impl Limits {
    pub(super) fn of(block: &Block) -> Limits {
        Limits {
            decimals: block.settings.count("decimals").unwrap_or_default(),
            range: block.settings.range("range"),
        }
    }

    pub(super) fn low(self) -> Option<f64> {
        self.range.map(|(low, _)| low)
    }

    pub(super) fn high(self) -> Option<f64> {
        self.range.map(|(_, high)| high)
    }

    /// The step of a number field.
    pub(super) fn step(self) -> String {
        match self.decimals {
            0 => "1".to_owned(),
            decimals => format!("0.{}1", "0".repeat(decimals as usize - 1)),
        }
    }

    /// The number, nothing for an empty field, or what is wrong with it.
    pub(super) fn read(self, text: &str, lang: &str) -> Result<Option<f64>, Phrase> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let kind = if self.decimals == 0 {
            "whole-number"
        } else {
            "number"
        };
        let digits = plain(text, lang).ok_or_else(|| Phrase::new(kind))?;
        let fraction = digits.split_once('.').map_or("", |(_, after)| after);
        if fraction.trim_end_matches('0').len() > self.decimals as usize {
            return Err(match self.decimals {
                0 => Phrase::new("whole-number"),
                most => Phrase::new("decimals").with(&most),
            });
        }
        let number: f64 = digits.parse().ok().ok_or_else(|| Phrase::new(kind))?;
        if let Some(low) = self.low().filter(|low| number < *low) {
            return Err(Phrase::new("at-least").with(&low));
        }
        if let Some(high) = self.high().filter(|high| number > *high) {
            return Err(Phrase::new("at-most").with(&high));
        }
        // Nobody means a zero below zero.
        Ok(Some(number + 0.0))
    }
}

/// Digits with at most one point, for the reader of numbers: no exponent, no
/// sign but in front. A comma is a point where people write it so.
fn plain(text: &str, lang: &str) -> Option<String> {
    let text = if lang.starts_with("en") {
        text.to_owned()
    } else {
        text.replace(',', ".")
    };
    let unsigned = text.strip_prefix(['-', '+', '−']).unwrap_or(&text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let count = whole.trim_start_matches('0').len() + fraction.len();
    let is_number = (!whole.is_empty() || !fraction.is_empty())
        && are_digits(whole)
        && are_digits(fraction)
        && count <= DIGITS;
    is_number.then(|| text.replace('−', "-"))
}

/// As a field holds it.
pub(super) fn written(number: f64) -> String {
    format!("{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, lang: &str) -> Result<Option<f64>, String> {
        let limits = Limits {
            decimals: 1,
            range: Some((-5.0, 100.0)),
        };
        limits.read(text, lang).map_err(|why| why.say("en"))
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for hostile in [
            "1e2", "inf", "NaN", "1 2", "0x1", "--1", ".", "1.2.3", "٣", "1,5",
        ] {
            assert!(read(hostile, "en").is_err(), "{hostile}");
        }
        assert!(read(&"9".repeat(400), "en").is_err());
    }

    #[test]
    fn a_number_is_read_as_people_write_it() {
        assert_eq!(read(" 12.5 ", "en"), Ok(Some(12.5)));
        assert_eq!(read("12,5", "de"), Ok(Some(12.5)));
        assert_eq!(read("−0", "en"), Ok(Some(0.0)));
        assert_eq!(read("12.50", "en"), Ok(Some(12.5)));
        assert_eq!(read("", "en"), Ok(None));
    }

    #[test]
    fn limits_are_said() {
        assert_eq!(read("100.5", "en"), Err("Please enter 100 or less.".into()));
        assert_eq!(read("-6", "en"), Err("Please enter -5 or more.".into()));
        assert_eq!(
            read("1.25", "en"),
            Err("Please use at most 1 digits after the point.".into())
        );
    }
}
