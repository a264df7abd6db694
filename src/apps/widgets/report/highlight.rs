//! Cells and rows that stand out because of what is in them.

use super::Settings;
use crate::apps::widgets::fields::number;
use crate::data::Cell;

/// Which cells of a column stand out, and how.
pub(super) struct Highlight<'a> {
    pub(super) column: &'a str,
    when: When<'a>,
    pub(super) tone: &'a str,
    pub(super) is_row: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum When<'a> {
    Empty,
    Filled,
    Is(Sign, &'a str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Less,
    AtMost,
    More,
    AtLeast,
    Same,
    Other,
}

/// The longer ones first: `<=` begins with `<`.
const SIGNS: [(&str, Sign); 6] = [
    ("<=", Sign::AtMost),
    (">=", Sign::AtLeast),
    ("!=", Sign::Other),
    ("<", Sign::Less),
    (">", Sign::More),
    ("=", Sign::Same),
];

impl<'a> When<'a> {
    fn parse(text: &'a str) -> Option<When<'a>> {
        let text = text.trim();
        match text {
            "empty" => return Some(When::Empty),
            "filled" => return Some(When::Filled),
            _ => {}
        }
        let (sign, rest) = SIGNS
            .iter()
            .find_map(|(word, sign)| Some((*sign, text.strip_prefix(word)?)))?;
        let to = rest.trim();
        (!to.is_empty()).then_some(When::Is(sign, to))
    }

    fn holds(self, cell: Cell<'_>, today: &str) -> bool {
        let is_empty = matches!(cell, Cell::Null | Cell::Text(""));
        let (sign, to) = match self {
            When::Empty => return is_empty,
            When::Filled => return !is_empty,
            When::Is(..) if is_empty => return false,
            When::Is(sign, to) => (sign, if to == "today" { today } else { to }),
        };
        let order = match (number(cell), to.parse::<f64>()) {
            (Some(number), Ok(to)) => number.partial_cmp(&to),
            // Days are written so that the earlier one comes first as a text.
            _ => match cell {
                Cell::Text(text) => {
                    let is_day = to == today && text.len() > to.len();
                    let text = if is_day {
                        text.get(..to.len()).unwrap_or(text)
                    } else {
                        text
                    };
                    Some(text.cmp(to))
                }
                _ => None,
            },
        };
        order.is_some_and(|order| match sign {
            Sign::Less => order.is_lt(),
            Sign::AtMost => order.is_le(),
            Sign::More => order.is_gt(),
            Sign::AtLeast => order.is_ge(),
            Sign::Same => order.is_eq(),
            Sign::Other => order.is_ne(),
        })
    }
}

impl Highlight<'_> {
    pub(super) fn holds(&self, cell: Cell<'_>, today: &str) -> bool {
        self.when.holds(cell, today)
    }
}

pub(super) fn highlights<'a>(settings: &mut Settings<'a>) -> Vec<Highlight<'a>> {
    let each = settings.tables("highlight", |one| {
        Some(Highlight {
            column: one.string("column")?,
            when: When::parse(one.string("when")?)?,
            tone: one.string("tone")?,
            is_row: one.boolean("row") == Some(true),
        })
    });
    each.into_iter().flatten().collect()
}

/// Notes comparisons nobody can make.
pub(super) fn check(settings: &mut Settings<'_>) {
    settings.tables("highlight", |one| {
        if let Some(when) = one.string("when")
            && When::parse(when).is_none()
        {
            let message = format!(
                "`{when}` compares nothing; write < <= > >= = or != and a value, or empty, or filled"
            );
            one.problem("when", message);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(when: &str, cell: Cell<'_>) -> bool {
        When::parse(when).unwrap().holds(cell, "2026-11-21")
    }

    #[test]
    fn numbers_words_and_days_are_compared_as_what_they_are() {
        assert!(holds("< 0", Cell::Integer(-1)) && !holds("< 0", Cell::Integer(0)));
        assert!(holds(">=10", Cell::Real(10.0)) && !holds("> 10", Cell::Real(10.0)));
        assert!(holds("> 9", Cell::Integer(10)), "not as texts");
        assert!(holds("= late", Cell::Text("late")) && !holds("= late", Cell::Text("Late")));
        assert!(holds("!= late", Cell::Text("new")));
        assert!(holds("< today", Cell::Text("2026-11-20")));
        assert!(!holds("< today", Cell::Text("2026-11-21")));
        assert!(holds("= today", Cell::Text("2026-11-21T08:00:00Z")));
        assert!(holds("empty", Cell::Null) && holds("filled", Cell::Integer(0)));
        assert!(!holds("!= late", Cell::Null), "nothing is not compared");
    }

    #[test]
    fn what_is_no_comparison_is_none() {
        for wrong in ["", "<", "late", "~ 3"] {
            assert!(When::parse(wrong).is_none(), "{wrong}");
        }
    }
}
