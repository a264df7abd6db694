//! Numbers out of characters.

use super::Decimal;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Parsed {
    Integer(i64),
    Real(f64),
}

/// Powers of ten a float holds exactly.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Above this, a float skips integers.
const EXACT: u64 = 1 << 53;

/// A number, if that is what the characters spell. Not numbers: `007` and
/// `+49`, which are codes, and whole numbers too long to be kept exactly.
#[inline]
pub(super) fn parse(cell: &[u8], decimal: Decimal) -> Option<Parsed> {
    let (negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, cell),
    };
    if matches!(digits, [b'0', b'0'..=b'9', ..]) {
        return None;
    }
    let mut whole = 0_u64;
    let mut at = 0;
    while let Some(digit) = digit(digits, at) {
        if at == 18 {
            return long(cell, decimal);
        }
        whole = whole * 10 + digit;
        at += 1;
    }
    if at == digits.len() && at > 0 {
        let integer = i64::try_from(whole).ok()?;
        return Some(Parsed::Integer(if negative { -integer } else { integer }));
    }
    let mark = if decimal == Decimal::Point {
        b'.'
    } else {
        b','
    };
    if digits.get(at) != Some(&mark) {
        return long(cell, decimal);
    }
    fraction(digits, at + 1, whole)
        .map(|real| Parsed::Real(if negative { -real } else { real }))
        .or_else(|| long(cell, decimal))
}

#[inline]
fn digit(digits: &[u8], at: usize) -> Option<u64> {
    let digit = digits.get(at)?.wrapping_sub(b'0');
    (digit < 10).then_some(u64::from(digit))
}

/// Whole and tenths, when both fit where floats are exact: one division then
/// rounds the way the slow road would.
#[inline]
fn fraction(digits: &[u8], start: usize, whole: u64) -> Option<f64> {
    let mut mantissa = whole;
    let mut at = start;
    while let Some(digit) = digit(digits, at) {
        mantissa = mantissa.checked_mul(10)?.checked_add(digit)?;
        at += 1;
    }
    let places = at - start;
    if at != digits.len() || places == 0 || places > 22 || mantissa > EXACT {
        return None;
    }
    Some(exact(mantissa) / TENS[places])
}

#[expect(clippy::cast_precision_loss, reason = "at most 2^53: nothing is lost")]
fn exact(mantissa: u64) -> f64 {
    mantissa as f64
}

/// The nearest float, as SQLite would convert it.
#[expect(clippy::cast_precision_loss, reason = "the column holds floats")]
pub(super) fn real(integer: i64) -> f64 {
    integer as f64
}

/// The integer a float is, if it is one.
#[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
pub(super) fn whole(real: f64) -> Option<i64> {
    (real.fract() == 0.0 && real.abs() <= exact(EXACT)).then_some(real as i64)
}

/// Exponents, grouped thousands, many digits: the slow road.
#[cold]
fn long(cell: &[u8], decimal: Decimal) -> Option<Parsed> {
    let (mark, group) = match decimal {
        Decimal::Point => (b'.', b','),
        Decimal::Comma => (b',', b'.'),
    };
    let end = cell
        .iter()
        .position(|byte| *byte == mark || *byte | 32 == b'e');
    let (whole, rest) = cell.split_at(end.unwrap_or(cell.len()));
    let whole = ungrouped(whole, group)?;
    let mut plain = String::with_capacity(cell.len());
    plain.push_str(&whole);
    for byte in rest {
        match *byte {
            byte if byte == mark => plain.push('.'),
            byte @ (b'0'..=b'9' | b'e' | b'E' | b'+' | b'-') => plain.push(char::from(byte)),
            _ => return None,
        }
    }
    if rest.is_empty() {
        return plain.parse().ok().map(Parsed::Integer);
    }
    let real: f64 = plain.parse().ok()?;
    real.is_finite().then_some(Parsed::Real(real))
}

/// Digits without what groups them by threes; `None` if they are grouped
/// in another way, or are no digits.
fn ungrouped(whole: &[u8], group: u8) -> Option<String> {
    let (sign, digits) = match whole {
        [b'-', rest @ ..] => ("-", rest),
        _ => ("", whole),
    };
    let groups: Vec<&[u8]> = digits.split(|byte| *byte == group).collect();
    let well_grouped = match groups.as_slice() {
        [_] => true,
        [first, rest @ ..] => {
            (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3)
        }
        [] => false,
    };
    let plain = groups.concat();
    let well_formed =
        plain.iter().all(u8::is_ascii_digit) && !matches!(plain.as_slice(), [b'0', _, ..]);
    if !well_grouped || !well_formed {
        return None;
    }
    Some(format!("{sign}{}", String::from_utf8(plain).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(cell: &str) -> Option<Parsed> {
        parse(cell.as_bytes(), Decimal::Point)
    }

    fn comma(cell: &str) -> Option<Parsed> {
        parse(cell.as_bytes(), Decimal::Comma)
    }

    #[test]
    fn a_code_is_not_a_number() {
        for code in [
            "007", "-01", "+49", "00.5", "1-2", "12a", "", "-", ".", "inf", "nan", "1 2",
        ] {
            assert_eq!(point(code), None, "{code}");
        }
        assert_eq!(point("99999999999999999999"), None);
    }

    #[test]
    fn numbers_are_read_to_the_last_digit() {
        assert_eq!(point("0"), Some(Parsed::Integer(0)));
        assert_eq!(
            point("-9223372036854775808"),
            Some(Parsed::Integer(i64::MIN))
        );
        assert_eq!(
            point("9223372036854775807"),
            Some(Parsed::Integer(i64::MAX))
        );
        for text in [
            "0.1",
            "-1.5",
            ".5",
            "1e5",
            "1.7976931348623157e308",
            "3.141592653589793238",
        ] {
            let real: f64 = text.parse().unwrap();
            assert_eq!(point(text), Some(Parsed::Real(real)), "{text}");
        }
    }

    #[test]
    fn thousands_may_be_grouped_by_the_other_mark() {
        assert_eq!(point("1,234,567"), Some(Parsed::Integer(1_234_567)));
        assert_eq!(comma("1.234,5"), Some(Parsed::Real(1234.5)));
        assert_eq!(point("1,23"), None);
        assert_eq!(comma("1.5"), None);
    }
}
