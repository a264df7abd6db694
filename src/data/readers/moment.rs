//! Dates and times out of characters.

use jiff::civil;

use super::DateOrder;

/// Which orders a date can be read in, one bit each.
pub(super) type Orders = u8;

pub(super) const YMD: Orders = 1;
pub(super) const DMY: Orders = 2;
pub(super) const MDY: Orders = 4;
const ANY: Orders = YMD | DMY | MDY;

/// A date, day and month still as they stand, and what follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment<'a> {
    year: u16,
    first: u8,
    second: u8,
    pub(super) orders: Orders,
    pub(super) time: Option<Time<'a>>,
    /// Written just as the database keeps it.
    pub(super) canonical: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time<'a> {
    hour: u8,
    minute: u8,
    second: u8,
    /// The digits after the point, at most nine.
    fraction: &'a [u8],
    /// Seconds east of Greenwich, if it says where.
    east: Option<i32>,
}

/// Room for the longest moment and the longest number.
#[derive(Clone, Copy)]
pub(super) struct Slot([u8; 40]);

impl Slot {
    pub(super) const EMPTY: Slot = Slot([0; 40]);

    /// Writes the text, cut where the room ends.
    pub(super) fn write(&mut self, text: &str) -> &str {
        let len = text.len().min(self.0.len());
        self.0[..len].copy_from_slice(&text.as_bytes()[..len]);
        self.text(len)
    }

    fn text(&self, len: usize) -> &str {
        std::str::from_utf8(&self.0[..len]).expect("only ASCII is written here")
    }
}

/// A date or a moment, if that is what the characters spell.
#[inline]
pub(super) fn parse(cell: &[u8]) -> Option<Moment<'_>> {
    let (date, rest, canonical) = date(cell)?;
    let Some((separator, after)) = rest.split_first() else {
        return Some(Moment { canonical, ..date });
    };
    if !matches!(separator, b'T' | b' ') {
        return None;
    }
    let (time, written_well) = time(after)?;
    Some(Moment {
        time: Some(time),
        canonical: canonical && written_well && *separator == b'T',
        ..date
    })
}

fn date(cell: &[u8]) -> Option<(Moment<'_>, &[u8], bool)> {
    let (a, a_digits, rest) = digits(cell)?;
    let (separator, rest) = rest.split_first()?;
    if !matches!(separator, b'-' | b'/' | b'.') {
        return None;
    }
    let (b, b_digits, rest) = digits(rest)?;
    let rest = rest.strip_prefix(&[*separator])?;
    let (c, c_digits, rest) = digits(rest)?;
    let (year, first, second, year_first) = match (a_digits, b_digits, c_digits) {
        (4, 1 | 2, 1 | 2) => (a, b, c, true),
        (1 | 2, 1 | 2, 4) => (c, a, b, false),
        _ => return None,
    };
    let first = u8::try_from(first).ok()?;
    let second = u8::try_from(second).ok()?;
    let orders = if year_first {
        if is_day(year, first, second) { ANY } else { 0 }
    } else {
        let day_first = if is_day(year, second, first) { DMY } else { 0 };
        let month_first = if *separator != b'.' && is_day(year, first, second) {
            MDY
        } else {
            0
        };
        day_first | month_first
    };
    let moment = Moment {
        year,
        first,
        second,
        orders,
        time: None,
        canonical: false,
    };
    let canonical = year_first && *separator == b'-' && b_digits == 2 && c_digits == 2;
    (orders != 0).then_some((moment, rest, canonical))
}

/// Up to four digits in front: their value, how many, and what follows.
#[inline]
fn digits(cell: &[u8]) -> Option<(u16, usize, &[u8])> {
    let mut value = 0_u16;
    let mut at = 0;
    while let Some(byte @ b'0'..=b'9') = cell.get(at) {
        if at == 4 {
            return None;
        }
        value = value * 10 + u16::from(byte - b'0');
        at += 1;
    }
    (at > 0).then(|| (value, at, &cell[at..]))
}

fn is_day(year: u16, month: u8, day: u8) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    year > 0 && (1..=days).contains(&day)
}

