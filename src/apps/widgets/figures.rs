//! Writing text, numbers and days as HTML, straight into the page.

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Numbers below this have all their digits as a float.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Adds `text` so that it is nothing but text, in an element and in an attribute.
pub(in crate::apps) fn escape(text: &str, out: &mut String) {
    let mut kept = 0;
    for (at, byte) in text.bytes().enumerate() {
        let word = match byte {
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'&' => "&amp;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(&text[kept..at]);
        out.push_str(word);
        kept = at + 1;
    }
    out.push_str(&text[kept..]);
}

pub(super) fn integer(number: i64, out: &mut String) {
    out.push_str(itoa::Buffer::new().format(number));
}

/// The shortest text that reads back as the same number; `3` when it is whole.
pub(super) fn real(number: f64, out: &mut String) {
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format(number);
    out.push_str(text.strip_suffix(".0").unwrap_or(text));
}

/// `1234567` as `1,234,567`.
pub(super) fn grouped(number: i64, out: &mut String) {
    if number < 0 {
        out.push('-');
    }
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(number.unsigned_abs());
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
}

/// `1240.5` with two digits as `1,240.50`.
pub(super) fn rounded(number: f64, digits: u32, out: &mut String) {
    let scale = 10_i64.pow(digits.min(9));
    #[expect(clippy::cast_precision_loss, reason = "a power of ten below 2^53")]
    let scaled = (number * scale as f64).round();
    if !number.is_finite() || scaled.abs() >= EXACT {
        return real(number, out);
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 2^53, checked above")]
    let scaled = scaled as i64;
    if scaled < 0 && scaled > -scale {
        out.push('-');
    }
    grouped(scaled / scale, out);
    if digits > 0 {
        out.push('.');
        let mut buffer = itoa::Buffer::new();
        let fraction = buffer.format((scaled % scale).unsigned_abs());
        let wanted = usize::try_from(digits.min(9)).unwrap_or_default();
        out.extend(std::iter::repeat_n('0', wanted - fraction.len()));
        out.push_str(fraction);
    }
}

/// `2026-11-21` as `21 Nov 2026`; anything else as it is.
pub(super) fn day(text: &str, out: &mut String) {
    match parts(text) {
        Some((year, month, day)) => {
            out.push_str(day.strip_prefix('0').unwrap_or(day));
            out.push(' ');
            out.push_str(month);
            out.push(' ');
            out.push_str(year);
        }
        None => escape(text, out),
    }
}

/// `2026-11-21T19:18:08Z` as `21 Nov 2026, 19:18`; anything else as it is.
pub(super) fn moment(text: &str, out: &mut String) {
    let clock = text
        .get(10..)
        .and_then(|rest| rest.strip_prefix(['T', ' ']))
        .and_then(|rest| rest.get(..5));
    if parts(text).is_none() {
        return escape(text, out);
    }
    day(text, out);
    if let Some(clock) = clock {
        out.push_str(", ");
        escape(clock, out);
    }
}

/// Does it begin with a day?
pub(super) fn is_day(text: &str) -> bool {
    parts(text).is_some()
}

fn parts(text: &str) -> Option<(&str, &'static str, &str)> {
    let bytes = text.as_bytes();
    let is_shaped = bytes.len() >= 10
        && bytes[..10].iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !is_shaped {
        return None;
    }
    let month: usize = text[5..7].parse().ok()?;
    let name = MONTHS.get(month.checked_sub(1)?)?;
    Some((&text[..4], name, &text[8..10]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(write: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(
            said(|out| escape("<b a='x' c=\"y\">&", out)),
            "&lt;b a=&#39;x&#39; c=&quot;y&quot;&gt;&amp;"
        );
    }

    #[test]
    fn numbers_are_grouped_and_rounded() {
        assert_eq!(said(|out| rounded(1240.5, 2, out)), "1,240.50");
        assert_eq!(said(|out| rounded(-0.5, 1, out)), "-0.5");
        assert_eq!(said(|out| rounded(-1234.056, 2, out)), "-1,234.06");
        assert_eq!(said(|out| rounded(2.0, 0, out)), "2");
        assert_eq!(said(|out| rounded(1e300, 2, out)), "1e300");
        assert_eq!(said(|out| grouped(-1_234_567, out)), "-1,234,567");
    }

    #[test]
    fn days_are_written_for_people() {
        assert_eq!(said(|out| day("2026-11-01", out)), "1 Nov 2026");
        assert_eq!(
            said(|out| moment("2026-11-21T19:18:08Z", out)),
            "21 Nov 2026, 19:18"
        );
        assert_eq!(said(|out| day("soon <", out)), "soon &lt;");
        assert_eq!(said(|out| day("2026-13-01", out)), "2026-13-01");
    }
}
