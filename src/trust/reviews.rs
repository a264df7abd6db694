//! Reviews of the logs: what a period looked like, and who answered for it.

use serde::{Deserialize, Serialize};

use crate::base::Time;
use crate::id;
use crate::web::Faults;

id!(ReviewId);

/// How long logs may go without a review.
pub(super) const EVERY: i64 = 90 * Time::DAY;
/// How long it may be overdue before it is serious.
pub(super) const GRACE: i64 = 14 * Time::DAY;
const SHORTEST: usize = 10;
const LONGEST: usize = 4_000;

/// A period in numbers: no row of anybody's data, and no name of what people made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Digest {
    pub records: i64,
    /// Action, result, how often.
    pub actions: Vec<(String, String, i64)>,
    /// Reason, and how often.
    pub refusals: Vec<(String, i64)>,
    /// Addresses from which nobody had come before: address, e-mail, since when.
    pub addresses: Vec<(String, String, i64)>,
    /// Stays of operators: who, where, reason, when.
    pub stays: Vec<(String, String, String, i64)>,
    /// What left the house: action, by how many people, how often, rows.
    pub exports: Vec<(String, i64, i64, i64)>,
    /// Changes of settings that guard something: action, who, when.
    pub settings: Vec<(String, String, i64)>,
}

impl Digest {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates hand over references"
    )]
    pub(super) fn time(at: &i64) -> Time {
        Time(*at)
    }
}

/// A review that was signed off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Review {
    pub(super) id: ReviewId,
    pub first: Time,
    pub last: Time,
    pub digest: Digest,
    pub notes: String,
    pub signed: Time,
    pub by: String,
}

/// When the next review is due.
pub(super) fn due(reviewed: Option<(Time, Time)>, founded: Option<Time>) -> Option<Time> {
    let from = reviewed.map(|(last, _)| last).or(founded)?;
    Some(from.plus(EVERY))
}

/// Notes of whoever signs.
pub(super) fn notes(text: &str) -> Result<String, Faults> {
    let text = text.trim();
    let letters = text.chars().count();
    if letters < SHORTEST {
        let said = "say what you looked at and what you concluded, in at least 10 characters";
        return Err(Faults::of("notes", said));
    }
    if letters > LONGEST {
        return Err(Faults::of("notes", "use at most 4,000 characters"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_review_is_due_ninety_days_after_the_start_and_each_after_the_last() {
        let day = |days: i64| Time(days * Time::DAY);
        assert_eq!(due(None, None), None);
        assert_eq!(due(None, Some(day(10))), Some(day(100)));
        assert_eq!(due(Some((day(50), day(52))), Some(day(10))), Some(day(140)));
    }

    #[test]
    fn a_signature_without_a_word_is_none() {
        for wrong in ["", "  ok  ", "looked"] {
            assert!(notes(wrong).unwrap_err().at("notes").is_some(), "{wrong}");
        }
        assert!(notes(&"x".repeat(5_000)).is_err());
        assert_eq!(notes(" nothing unusual ").unwrap(), "nothing unusual");
    }
}
