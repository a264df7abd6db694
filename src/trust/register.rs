//! The control register: which promise answers which criterion of SOC 2 and which
//! control of ISO 27001:2022, Annex A. Numbers are theirs, words are ours.

use super::finding::{Found, Level};

/// One promise and what it answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) promise: u16,
    pub(super) words: &'static str,
    /// Trust services criteria, as `CC6.1`.
    pub(super) soc2: &'static [&'static str],
    /// Controls of Annex A, as `8.24`.
    pub(super) iso: &'static [&'static str],
}

const fn row(
    promise: u16,
    words: &'static str,
    soc2: &'static [&'static str],
    iso: &'static [&'static str],
) -> Row {
    Row {
        promise,
        words,
        soc2,
        iso,
    }
}

pub(super) static ALL: &[Row] = &[
    row(1, "Every control in every install", &["CC5.2"], &["5.1"]),
    row(2, "Security page from live settings", &["CC4.1"], &["5.36"]),
    row(3, "Versioned security document", &["CC2.2"], &["5.1"]),
    row(
        4,
        "Control register and evidence",
        &["CC4.1"],
        &["5.35", "5.36"],
    ),
    row(5, "Whom to tell", &["CC2.3"], &["6.8"]),
    row(
        6,
        "Guide to the three control groups",
        &["CC5.3"],
        &["5.37"],
    ),
    row(
        7,
        "Workspaces apart from one another",
        &["CC6.1"],
        &["5.15", "8.3"],
    ),
    row(
        8,
        "Facts about the hosting",
        &["CC9.2"],
        &["5.19", "5.22", "7.1"],
    ),
    row(9, "Runs without a way out", &["CC6.6"], &["8.20", "8.23"]),
    row(
        10,
        "Shipped small, held tight",
        &["CC6.8", "CC8.1"],
        &["8.9", "8.19"],
    ),
    row(16, "Rows and columns by policy", &["CC6.1"], &["8.3"]),
    row(
        18,
        "No call home, no default password",
        &["CC6.7"],
        &["8.12"],
    ),
    row(
        19,
        "Usage only, and only when agreed",
        &["CC6.7"],
        &["5.34"],
    ),
    row(
        20,
        "Operators see no tenant’s data",
        &["CC6.1", "CC6.3"],
        &["8.2"],
    ),
    row(21, "Duties apart", &["CC6.3"], &["5.3", "8.2"]),
    row(22, "Support without data", &["CC6.3"], &["8.2", "8.11"]),
    row(23, "Every access written down", &["CC7.2"], &["8.15"]),
    row(26, "Records at hand and exportable", &["CC7.2"], &["8.15"]),
    row(28, "Who has access, reviewed", &["CC6.2"], &["5.18"]),
    row(30, "Access ends at once", &["CC6.2"], &["5.18"]),
    row(31, "Checks itself", &["CC7.1"], &["8.8"]),
    row(32, "Sessions lock and end", &["CC6.1"], &["7.7", "8.5"]),
    row(33, "Second factors", &["CC6.1"], &["5.17", "8.5"]),
    row(
        34,
        "One door, named networks",
        &["CC6.6"],
        &["8.20", "8.22"],
    ),
    row(
        36,
        "Four eyes before publishing",
        &["CC8.1"],
        &["8.25", "8.32"],
    ),
    row(37, "A way to report holes", &["CC2.3"], &["6.8"]),
    row(39, "Encrypted at rest", &["CC6.1", "C1.1"], &["8.24"]),
    row(40, "Encrypted on the way", &["CC6.7"], &["5.14", "8.24"]),
    row(41, "Algorithms and keys can change", &["CC6.1"], &["8.24"]),
    row(43, "Keeps running, starts again", &["A1.2"], &["8.14"]),
    row(45, "Ways back", &["A1.2", "CC8.1"], &["8.32"]),
    row(46, "Copies that are tested", &["A1.2"], &["8.13"]),
    row(47, "Data returned", &["C1.2"], &["5.11", "8.10"]),
    row(48, "What can be taken out", &["P5.1"], &["5.34"]),
    row(49, "Deleted for good", &["C1.2"], &["8.10"]),
    row(50, "Copies end, too", &["C1.2"], &["5.33", "8.10", "8.13"]),
    row(
        51,
        "Auditors read, and change nothing",
        &["CC4.1"],
        &["5.35"],
    ),
    row(52, "Own surface scanned", &["CC7.1"], &["8.8", "8.29"]),
    row(
        53,
        "Watched by figures",
        &["A1.1", "CC7.2"],
        &["8.6", "8.16"],
    ),
    row(54, "Rules that notice", &["CC7.2"], &["8.16"]),
    row(
        55,
        "Logs reviewed by somebody",
        &["CC4.1", "CC7.2"],
        &["8.15", "8.16"],
    ),
    row(56, "Logs that can be used", &["CC7.2"], &["8.15"]),
    row(57, "Alerts have an owner", &["CC7.3"], &["5.25"]),
    row(58, "Incidents have a course", &["CC7.4"], &["5.24", "5.26"]),
    row(65, "Parts and versions shown", &["A1.1"], &["8.9"]),
    row(67, "Administration by its own door", &["CC6.6"], &["8.20"]),
    row(68, "No way around the rules", &["CC6.3"], &["5.18", "8.3"]),
    row(
        69,
        "Only listed addresses answer",
        &["CC6.6"],
        &["8.20", "8.21"],
    ),
    row(70, "TLS for everything in a browser", &["CC6.7"], &["8.24"]),
    row(72, "Keys of programs are narrow", &["CC6.1"], &["5.17"]),
    row(75, "Copies at least twice a day", &["A1.2"], &["8.13"]),
    row(77, "Accounts restored alone", &["A1.2"], &["8.13"]),
];

