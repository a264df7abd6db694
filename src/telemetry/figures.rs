//! The figures nobody raises: what the machine, the disk and the files say when
//! somebody looks.

use std::path::Path;

use crate::meters::{self, Reading};
use crate::site::Site;
use crate::store::Room;

/// When the server began to serve, in seconds since 1970.
pub(super) const STARTED: &str = "process_start_time_seconds";
pub(super) const DATABASES: &str = "onsight_database_bytes";
pub(super) const FREE: &str = "onsight_disk_free_bytes";
pub(super) const WAITING: &str = "onsight_writes_waiting";
pub(super) const MEMORY: &str = "process_resident_memory_bytes";
/// Declared by others, if they are there.
pub(super) const CONNECTIONS: &str = "onsight_connections";
pub(super) const ALERTS: &str = "onsight_alerts_open";
pub(super) const BACKUP_AGE: &str = "onsight_backup_age_seconds";

/// Sets them all to what is true now. Takes a moment of the disk: not on the
/// threads that answer requests.
pub(super) fn refresh(site: &Site) {
    let meters = &site.meters;
    let set = |name: &str, help: &'static str, labels: &[(&str, &str)], value: Option<f64>| {
        if let Some(value) = value {
            meters.gauge(name, help, labels).set(value);
        }
    };
    let version = env!("CARGO_PKG_VERSION");
    let build = [("version", version), ("arch", std::env::consts::ARCH)];
    set("onsight_build_info", "What runs.", &build, Some(1.0));
    let machine = meters::machine();
    let memory = machine.memory.map(float);
    set(MEMORY, "Memory that is in use.", &[], memory);
    let files = machine.files.map(float);
    set(
        "process_open_fds",
        "Files and connections that are open.",
        &[],
        files,
    );
    let threads = machine.threads.map(float);
    set("process_threads", "Threads.", &[], threads);
    let processor = machine.processor;
    set(
        "process_cpu_seconds",
        "Processor time used since the start.",
        &[],
        processor,
    );
    let data = &site.config.data;
    let space = Room::of(data).ok();
    let free = space.map(|space| float(space.free));
    set(
        FREE,
        "Bytes left on the disk of the data folder.",
        &[],
        free,
    );
    let size = space.map(|space| float(space.total));
    set("onsight_disk_size_bytes", "Bytes of that disk.", &[], size);
    for (kind, folder) in [
        ("system", data.clone()),
        ("keyring", data.join("keys")),
        ("audit", data.join("audit")),
    ] {
        let help = "Bytes of the files that hold data.";
        set(
            DATABASES,
            help,
            &[("kind", kind)],
            Some(float(weigh(&folder, 0))),
        );
    }
    let workspaces = float(weigh(&data.join("workspaces"), 2));
    set(
        DATABASES,
        "Bytes of the files that hold data.",
        &[("kind", "workspaces")],
        Some(workspaces),
    );
    let open = site.files.all_open();
    let waiting: usize = open.iter().map(|(_, db)| db.waiting()).sum();
    let waiting = waiting + site.system.waiting();
    set(
        WAITING,
        "Writes that wait for their turn.",
        &[],
        u32::try_from(waiting).ok().map(f64::from),
    );
    let open = u32::try_from(open.len()).ok().map(f64::from);
    set(
        "onsight_workspaces_open",
        "Workspaces whose files are open.",
        &[],
        open,
    );
}

/// The figures as the history takes them; after [`refresh`].
pub(super) fn reading(site: &Site) -> Reading {
    let meters = &site.meters;
    let whole = |name: &str| meters.value(name).map(whole).unwrap_or_default();
    Reading {
        latency: meters.traffic.latency().shape(),
        errors: meters.traffic.errors(),
        databases: whole(DATABASES),
        free: whole(FREE),
        memory: whole(MEMORY),
    }
}

/// Bytes of the files in a folder, and in those so many steps below it.
fn weigh(folder: &Path, steps: u32) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let weights = entries.map(|entry| match entry.metadata() {
        Ok(facts) if facts.is_file() => facts.len(),
        Ok(facts) if facts.is_dir() && steps > 0 => weigh(&entry.path(), steps - 1),
        // What went away meanwhile weighs nothing.
        _ => 0,
    });
    weights.sum()
}

#[expect(clippy::cast_precision_loss, reason = "a figure to look at")]
pub(super) fn float(number: u64) -> f64 {
    number as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "gauges of bytes are whole and not negative"
)]
pub(super) fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_weighs_what_lies_in_it_and_as_deep_as_asked() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/files");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(folder.path().join("one"), [0; 10]).unwrap();
        std::fs::write(folder.path().join("a/two"), [0; 100]).unwrap();
        std::fs::write(deep.join("three"), [0; 1000]).unwrap();
        assert_eq!(weigh(folder.path(), 0), 10);
        assert_eq!(weigh(folder.path(), 1), 110);
        assert_eq!(weigh(folder.path(), 2), 1110);
        assert_eq!(weigh(&folder.path().join("nothing"), 2), 0);
    }
}