/// The time of day, and whether it is written as the database keeps it.
fn time(cell: &[u8]) -> Option<(Time<'_>, bool)> {
    let (hour, hour_digits, rest) = digits(cell)?;
    let (minute, 2, mut rest) = digits(rest.strip_prefix(b":")?)? else {
        return None;
    };
    let mut second = 0;
    let mut fraction: &[u8] = b"";
    let mut canonical = hour_digits == 2;
    if let Some(after) = rest.strip_prefix(b":") {
        let (seconds, 2, after) = digits(after)? else {
            return None;
        };
        (second, rest) = (seconds, after);
        if let Some(after) = rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) {
            let len = after
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            canonical &= len <= 9 && rest[0] == b'.';
            (fraction, rest) = (&after[..len.min(9)], &after[len..]);
            if len == 0 {
                return None;
            }
        }
    } else {
        canonical = false;
    }
    canonical &= matches!(rest, b"" | b"Z");
    let (hour, rest) = half_day(u8::try_from(hour).ok()?, rest)?;
    let time = Time {
        hour,
        minute: u8::try_from(minute).ok()?,
        second: u8::try_from(second).ok()?,
        fraction,
        east: zone(rest)?,
    };
    (time.hour < 24 && time.minute < 60 && time.second < 60).then_some((time, canonical))
}

/// The hour on a clock of 24, when `AM` or `PM` follows.
fn half_day(hour: u8, rest: &[u8]) -> Option<(u8, &[u8])> {
    let word = rest.strip_prefix(b" ").unwrap_or(rest);
    let afternoon = word.eq_ignore_ascii_case(b"pm");
    if !afternoon && !word.eq_ignore_ascii_case(b"am") {
        return Some((hour, rest));
    }
    let since_noon_or_midnight = match hour {
        12 => 0,
        1..=11 => hour,
        _ => return None,
    };
    Some((since_noon_or_midnight + if afternoon { 12 } else { 0 }, b""))
}

/// Nothing, `Z`, `+01`, `+0100` or `+01:00`.
#[expect(
    clippy::option_option,
    reason = "unreadable, unsaid, and said are three things"
)]
fn zone(rest: &[u8]) -> Option<Option<i32>> {
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    let (sign, rest) = match rest {
        b"" => return Some(None),
        b"Z" | b"z" | b"UTC" => return Some(Some(0)),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let number = |pair: &[u8]| match digits(pair) {
        Some((value, 2, b"")) => Some(i32::from(value)),
        _ => None,
    };
    let (hours, minutes) = match rest {
        [_, _] => (number(rest)?, 0),
        [_, _, b':', minutes @ ..] => (number(&rest[..2])?, number(minutes)?),
        [_, _, _, _] => (number(&rest[..2])?, number(&rest[2..])?),
        _ => return None,
    };
    (hours <= 15 && minutes < 60).then_some(Some(sign * (hours * 3600 + minutes * 60)))
}

impl Moment<'_> {
    /// `YYYY-MM-DD`; `None` if the date cannot be read in that order.
    pub(super) fn write_date<'s>(&self, order: DateOrder, slot: &'s mut Slot) -> Option<&'s str> {
        let (month, day) = self.month_and_day(order)?;
        put_date(&mut slot.0, self.year, month, day);
        Some(slot.text(10))
    }

    /// The moment as the database keeps it, in UTC if the zone is known.
    pub(super) fn write_moment<'s>(&self, order: DateOrder, slot: &'s mut Slot) -> Option<&'s str> {
        let (month, day) = self.month_and_day(order)?;
        let none = Time {
            hour: 0,
            minute: 0,
            second: 0,
            fraction: b"",
            east: None,
        };
        let time = self.time.unwrap_or(none);
        let (mut hour, mut minute, second) = (time.hour, time.minute, time.second);
        put_date(&mut slot.0, self.year, month, day);
        if let Some(east) = time.east.filter(|east| *east != 0) {
            let signed = |part: u8| i8::try_from(part).ok();
            let year = i16::try_from(self.year).ok()?;
            let local = civil::DateTime::new(
                year,
                signed(month)?,
                signed(day)?,
                signed(hour)?,
                signed(minute)?,
                0,
                0,
            );
            let there = local.ok()?;
            let utc = there
                .checked_sub(jiff::SignedDuration::from_secs(east.into()))
                .ok()?;
            let plain = |part: i8| u8::try_from(part).ok();
            let year = u16::try_from(utc.year()).ok()?;
            put_date(&mut slot.0, year, plain(utc.month())?, plain(utc.day())?);
            (hour, minute) = (plain(utc.hour())?, plain(utc.minute())?);
        }
        slot.0[10] = b'T';
        put_pair(&mut slot.0[11..], hour);
        slot.0[13] = b':';
        put_pair(&mut slot.0[14..], minute);
        slot.0[16] = b':';
        put_pair(&mut slot.0[17..], second);
        let mut len = 19;
        if !time.fraction.is_empty() {
            slot.0[19] = b'.';
            len = 20 + time.fraction.len();
            slot.0[20..len].copy_from_slice(time.fraction);
        }
        if time.east.is_some() {
            slot.0[len] = b'Z';
            len += 1;
        }
        Some(slot.text(len))
    }

    fn month_and_day(&self, order: DateOrder) -> Option<(u8, u8)> {
        if self.orders & YMD != 0 {
            return Some((self.first, self.second));
        }
        match order {
            DateOrder::Dmy if self.orders & DMY != 0 => Some((self.second, self.first)),
            DateOrder::Mdy if self.orders & MDY != 0 => Some((self.first, self.second)),
            DateOrder::Ymd | DateOrder::Dmy | DateOrder::Mdy => None,
        }
    }
}

