//! How long answers are kept, as the definition says it: `180d after close`, or
//! `26w after answer, then anonymise`.

use std::fmt;

use crate::base::Time;

/// No answer is kept longer by a rule.
const LONGEST: i64 = 36_500;

/// What becomes of answers, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    pub days: i64,
    pub since: Since,
    pub then: Then,
}

/// From when on the days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// The survey was closed.
    Close,
    /// A respondent ended, or was heard of last: for each by themselves.
    Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    Delete,
    /// The answers stay, and nothing that tells whose they are.
    Anonymise,
}

impl Retention {
    /// Reads a rule; the fault says what it may look like.
    pub fn parse(text: &str) -> Result<Retention, String> {
        let text = text.trim();
        let (rule, then) = match text.split_once(',') {
            None => (text, Then::Delete),
            Some((rule, then)) => (rule.trim(), self::then(then.trim())?),
        };
        let parts: Vec<&str> = rule.split_whitespace().collect();
        let [length, "after", since] = parts[..] else {
            return Err(format!(
                "`{text}` is no rule; write it like \"180d after close\" or \"26w after answer, then anonymise\""
            ));
        };
        let since = match since {
            "close" => Since::Close,
            "answer" => Since::Answer,
            other => {
                return Err(format!(
                    "`after {other}` is not known; days are counted `after close` of the survey or `after answer` of each respondent"
                ));
            }
        };
        Ok(Retention {
            days: days(length)?,
            since,
            then,
        })
    }

    /// The moment it falls due, counted from that one.
    pub fn due(self, from: Time) -> Time {
        from.plus(self.length())
    }

    /// What was last heard of then, or before, is due at `now`.
    pub fn heard_by(self, now: Time) -> Time {
        now.plus(-self.length())
    }

    fn length(self) -> i64 {
        self.days.saturating_mul(Time::DAY)
    }
}

fn days(length: &str) -> Result<i64, String> {
    let wrong = || {
        format!(
            "`{length}` is no length of time; write a number of days, weeks or years, like 180d, 26w or 1y (a year has 365 days), at most {LONGEST} days"
        )
    };
    let unit = length.chars().next_back().ok_or_else(wrong)?;
    let each = match unit {
        'd' => 1,
        'w' => 7,
        'y' => 365,
        _ => return Err(wrong()),
    };
    let number = &length[..length.len() - unit.len_utf8()];
    let is_plain = number.len() <= 6 && number.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = number.parse().map_err(|_no_number| wrong())?;
    let days = number * each;
    if is_plain && (1..=LONGEST).contains(&days) {
        Ok(days)
    } else {
        Err(wrong())
    }
}

fn then(text: &str) -> Result<Then, String> {
    match text.strip_prefix("then ").map(str::trim) {
        Some("delete") => Ok(Then::Delete),
        Some("anonymise") => Ok(Then::Anonymise),
        _ => Err(format!(
            "`{text}` is not known; after the comma stands `then anonymise` or `then delete`"
        )),
    }
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = if self.days == 1 { "day" } else { "days" };
        let since = match self.since {
            Since::Close => "after the survey is closed",
            Since::Answer => "after a respondent was heard of last",
        };
        write!(f, "{} {days} {since}", self.days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_says_how_long_from_when_and_what_then() {
        let rule = |days, since, then| Ok(Retention { days, since, then });
        for (text, read) in [
            ("180d after close", rule(180, Since::Close, Then::Delete)),
            (
                " 26w  after answer , then anonymise ",
                rule(182, Since::Answer, Then::Anonymise),
            ),
            (
                "1y after close, then delete",
                rule(365, Since::Close, Then::Delete),
            ),
            ("1d after answer", rule(1, Since::Answer, Then::Delete)),
            (
                "36500d after close",
                rule(36_500, Since::Close, Then::Delete),
            ),
        ] {
            assert_eq!(Retention::parse(text), read, "{text}");
        }
        let rule = Retention::parse("2d after close").unwrap();
        assert_eq!(rule.due(Time(5)), Time(5 + 2 * Time::DAY));
        assert_eq!(rule.heard_by(rule.due(Time(5))), Time(5));
    }

    #[test]
    fn what_is_no_rule_is_told_with_what_one_looks_like() {
        for (text, words) in [
            ("", "180d after close"),
            ("forever", "180d after close"),
            ("180 days after close", "180d after close"),
            ("d after close", "no length"),
            ("0d after close", "no length"),
            ("-5d after close", "no length"),
            ("+5d after close", "no length"),
            ("1.5y after close", "no length"),
            ("36501d after close", "no length"),
            ("999999y after close", "no length"),
            ("99999999999999999999d after close", "no length"),
            ("6m after close", "no length"),
            ("6ö after close", "no length"),
            ("180d after launch", "after close"),
            ("180d after close, then sell", "then anonymise"),
            ("180d after close, anonymise", "then anonymise"),
            ("180d after close,", "then anonymise"),
        ] {
            let said = Retention::parse(text).unwrap_err();
            assert!(said.contains(words), "{text}: {said}");
        }
    }
}
