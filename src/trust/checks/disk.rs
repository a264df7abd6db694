//! Whether there is room left.

use super::{Look, Plain};
use crate::base::text::thousands;
use crate::trust::facts::Facts;
use crate::trust::finding::{About, Area, Finding};

/// Below this share of the disk somebody should see to it, and below that it is late.
const LOW: u64 = 15;
const FLOOR: u64 = 5;
/// Below this many bytes it is late whatever the share.
const LEAST: u64 = 512 << 20;

pub(super) static KIND: Plain = Plain {
    about: About {
        name: "disk",
        title: "Room on the disk",
        area: Area::Host,
        promises: &[43, 53],
        looks_at: "the file system that holds the data folder",
        place: "/security/limits",
        is_guard: false,
    },
    look: Look::Outside(look),
};

fn look(facts: &Facts) -> Finding {
    let Some(disk) = facts.host.disks.iter().min_by_key(|disk| disk.percent()) else {
        return Finding::unknown(
            "the file system of the data folder does not say how full it is",
            "look with df -h",
        );
    };
    let said = format!(
        "{} MB are free on {}, {} % of it",
        thousands(disk.free >> 20),
        disk.path.display(),
        disk.percent()
    );
    let todo = "delete what nobody needs, or give the disk more room; below 5 % nothing can be written safely";
    if disk.percent() < FLOOR || disk.free < LEAST {
        Finding::red(said, todo)
    } else if disk.percent() < LOW {
        Finding::amber(said, todo)
    } else {
        Finding::green(said)
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::trust::facts::fine;
    use crate::trust::finding::Level;

    #[test]
    fn a_disk_that_fills_up_turns_amber_and_then_red() {
        let at = |free: u64, size: u64| {
            let found = fine::after(&KIND, |facts| {
                (facts.host.disks[0].free, facts.host.disks[0].size) = (free, size);
            });
            found.level
        };
        assert_eq!(at(14 << 30, 100 << 30), Level::Amber);
        assert_eq!(at(4 << 30, 100 << 30), Level::Red);
        assert_eq!(at(500 << 20, 1 << 30), Level::Red);
        let none = fine::after(&KIND, |facts| facts.host.disks.clear());
        assert_eq!(none.level, Level::Unknown);
    }
}
