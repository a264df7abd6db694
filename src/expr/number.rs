//! Numbers as text and back, the same as the page does it.

use std::cmp::Ordering;

/// Digits, one point, a minus: what XPath reads as a number. No exponents.
pub(super) fn read(text: &str) -> Option<f64> {
    let text = text.trim_matches([' ', '\t', '\n', '\r']);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && rest.is_empty()) || !is_number(whole) || !is_number(rest) {
        return None;
    }
    text.parse().ok()
}

/// The shortest digits that give the same number again, never with an exponent.
pub(super) fn write(number: f64) -> String {
    if number.is_nan() {
        return String::new();
    }
    if number.is_infinite() {
        let sign = if number < 0.0 { "-" } else { "" };
        return format!("{sign}Infinity");
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    format!("{number}")
}

/// Are they the same number? What is none is never the same as anything.
pub(super) fn same(one: f64, other: f64) -> bool {
    one.partial_cmp(&other) == Some(Ordering::Equal)
}

/// To 12 digits: two mathematical libraries differ in the last of sixteen, and the
/// page must not come to another answer than the server.
pub(super) fn settled(number: f64) -> f64 {
    if !number.is_finite() {
        return number;
    }
    format!("{number:.11e}").parse().unwrap_or(number)
}

/// To so many places after the point, halves upwards. Fewer than none rounds to
/// tens and hundreds.
pub(super) fn rounded(number: f64, places: f64) -> f64 {
    if !number.is_finite() || places.is_nan() {
        return number;
    }
    let places = places.trunc().clamp(-15.0, 15.0);
    let scale = ten_to(places.abs());
    let scaled = if places < 0.0 {
        number / scale
    } else {
        number * scale
    };
    if scaled.abs() >= 9_007_199_254_740_992.0 {
        return number;
    }
    let whole = (scaled + 0.5).floor();
    if places < 0.0 {
        whole * scale
    } else {
        whole / scale
    }
}

fn ten_to(places: f64) -> f64 {
    let mut scale = 1.0;
    let mut left = places;
    while left > 0.0 {
        scale *= 10.0;
        left -= 1.0;
    }
    scale
}

/// `base` to `exponent`. Small whole exponents are multiplied out, so that the
/// page gets the very same number.
pub(super) fn power(base: f64, exponent: f64) -> f64 {
    if exponent.fract() != 0.0 || exponent.abs() > 64.0 {
        return settled(base.powf(exponent));
    }
    let mut product = 1.0;
    let mut left = exponent.abs();
    while left > 0.0 {
        product *= base;
        left -= 1.0;
    }
    if exponent < 0.0 {
        1.0 / product
    } else {
        product
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_digits_a_point_and_a_minus_are_a_number() {
        let read: Vec<Option<f64>> = [
            "7", " 7.5\n", "-.5", "3.", "1e5", "+1", "0x1", "", ".", "-", "1,5", "NaN",
        ]
        .map(read)
        .to_vec();

        let first = [Some(7.0), Some(7.5), Some(-0.5), Some(3.0)];
        assert_eq!(read[..4], first);
        assert!(read[4..].iter().all(Option::is_none), "{read:?}");
    }

    #[test]
    fn a_number_is_written_without_an_exponent() {
        assert_eq!(write(1e21), "1000000000000000000000");
        assert_eq!(write(0.000_000_1), "0.0000001");
        assert_eq!(write(-0.0), "0");
        assert_eq!(write(1.0 / 0.0), "Infinity");
    }

    #[test]
    fn halves_go_up_at_any_place() {
        assert_eq!(rounded(2.5, 0.0).to_string(), "3");
        assert_eq!(rounded(-2.5, 0.0).to_string(), "-2");
        assert_eq!(rounded(31564.125, 2.0).to_string(), "31564.13");
        assert_eq!(rounded(31564.0, -3.0).to_string(), "32000");
        assert_eq!(rounded(1e300, 2.0).to_string(), 1e300.to_string());
    }

    #[test]
    fn powers_of_any_size_end() {
        assert_eq!(power(2.0, 10.0).to_string(), "1024");
        assert_eq!(power(2.0, -1.0).to_string(), "0.5");
        assert!(power(10.0, 1e300).is_infinite());
    }
}
