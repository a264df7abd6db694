//! Version and machine, in figures: what whoever helps asks first.

use serde_json::json;

use super::{About, Packing, Part};
use crate::site::SYSTEM;
use crate::store::Error;
use crate::trust::document::{DATED, VERSION};
use crate::trust::facts::Facts;
use crate::trust::pack::Out;

pub(super) static KIND: Part = Part {
    about: About {
        title: "Version, machine, number and size of files",
        for_workspace: false,
        for_support: true,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(packing: &Packing, out: &mut Out) -> Result<(), Error> {
    let facts = Facts::of(&packing.site, false).await?;
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let release = read("/etc/os-release");
    let release = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let mut sizes = Vec::new();
    for name in packing.site.files.names()? {
        sizes.push(packing.site.files.used(&name)?);
    }
    let system = std::fs::metadata(packing.site.config.data.join("onsight.db"));
    let machine = &facts.host.machine;
    let told = json!({
        "version": VERSION,
        "dated": DATED,
        "system": release.map(|name| name.trim_matches('"')),
        "kernel": read("/proc/sys/kernel/osrelease").trim(),
        "uptime_hours": machine.uptime.map(|uptime| uptime / crate::base::Time::HOUR),
        "container": machine.is_container,
        "clock": machine.clock,
        "aes": machine.has_aes,
        "disks": facts.host.disks.iter().map(|disk| json!({
            "free_megabytes": disk.free >> 20,
            "size_megabytes": disk.size >> 20,
        })).collect::<Vec<_>>(),
        SYSTEM: { "bytes": system.map(|facts| facts.len()).ok() },
        "workspaces": { "count": sizes.len(), "bytes": sizes },
    });
    let text = serde_json::to_vec_pretty(&told).map_err(std::io::Error::other)?;
    Ok(out.file("machine.json", KIND.about.title, &text).await?)
}
