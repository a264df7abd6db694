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
    let version = env!("CARGO_PKG_VERSION");
    let build = [("version", version), ("arch", std::env::consts::ARCH)];
    let gauge = site
        .meters
        .gauge("onsight_build_info", "What runs.", &build);
    gauge.set(1.0);
    process(site);
    disk(site);
    files(site);
}

/// Sets one, if it is known.
fn set(site: &Site, (name, help): (&str, &'static str), value: Option<f64>) {
    if let Some(value) = value {
        site.meters.gauge(name, help, &[]).set(value);
    }
}

fn process(site: &Site) {
    let machine = meters::machine();
    let memory = (MEMORY, "Memory that is in use.");
    set(site, memory, machine.memory.map(float));
    let files = ("process_open_fds", "Files and connections that are open.");
    set(site, files, machine.files.map(float));
    set(
        site,
        ("process_threads", "Threads."),
        machine.threads.map(float),
    );
    let processor = (
        "process_cpu_seconds",
        "Processor time used since the start.",
    );
    set(site, processor, machine.processor);
}

fn disk(site: &Site) {
    let data = &site.config.data;
    let room = Room::of(data).ok();
    let free = (FREE, "Bytes left on the disk of the data folder.");
    set(site, free, room.map(|room| float(room.free)));
    let total = ("onsight_disk_size_bytes", "Bytes of that disk.");
    set(site, total, room.map(|room| float(room.total)));
    for (kind, folder, steps) in [
        ("system", data.clone(), 0),
        ("keyring", data.join("keys"), 0),
        ("audit", data.join("audit"), 0),
        ("workspaces", data.join("workspaces"), 2),
    ] {
        let help = "Bytes of the files that hold data.";
        let gauge = site.meters.gauge(DATABASES, help, &[("kind", kind)]);
        gauge.set(float(weigh(&folder, steps)));
    }
}

fn files(site: &Site) {
    let count = |number: usize| u32::try_from(number).ok().map(f64::from);
    let open = site.files.all_open();
    let waiting: usize = open.iter().map(|(_, db)| db.waiting()).sum();
    let waits = (WAITING, "Writes that wait for their turn.");
    set(site, waits, count(waiting + site.system.waiting()));
    let workspaces = (
        "onsight_workspaces_open",
        "Workspaces whose files are open.",
    );
    set(site, workspaces, count(open.len()));
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
