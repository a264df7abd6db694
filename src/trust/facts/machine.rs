//! The machine: its clock, its processor, its memory on disk, its image.

use std::fs;
use std::path::Path;

use crate::base::Time;

/// What the machine is like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// Who keeps the clock right; `None`: nobody that is known.
    pub clock: Option<&'static str>,
    /// The clock belongs to the machine around this container.
    pub is_container: bool,
    /// The processor has instructions for AES; `None`: it does not say.
    pub has_aes: Option<bool>,
    /// Memory that may be written to disk readably, by name.
    pub plain_swap: Vec<String>,
    pub has_swap: bool,
    /// When the image it runs from was built.
    pub image: Option<Time>,
    /// Since when the machine runs, by its own count.
    pub uptime: Option<i64>,
}

/// Marks that somebody keeps the clock right.
const KEEPERS: &[(&str, &str)] = &[
    ("run/systemd/timesync/synchronized", "systemd-timesyncd"),
    ("run/chrony/chronyd.pid", "chrony"),
    ("run/chronyd.pid", "chrony"),
    ("run/ntpd.pid", "ntpd"),
    ("run/openntpd.pid", "openntpd"),
];
/// Marks of a container.
const CONTAINERS: &[&str] = &[".dockerenv", "run/.containerenv", "run/systemd/container"];
/// Where an image says when it was built.
const IMAGE: &str = "etc/onsight-image";

impl Machine {
    /// `root` is the root of the file system.
    pub(super) fn look(root: &Path) -> Machine {
        let read = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_default();
        let swaps = read("proc/swaps");
        let swaps: Vec<&str> = swaps
            .lines()
            .skip(1)
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        let keeper = KEEPERS.iter().find(|(mark, _)| root.join(mark).exists());
        Machine {
            clock: keeper.map(|(_, name)| *name),
            is_container: CONTAINERS.iter().any(|mark| root.join(mark).exists()),
            has_aes: has_aes(&read("proc/cpuinfo")),
            has_swap: !swaps.is_empty(),
            plain_swap: swaps
                .into_iter()
                .filter(|swap| !is_sealed(root, swap))
                .map(str::to_owned)
                .collect(),
            image: built(&read(IMAGE)),
            uptime: uptime(root),
        }
    }
}

/// Milliseconds since the machine started, sleep included.
pub(in crate::trust) fn uptime(root: &Path) -> Option<i64> {
    let text = fs::read_to_string(root.join("proc/uptime")).ok()?;
    let (seconds, rest) = text.split_whitespace().next()?.split_once('.')?;
    let seconds: i64 = seconds.parse().ok()?;
    let hundredths: i64 = rest.get(..2)?.parse().ok()?;
    Some(seconds * Time::SECOND + hundredths * 10)
}

fn has_aes(cpuinfo: &str) -> Option<bool> {
    let lines = cpuinfo.lines().filter_map(|line| line.split_once(':'));
    let mut flags = lines.filter(|(name, _)| ["flags", "Features"].contains(&name.trim()));
    let (_, flags) = flags.next()?;
    Some(flags.split_whitespace().any(|flag| flag == "aes"))
}

/// It is in memory, or under a key.
fn is_sealed(root: &Path, swap: &str) -> bool {
    let device = swap.rsplit('/').next().unwrap_or_default();
    if device.starts_with("zram") {
        return true;
    }
    // `/dev/mapper/x` is a link to `/dev/dm-0`.
    let real = fs::canonicalize(root.join(swap.trim_start_matches('/')));
    let real = real.ok().and_then(|path| {
        let name = path.file_name()?.to_str()?;
        Some(name.to_owned())
    });
    let device = real.unwrap_or_else(|| device.to_owned());
    let id = root.join("sys/block").join(device).join("dm/uuid");
    fs::read_to_string(id).is_ok_and(|id| id.starts_with("CRYPT-"))
}

/// The first moment or day that an image's note names: `built=2026-11-22` as
/// well as `2026-11-22T03:00:00Z`.
fn built(note: &str) -> Option<Time> {
    let words = note.split(|c: char| c.is_whitespace() || "=\"'".contains(c));
    words.into_iter().find_map(|word| {
        if let Ok(moment) = word.parse::<jiff::Timestamp>() {
            return Some(Time(moment.as_millisecond()));
        }
        let day = word.parse::<jiff::civil::Date>().ok()?;
        let start = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(Time(start.timestamp().as_millisecond()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn swap_is_sealed_in_memory_and_under_a_key_only() {
        let table = "Filename\tType\tSize\tUsed\tPriority\n\
            /dev/dm-1 partition 1 0 -2\n/dev/zram0 partition 1 0 100\n/swapfile file 1 0 -3\n";
        let root = root(&[
            ("proc/swaps", table),
            ("sys/block/dm-1/dm/uuid", "CRYPT-PLAIN-swap\n"),
        ]);

        let machine = Machine::look(root.path());

        assert!(machine.has_swap);
        assert_eq!(machine.plain_swap, ["/swapfile"]);
    }

    #[test]
    fn a_machine_that_says_nothing_is_taken_at_that() {
        let root = root(&[("proc/swaps", "Filename\tType\n")]);
        assert_eq!(Machine::look(root.path()), Machine::default());
    }

    #[test]
    fn instructions_clock_image_and_uptime_are_read() {
        let root = root(&[
            ("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu aes sse2\n"),
            ("proc/uptime", "350735.47 234388.90\n"),
            ("run/systemd/timesync/synchronized", ""),
            ("etc/onsight-image", "name=onsight\nbuilt=2026-11-20\n"),
            (".dockerenv", ""),
        ]);
        let machine = Machine::look(root.path());
        assert_eq!(machine.has_aes, Some(true));
        assert_eq!(machine.clock, Some("systemd-timesyncd"));
        assert_eq!(machine.uptime, Some(350_735_470));
        assert_eq!(machine.image, Some(Time(1_795_132_800_000)));
        assert!(machine.is_container);
        assert_eq!(has_aes("flags\t: fpu\n"), Some(false));
        assert_eq!(built("nothing"), None);
    }
}