/// A promise with the checks that hold the instance against it.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) row: Row,
    /// The worst of its checks; `None`: no check looks at it, it is proved by the
    /// tests of the product or by what an operator keeps.
    pub(super) level: Option<Level>,
    /// Titles of the checks.
    pub(super) checks: Vec<&'static str>,
}

impl Standing {
    /// For a badge.
    pub(super) fn shown(&self) -> Level {
        self.level.unwrap_or(Level::Unknown)
    }
}

/// Every promise, as it stands by what was found.
pub(super) fn standing(found: &[Found]) -> Vec<Standing> {
    let rows = ALL.iter().map(|row| {
        let of = || {
            let of = found.iter();
            of.filter(|one| one.about.promises.contains(&row.promise))
        };
        Standing {
            row: *row,
            level: of().map(|one| one.finding.level).max(),
            checks: of().map(|one| one.about.title).collect(),
        }
    });
    rows.collect()
}

/// What the register says of a promise.
pub(super) fn words(promise: u16) -> &'static str {
    let found = ALL.iter().find(|row| row.promise == promise);
    found.map_or("", |row| row.words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::checks;
    use crate::trust::facts::fine;

    /// The controls of Annex A: how many there are in each of its four groups.
    fn is_control(id: &str) -> bool {
        let Some((group, number)) = id.split_once('.') else {
            return false;
        };
        let most = match group {
            "5" => 37,
            "6" => 8,
            "7" => 14,
            "8" => 34,
            _ => 0,
        };
        number
            .parse::<u8>()
            .is_ok_and(|number| (1..=most).contains(&number))
    }

    /// The criteria: how many there are in each series.
    fn is_criterion(id: &str) -> bool {
        let series = [
            ("CC1", 5),
            ("CC2", 3),
            ("CC3", 4),
            ("CC4", 2),
            ("CC5", 3),
            ("CC6", 8),
            ("CC7", 5),
            ("CC8", 1),
            ("CC9", 2),
            ("A1", 3),
            ("C1", 2),
            ("P5", 2),
        ];
        let Some((name, number)) = id.split_once('.') else {
            return false;
        };
        let found = series.iter().find(|(known, _)| *known == name);
        found.is_some_and(|(_, most)| number.parse::<u8>().is_ok_and(|n| (1..=*most).contains(&n)))
    }

    #[test]
    fn every_number_is_one_that_the_standards_have() {
        let mut before = 0;
        for row in ALL {
            assert!(row.promise > before, "R-{} is out of order", row.promise);
            before = row.promise;
            assert!(
                !row.soc2.is_empty() && !row.iso.is_empty(),
                "R-{}",
                row.promise
            );
            assert!(row.soc2.iter().all(|id| is_criterion(id)), "{:?}", row.soc2);
            assert!(row.iso.iter().all(|id| is_control(id)), "{:?}", row.iso);
        }
        assert!(!is_control("8.35") && !is_control("9.1") && !is_criterion("CC6.9"));
    }

    #[test]
    fn a_promise_is_as_bad_as_its_worst_check() {
        let mut facts = fine::facts();
        facts.host.disks[0].free = 0;
        let standing = standing(&checks::look(&facts));
        let of = |promise: u16| {
            let mut found = standing.iter();
            found.find(|one| one.row.promise == promise).unwrap().level
        };
        assert_eq!(of(43), Some(Level::Red));
        assert_eq!(of(33), Some(Level::Green));
        assert_eq!(of(1), None);
    }
}
