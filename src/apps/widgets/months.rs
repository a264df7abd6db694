//! Months as people look at them: weeks from Monday on.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::base::Time;

/// The month an address names, as `2026-11`; the present one when it names none.
pub(super) fn month(said: Option<&str>, now: Time) -> Date {
    let today = now.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
    said.and_then(parse)
        .unwrap_or_else(|| today.first_of_month())
}

fn parse(text: &str) -> Option<Date> {
    let (year, month) = text.split_once('-')?;
    let is_shaped = year.len() == 4 && month.len() == 2;
    let (year, month) = (year.parse().ok()?, month.parse().ok()?);
    let is_month = is_shaped && (1..=9998).contains(&year) && (1..=12).contains(&month);
    is_month.then(|| date(year, month, 1))
}

/// `2026-11`
pub(super) fn name(month: Date) -> String {
    month.strftime("%Y-%m").to_string()
}

/// So many months later.
pub(super) fn beside(month: Date, months: i32) -> Date {
    month.checked_add(months.months()).unwrap_or(month)
}

/// The weeks the month has a day in, from Monday on.
pub(super) fn weeks(month: Date) -> Vec<[Date; 7]> {
    let before = i32::from(month.weekday().to_monday_zero_offset());
    let mut day = month.checked_sub(before.days()).unwrap_or(month);
    let mut weeks = Vec::with_capacity(6);
    while day <= month.last_of_month() {
        let week: [Date; 7] = std::array::from_fn(|at| {
            let at = i32::try_from(at).unwrap_or_default();
            day.checked_add(at.days()).unwrap_or(day)
        });
        weeks.push(week);
        match day.checked_add(7.days()) {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    weeks
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Time = Time(1_795_262_400_000);

    #[test]
    fn an_address_names_a_month_or_the_present_one_is_meant() {
        assert_eq!(name(month(Some("2027-02"), NOON)), "2027-02");
        for other in [
            None,
            Some(""),
            Some("2027-13"),
            Some("27-1"),
            Some("<b>-01"),
            Some("0000-01"),
        ] {
            assert_eq!(name(month(other, NOON)), "2026-11", "{other:?}");
        }
        assert_eq!(name(beside(month(None, NOON), 2)), "2027-01");
        assert_eq!(name(beside(month(Some("2026-01"), NOON), -1)), "2025-12");
    }

    #[test]
    fn weeks_begin_on_monday_and_hold_the_whole_month() {
        let weeks = weeks(month(Some("2026-11"), NOON));

        assert_eq!(weeks.len(), 6);
        assert_eq!(weeks[0][0].to_string(), "2026-10-26");
        assert_eq!(weeks[5][6].to_string(), "2026-12-06");
        assert_eq!(super::weeks(month(Some("2027-02"), NOON)).len(), 4);
    }
}