fn put_date(into: &mut [u8], year: u16, month: u8, day: u8) {
    let pair = |value: u16| u8::try_from(value % 100).unwrap_or_default();
    put_pair(into, pair(year / 100));
    put_pair(&mut into[2..], pair(year));
    into[4] = b'-';
    put_pair(&mut into[5..], month);
    into[7] = b'-';
    put_pair(&mut into[8..], day);
}

fn put_pair(into: &mut [u8], value: u8) {
    into[0] = b'0' + value / 10;
    into[1] = b'0' + value % 10;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str, order: DateOrder) -> Option<String> {
        let moment = parse(text.as_bytes())?;
        let mut slot = Slot::EMPTY;
        match moment.time {
            Some(_) => moment.write_moment(order, &mut slot),
            None => moment.write_date(order, &mut slot),
        }
        .map(String::from)
    }

    #[test]
    fn a_date_is_read_in_the_order_of_its_column() {
        assert_eq!(
            kept("3.4.2024", DateOrder::Dmy).as_deref(),
            Some("2024-04-03")
        );
        assert_eq!(
            kept("3/4/2024", DateOrder::Mdy).as_deref(),
            Some("2024-03-04")
        );
        assert_eq!(
            kept("2024/3/4", DateOrder::Mdy).as_deref(),
            Some("2024-03-04")
        );
        assert_eq!(kept("13/4/2024", DateOrder::Mdy), None);
    }

    #[test]
    fn a_day_that_never_was_is_no_date() {
        for text in [
            "2023-02-29",
            "31.4.2024",
            "2024-13-01",
            "1.2.3",
            "0000-01-01",
            "12:30",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_known_zone_is_kept_as_utc() {
        let kept = |text| kept(text, DateOrder::Dmy);
        assert_eq!(
            kept("2024-01-01T00:30:00+01:00").as_deref(),
            Some("2023-12-31T23:30:00Z")
        );
        assert_eq!(
            kept("2024-01-01 10:05").as_deref(),
            Some("2024-01-01T10:05:00")
        );
        assert_eq!(
            kept("1/2/2024 1:05:00 PM").as_deref(),
            Some("2024-02-01T13:05:00")
        );
        assert_eq!(
            kept("2024-01-01T10:05:06.25Z").as_deref(),
            Some("2024-01-01T10:05:06.25Z")
        );
        assert_eq!(kept("2024-01-01T25:00:00"), None);
    }

    #[test]
    fn only_what_the_database_keeps_is_canonical() {
        let canonical = |text: &str| parse(text.as_bytes()).unwrap().canonical;
        assert!(canonical("2024-01-02"));
        assert!(canonical("2013-01-01T10:00:00Z"));
        assert!(!canonical("2024-1-2"));
        assert!(!canonical("2024-01-02 10:00:00"));
        assert!(!canonical("2024-01-02T10:00:00+00:00"));
    }
}
