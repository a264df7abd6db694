//! How much room the disk has that a folder lies on.

use std::path::Path;

/// Bytes of a disk: what somebody like us may still write, and all there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub free: u64,
    pub total: u64,
}

impl Room {
    pub fn of(folder: &Path) -> std::io::Result<Room> {
        let facts = rustix::fs::statvfs(folder)?;
        Ok(Room {
            free: facts.f_bavail.saturating_mul(facts.f_frsize),
            total: facts.f_blocks.saturating_mul(facts.f_frsize),
        })
    }

    /// How many hundredths of the disk are free. A disk of no size is full.
    pub fn percent(self) -> u64 {
        let share = u128::from(self.free) * 100 / u128::from(self.total.max(1));
        u64::try_from(share).unwrap_or(100).min(100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_of_the_whole_and_never_too_large_for_a_number() {
        let percent = |free, total| Room { free, total }.percent();
        assert_eq!(percent(5, 100), 5);
        assert_eq!(percent(49, 1_000), 4);
        assert_eq!(percent(0, 0), 0);
        assert_eq!(percent(u64::MAX, u64::MAX), 100);
        assert_eq!(percent(u64::MAX, 1), 100);
    }

    #[test]
    fn the_disk_of_a_folder_that_is_there_has_a_size() {
        let room = Room::of(Path::new("/")).unwrap();
        assert!(room.total > 0 && room.free <= room.total);
        assert!(Room::of(Path::new("/nowhere/at/all")).is_err());
    }
}
