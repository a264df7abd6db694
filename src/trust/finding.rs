//! What a check finds: how bad it is, what was seen, what to do about it.

/// How things stand, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Green,
    /// It could not be seen from here.
    Unknown,
    /// Somebody should see to it.
    Amber,
    /// A promise is not kept now.
    Red,
}

impl Level {
    pub const ALL: [Level; 4] = [Level::Red, Level::Amber, Level::Unknown, Level::Green];

    pub fn name(self) -> &'static str {
        match self {
            Level::Green => "green",
            Level::Unknown => "unknown",
            Level::Amber => "amber",
            Level::Red => "red",
        }
    }

    pub fn named(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }

    /// The badge it wears on a page.
    pub fn badge(self) -> &'static str {
        match self {
            Level::Green => "good",
            Level::Unknown => "info",
            Level::Amber => "warn",
            Level::Red => "bad",
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub level: Level,
    /// What was seen, as a sentence without its full stop.
    pub said: String,
    /// What to do; empty when there is nothing to do.
    pub todo: String,
}

impl Finding {
    pub fn green(said: impl Into<String>) -> Finding {
        Finding {
            level: Level::Green,
            said: said.into(),
            todo: String::new(),
        }
    }

    pub fn unknown(said: impl Into<String>, todo: impl Into<String>) -> Finding {
        Finding {
            level: Level::Unknown,
            said: said.into(),
            todo: todo.into(),
        }
    }

    pub fn amber(said: impl Into<String>, todo: impl Into<String>) -> Finding {
        Finding {
            level: Level::Amber,
            said: said.into(),
            todo: todo.into(),
        }
    }

    pub fn red(said: impl Into<String>, todo: impl Into<String>) -> Finding {
        Finding {
            level: Level::Red,
            said: said.into(),
            todo: todo.into(),
        }
    }
}

/// Which part of the whole a check belongs to: a heading of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    Host,
    Doors,
    Keys,
    People,
    Trail,
    Copies,
    Assurance,
}

impl Area {
    pub const ALL: [Area; 7] = [
        Area::Host,
        Area::Doors,
        Area::Keys,
        Area::People,
        Area::Trail,
        Area::Copies,
        Area::Assurance,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Area::Host => "The machine",
            Area::Doors => "Who can reach it",
            Area::Keys => "Encryption and keys",
            Area::People => "Who may do what",
            Area::Trail => "What is written down",
            Area::Copies => "Copies, deletion, what leaves",
            Area::Assurance => "Reviews and proof",
        }
    }
}

/// What a check says of itself.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// A word, for machines: never changed once released.
    pub name: &'static str,
    pub title: &'static str,
    pub area: Area,
    /// Numbers of the promises it holds the instance against.
    pub promises: &'static [u16],
    /// What is looked at, for whoever wants to look as well.
    pub looks_at: &'static str,
    /// The page where it is set; empty when it is set outside.
    pub place: &'static str,
    /// Asked only with `--security`: how well it is guarded, not whether it runs.
    pub is_guard: bool,
}

/// A check with what it found.
#[derive(Clone, Debug)]
pub struct Found {
    pub about: About,
    pub finding: Finding,
}

/// The worst of them.
pub fn worst(found: &[Found]) -> Level {
    let levels = found.iter().map(|one| one.finding.level);
    levels.max().unwrap_or(Level::Unknown)
}

/// A few names in a sentence: `a, b, c and 4 more`.
pub(super) fn some(names: &[String]) -> String {
    const FEW: usize = 3;
    let shown = names[..names.len().min(FEW)].join(", ");
    match names.len().saturating_sub(FEW) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// `1 account`, `3 accounts`, `2 policies`.
pub(super) fn count(number: usize, one: &str) -> String {
    match (number, one.strip_suffix('y')) {
        (1, _) => format!("1 {one}"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn red_is_worse_than_not_known_and_that_worse_than_green() {
        assert!(Level::Red > Level::Amber);
        assert!(Level::Amber > Level::Unknown);
        assert!(Level::Unknown > Level::Green);
        assert_eq!(worst(&[]), Level::Unknown);
        for level in Level::ALL {
            assert_eq!(Level::named(level.name()), Some(level));
        }
    }

    #[test]
    fn long_lists_are_cut_and_say_so() {
        let names: Vec<String> = ["a", "b", "c", "d", "e"].map(str::to_owned).into();
        assert_eq!(some(&names), "a, b, c and 2 more");
        assert_eq!(some(&names[..2]), "a, b");
        assert_eq!(
            (count(1, "account"), count(2, "account")),
            ("1 account".into(), "2 accounts".into())
        );
        assert_eq!(count(0, "policy"), "0 policies");
    }
}
