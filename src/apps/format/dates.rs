//! Days and moments: as people write them, as they are kept, and relative to now. All in UTC.

use jiff::civil::{Date, DateTime};
use jiff::{Span, Timestamp, tz::TimeZone};

use crate::base::Time;

use super::ParamType;

/// `2026-11-21`
pub(super) fn day(now: Time) -> String {
    today(now).to_string()
}

fn today(now: Time) -> Date {
    now.timestamp().to_zoned(TimeZone::UTC).date()
}

/// `today`, `today-90d` (or `w`, `m`, `y`) and `now` as the text a date or a datetime
/// is kept as; `None` for another word or another type.
pub(in crate::apps) fn relative(text: &str, kind: ParamType, now: Time) -> Option<String> {
    let date = match (text, kind) {
        ("now", ParamType::DateTime) => return Some(now.rfc3339()),
        ("now", ParamType::Date) => today(now),
        (_, ParamType::Date | ParamType::DateTime) => {
            let rest = text.strip_prefix("today")?;
            if rest.is_empty() {
                today(now)
            } else {
                today(now).checked_add(distance(rest)?).ok()?
            }
        }
        _ => return None,
    };
    Some(match kind {
        ParamType::DateTime => format!("{date}T00:00:00Z"),
        _ => date.to_string(),
    })
}

/// `-90d`, `+2w`
fn distance(text: &str) -> Option<Span> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => return None,
    };
    let digits = rest.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = sign * i64::from(digits.parse::<u16>().ok()?);
    let span = Span::new();
    match &rest[digits.len()..] {
        "d" => span.try_days(number).ok(),
        "w" => span.try_weeks(number).ok(),
        "m" => span.try_months(number).ok(),
        "y" => span.try_years(number).ok(),
        _ => None,
    }
}

/// `2026-11-21` and nothing else.
pub(super) fn date(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let is_shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let date: Date = is_shaped.then(|| text.parse().ok())??;
    Some(date.to_string())
}

/// `2026-11-21T19:18`, with or without seconds, a fraction and a zone; a space does for the T.
/// With a zone it is kept in UTC with a `Z`, without one as it is.
pub(super) fn datetime(text: &str) -> Option<String> {
    let (day, clock) = text.split_once(['T', ' '])?;
    date(day)?;
    let is_shaped = clock.len() >= 5
        && clock
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b":.+-Z".contains(&byte));
    if !is_shaped {
        return None;
    }
    let zone = clock.find(['Z', '+', '-']);
    let text = format!("{day}T{clock}");
    if zone.is_some() {
        let moment: Timestamp = text.parse().ok()?;
        let moment = moment.to_zoned(TimeZone::UTC).datetime();
        return Some(format!("{moment}Z"));
    }
    let moment: DateTime = text.parse().ok()?;
    Some(moment.to_string())
}
