//! What one workspace may cost the others: time, rows, memory, work at once, room.

/// One thing that is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    /// Seconds all queries of a page may take together.
    Page,
    /// Seconds a builder's query may take.
    Desk,
    /// Seconds a file may take to be written.
    Export,
    /// Rows of an answer that is shown.
    Rows,
    /// MB of an answer that is shown.
    Answer,
    /// Queries that run at the same time.
    AtOnce,
    /// MB of the tables and the uploads together.
    Storage,
}

/// How many kinds of bounds there are.
const KINDS: usize = 7;

/// What a file may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits([u64; KINDS]);

impl Bound {
    pub const ALL: [Bound; KINDS] = [
        Bound::Page,
        Bound::Desk,
        Bound::Export,
        Bound::Rows,
        Bound::Answer,
        Bound::AtOnce,
        Bound::Storage,
    ];

    /// As the configuration and the database call it.
    pub fn name(self) -> &'static str {
        match self {
            Bound::Page => "page_seconds",
            Bound::Desk => "query_seconds",
            Bound::Export => "export_seconds",
            Bound::Rows => "answer_rows",
            Bound::Answer => "answer_megabytes",
            Bound::AtOnce => "queries_at_once",
            Bound::Storage => "storage_megabytes",
        }
    }

    pub fn named(name: &str) -> Option<Bound> {
        Bound::ALL.into_iter().find(|bound| bound.name() == name)
    }

    /// As people call it.
    pub fn title(self) -> &'static str {
        match self {
            Bound::Page => "Seconds for the queries of a page",
            Bound::Desk => "Seconds for a builder's query",
            Bound::Export => "Seconds for a download",
            Bound::Rows => "Rows of an answer",
            Bound::Answer => "MB of an answer",
            Bound::AtOnce => "Queries at once",
            Bound::Storage => "MB of storage",
        }
    }

    /// What it is when nobody says anything.
    pub fn usual(self) -> u64 {
        match self {
            Bound::Page => 5,
            Bound::Desk => 10,
            Bound::Export => 600,
            Bound::Rows => 10_000,
            Bound::Answer => 16,
            Bound::AtOnce => 8,
            Bound::Storage => 20_480,
        }
    }

    /// The least and the most it can be.
    pub fn range(self) -> (u64, u64) {
        match self {
            Bound::Page | Bound::Desk => (1, 300),
            Bound::Export => (1, 3_600),
            Bound::Rows => (100, 100_000),
            Bound::Answer => (1, 64),
            Bound::AtOnce => (3, 32),
            Bound::Storage => (16, 16_777_216),
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits(Bound::ALL.map(Bound::usual))
    }
}

impl Limits {
    pub fn get(&self, bound: Bound) -> u64 {
        self.0[place(bound)]
    }

    /// The same with one bound moved, no further than its range.
    #[must_use]
    pub fn with(mut self, bound: Bound, value: u64) -> Limits {
        let (least, most) = bound.range();
        self.0[place(bound)] = value.clamp(least, most);
        self
    }

    /// Bytes a file may have.
    pub fn storage(&self) -> u64 {
        self.get(Bound::Storage) << 20
    }
}

fn place(bound: Bound) -> usize {
    bound as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bound_has_its_name_and_its_usual_value_in_range() {
        let usual = Limits::default();
        for bound in Bound::ALL {
            let (least, most) = bound.range();
            assert_eq!(Bound::named(bound.name()), Some(bound));
            assert!((least..=most).contains(&bound.usual()), "{bound:?}");
            assert_eq!(usual.get(bound), bound.usual());
            assert_eq!(usual.with(bound, u64::MAX).get(bound), most);
            assert_eq!(usual.with(bound, 0).get(bound), least);
        }
    }
}
