//! The serving process: what it may do, and how it is held.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use super::ports;

/// A process, as the kernel describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Process {
    pub id: u32,
    /// `None`: it may not be seen from here.
    pub listens: Option<Vec<SocketAddr>>,
    /// It can get no new privileges, whatever it runs.
    pub no_new_privileges: bool,
    /// System calls are filtered.
    pub is_filtered: bool,
    /// Capabilities in effect, one bit each.
    pub capabilities: u64,
    /// It runs as root.
    pub is_root: bool,
    /// It may leave a picture of its memory when it dies.
    pub dumps: bool,
    /// What `AppArmor` or `SELinux` holds it to; empty when nothing does.
    pub confinement: String,
}

impl Process {
    /// `proc` is the folder of all processes.
    pub(super) fn look(proc: &Path, id: u32) -> Option<Process> {
        let folder = proc.join(id.to_string());
        let status = fs::read_to_string(folder.join("status")).ok()?;
        let limits = fs::read_to_string(folder.join("limits")).unwrap_or_default();
        let confinement = fs::read_to_string(folder.join("attr/current")).unwrap_or_default();
        Some(Process {
            id,
            listens: ports::listening(&folder),
            no_new_privileges: field(&status, "NoNewPrivs") == Some("1"),
            is_filtered: field(&status, "Seccomp") == Some("2"),
            capabilities: field(&status, "CapEff")
                .and_then(|bits| u64::from_str_radix(bits, 16).ok())
                .unwrap_or_default(),
            is_root: field(&status, "Uid")
                .and_then(|ids| ids.split_whitespace().nth(1))
                .is_some_and(|effective| effective == "0"),
            dumps: dumps(&limits),
            confinement: confined(&confinement),
        })
    }

    /// The process that serves a data folder: its number stands in the lock.
    pub(super) fn serving(proc: &Path, data: &Path) -> Option<Process> {
        let id = fs::read_to_string(data.join("onsight.lock")).ok()?;
        let id = id.trim().parse::<u32>().ok()?;
        // The number may be somebody else's by now.
        let name = fs::read_to_string(proc.join(id.to_string()).join("comm")).ok()?;
        if name.trim() != "onsight" {
            return None;
        }
        Process::look(proc, id)
    }
}

/// A line `Name:\tvalue` of a status.
fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = status.lines().filter_map(|line| line.split_once(':'));
    let found = lines.find(|(known, _)| *known == name);
    found.map(|(_, value)| value.trim())
}

fn dumps(limits: &str) -> bool {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max core file size"));
    let soft = line.and_then(|line| line.split_whitespace().next());
    soft.is_some_and(|soft| soft != "0")
}

/// `unconfined` is what both say of what they let alone.
fn confined(current: &str) -> String {
    let current = current.trim_matches(['\0', '\n', ' ']);
    if current.contains("unconfined") {
        String::new()
    } else {
        current.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(status: &str, limits: &str, current: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("77");
        fs::create_dir_all(own.join("attr")).unwrap();
        fs::write(own.join("status"), status).unwrap();
        fs::write(own.join("limits"), limits).unwrap();
        fs::write(own.join("attr/current"), current).unwrap();
        fs::write(own.join("comm"), "onsight\n").unwrap();
        folder
    }

    #[test]
    fn a_hardened_process_is_told_from_a_bare_one() {
        let hard = laid_out(
            "Name:\tonsight\nUid:\t999\t999\t999\t999\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n",
            "Max core file size        0                    0                    bytes\n",
            "onsight (enforce)\n",
        );
        let bare = laid_out(
            "Name:\tonsight\nUid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\nNoNewPrivs:\t0\nSeccomp:\t0\n",
            "Max core file size        unlimited            unlimited            bytes\n",
            "unconfined\n",
        );

        let hard = Process::look(hard.path(), 77).unwrap();
        let bare = Process::look(bare.path(), 77).unwrap();

        assert!(hard.no_new_privileges && hard.is_filtered && !hard.dumps && !hard.is_root);
        assert_eq!(
            (hard.capabilities, &*hard.confinement),
            (0, "onsight (enforce)")
        );
        assert!(!bare.no_new_privileges && !bare.is_filtered && bare.dumps && bare.is_root);
        assert_eq!(
            (bare.capabilities, &*bare.confinement),
            (0x1ff_ffff_ffff, "")
        );
    }

    #[test]
    fn a_number_that_went_to_another_program_is_not_ours() {
        let proc = laid_out("NoNewPrivs:\t1\n", "", "");
        let data = tempfile::tempdir().unwrap();
        assert_eq!(Process::serving(proc.path(), data.path()), None);
        fs::write(data.path().join("onsight.lock"), "77").unwrap();
        assert_eq!(Process::serving(proc.path(), data.path()).unwrap().id, 77);
        fs::write(proc.path().join("77/comm"), "bash\n").unwrap();
        assert_eq!(Process::serving(proc.path(), data.path()), None);
    }
}
