//! Days and times as text and as numbers, the same as the page does it.

use super::number;
use super::{Scope, Value};

const DAY: i64 = 86_400_000;

/// A moment of a calendar without zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Since 1970-01-01.
    day: i64,
    /// Milliseconds of the day.
    time: i64,
}

impl Moment {
    /// What a text says, or what so many days since 1970 are.
    pub(super) fn of(value: &Value) -> Option<Moment> {
        match value {
            Value::Number(days) => Moment::at(*days),
            other => {
                let text = other.text();
                read(&text).or_else(|| Moment::at(number::read(&text)?))
            }
        }
    }

    /// As far as four digits of a year reach.
    fn at(days: f64) -> Option<Moment> {
        if !(-719_162.0..2_932_897.0).contains(&days) {
            return None;
        }
        let milliseconds = number::rounded(days * 86_400_000.0, 0.0);
        let all: i64 = number::write(milliseconds).parse().ok()?;
        Some(Moment {
            day: all.div_euclid(DAY),
            time: all.rem_euclid(DAY),
        })
    }

    pub(super) fn days(self) -> f64 {
        whole(self.day) + self.part_of_day()
    }

    pub(super) fn part_of_day(self) -> f64 {
        whole(self.time) / 86_400_000.0
    }

    pub(super) fn date_text(self) -> String {
        let (year, month, day) = civil(self.day);
        format!("{year:04}-{month:02}-{day:02}")
    }

    pub(super) fn text(self) -> String {
        let [hour, minute, second, milli] = self.clock();
        format!(
            "{}T{hour:02}:{minute:02}:{second:02}.{milli:03}",
            self.date_text()
        )
    }

    fn clock(self) -> [i64; 4] {
        let seconds = self.time / 1000;
        [
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60,
            self.time % 1000,
        ]
    }

    /// Whole months; the last one counts when its day and time are reached.
    pub(super) fn months_until(self, to: &Moment) -> f64 {
        let months = |moment: &Moment| {
            let (year, month, day) = civil(moment.day);
            (year * 12 + month, (day, moment.time))
        };
        let (from, to) = (months(&self), months(to));
        let apart = to.0 - from.0;
        whole(match apart.signum() {
            1 if to.1 < from.1 => apart - 1,
            -1 if to.1 > from.1 => apart + 1,
            _ => apart,
        })
    }

    /// `%Y %y %m %n %b %d %e %H %h %M %S %3 %a`
    pub(super) fn formatted(self, pattern: &str) -> String {
        let mut text = String::new();
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next() {
            if letter != '%' {
                text.push(letter);
                continue;
            }
            match letters.next() {
                Some(sign) => text.push_str(&self.part(sign)),
                None => text.push('%'),
            }
        }
        text
    }

    fn part(self, sign: char) -> String {
        let (year, month, day) = civil(self.day);
        let [hour, minute, second, milli] = self.clock();
        match sign {
            'Y' => format!("{year:04}"),
            'y' => format!("{:02}", year % 100),
            'm' => format!("{month:02}"),
            'n' => month.to_string(),
            'b' => name(&MONTHS, month - 1),
            'd' => format!("{day:02}"),
            'e' => day.to_string(),
            'H' => format!("{hour:02}"),
            'h' => hour.to_string(),
            'M' => format!("{minute:02}"),
            'S' => format!("{second:02}"),
            '3' => format!("{milli:03}"),
            'a' => name(&DAYS, (self.day + 4).rem_euclid(7)),
            '%' => "%".to_owned(),
            other => format!("%{other}"),
        }
    }
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

fn name(of: &[&str], place: i64) -> String {
    let place = usize::try_from(place).unwrap_or_default();
    of.get(place).copied().unwrap_or_default().to_owned()
}

/// Days, milliseconds and months stay far below where numbers lose their units.
#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn whole(number: i64) -> f64 {
    number as f64
}

/// The respondent's own clock.
pub(super) fn local(scope: &dyn Scope) -> Moment {
    let east = i64::from(scope.minutes_east().clamp(-1_440, 1_440)) * 60_000;
    let all = scope.now().0.saturating_add(east);
    let day = all.div_euclid(DAY).clamp(-719_162, 2_932_896);
    Moment {
        day,
        time: all.rem_euclid(DAY),
    }
}

/// `+01:00`
pub(super) fn zone(minutes: i32) -> String {
    let minutes = minutes.clamp(-1_440, 1_440);
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The number a date, a time or both count as.
pub(super) fn days(text: &str) -> Option<f64> {
    read(text).map(Moment::days)
}

/// `2026-11-22`, `10:30`, `2026-11-22T10:30:00.000+01:00`. The zone is not reckoned
/// with: what a clock showed is what counts.
fn read(text: &str) -> Option<Moment> {
    let text = text.trim_matches([' ', '\t', '\n', '\r']);
    if let Some(time) = time(text) {
        return Some(Moment { day: 0, time });
    }
    let (date, rest) = text.split_at_checked(10)?;
    let day = date_of(date)?;
    if rest.is_empty() {
        return Some(Moment { day, time: 0 });
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let time = time(without_zone(rest))?;
    Some(Moment { day, time })
}

fn without_zone(text: &str) -> &str {
    let text = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    match text.rfind(['+', '-']) {
        Some(at) if is_zone(&text[at + 1..]) => &text[..at],
        _ => text,
    }
}

fn is_zone(text: &str) -> bool {
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    digits.len() >= 2 && digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn date_of(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = digits(parts.next()?, 2)?;
    let day = digits(parts.next()?, 2)?;
    if parts.next().is_some() || year < 1 || !(1..=12).contains(&month) {
        return None;
    }
    let found = days_from_civil(year, month, day);
    (civil(found) == (year, month, day)).then_some(found)
}

/// `10:30`, `10:30:59`, `10:30:59.123`
fn time(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let hour = digits(parts.next()?, 2)?;
    let minute = digits(parts.next()?, 2)?;
    let (second, milli) = match parts.next() {
        None => (0, 0),
        Some(seconds) => {
            let (second, part) = seconds.split_once('.').unwrap_or((seconds, "0"));
            (digits(second, 2)?, milliseconds(part)?)
        }
    };
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(((hour * 60 + minute) * 60 + second) * 1000 + milli)
}

fn milliseconds(part: &str) -> Option<i64> {
    if part.is_empty() || part.len() > 9 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let three: String = part.chars().chain("000".chars()).take(3).collect();
    three.parse().ok()
}

fn digits(text: &str, count: usize) -> Option<i64> {
    let is_right = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_right)
}

/// Year, month and day of a day since 1970, in years of four hundred.
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}
