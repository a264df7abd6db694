//! Whether an open page follows what others change, as the app file says it.

use std::time::Duration;

/// What a page says with `live`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Live {
    #[default]
    Off,
    /// It follows the tables of its own database.
    On,
    /// The same, and rows elsewhere, which do not announce themselves, are asked again
    /// so often.
    Every(Duration),
}

impl Live {
    /// What may stand there, for whoever wrote something else.
    pub(super) const WORDS: &'static str =
        "`live` is true, false or how often rows elsewhere are asked again: \"5s\" to \"60m\"";

    const LEAST: u64 = 5;
    const MOST: u64 = 60 * 60;

    /// `true`, `false`, `30s`, `5m`.
    pub fn parse(text: &str) -> Option<Live> {
        match text {
            "true" => return Some(Live::On),
            "false" => return Some(Live::Off),
            _ => {}
        }
        let (number, seconds) = match text.strip_suffix('s') {
            Some(number) => (number, 1),
            None => (text.strip_suffix('m')?, 60),
        };
        let is_number = number.bytes().all(|digit| digit.is_ascii_digit());
        let number: u64 = number.parse().ok().filter(|_| is_number)?;
        let seconds = number.checked_mul(seconds)?;
        let is_sane = (Live::LEAST..=Live::MOST).contains(&seconds);
        is_sane.then(|| Live::Every(Duration::from_secs(seconds)))
    }

    pub fn follows(self) -> bool {
        self != Live::Off
    }

    /// How often rows elsewhere are asked again.
    pub fn every(self) -> Option<Duration> {
        match self {
            Live::Every(every) => Some(every),
            Live::Off | Live::On => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_of_seconds_or_minutes_within_reason() {
        let every = |seconds| Some(Live::Every(Duration::from_secs(seconds)));
        assert_eq!(Live::parse("30s"), every(30));
        assert_eq!(Live::parse("5s"), every(5));
        assert_eq!(Live::parse("60m"), every(3_600));
        for wrong in [
            "4s",
            "0m",
            "61m",
            "3601s",
            "30",
            "s",
            "",
            "+30s",
            "-30s",
            "1h",
            "30 s",
            "True",
            "99999999999999999999s",
            "9999999999999999999m",
        ] {
            assert_eq!(Live::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_a_page_that_says_so_follows() {
        assert!(!Live::default().follows());
        assert_eq!(Live::parse("true"), Some(Live::On));
        assert_eq!(Live::parse("false"), Some(Live::Off));
        assert!(Live::On.follows() && Live::On.every().is_none());
    }
}
