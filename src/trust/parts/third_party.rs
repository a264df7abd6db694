//! What others wrote that is inside this program.

use super::{About, Packing, Part};
use crate::store::Error;
use crate::trust::pack::Out;

const TEXT: &str = include_str!("../../../docs/third-party.md");
/// Where the package puts the list that machines read.
const SHIPPED: &str = "/usr/share/doc/onsight";

pub(super) static KIND: Part = Part {
    about: About {
        title: "Third-party work inside this program, with versions and licences",
        for_workspace: true,
        for_support: false,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(_: &Packing, out: &mut Out) -> Result<(), Error> {
    let title = KIND.about.title;
    out.file("third-party.md", title, TEXT.as_bytes()).await?;
    let shipped = std::fs::read_dir(SHIPPED).into_iter().flatten();
    let mut boms: Vec<_> = shipped
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().contains(".cdx.json"))
        .collect();
    boms.sort();
    for path in boms {
        let name = path.file_name().map_or_else(String::new, |name| {
            format!("sbom/{}", name.to_string_lossy())
        });
        let bytes = std::fs::read(&path)?;
        out.file(&name, "Software bill of materials (CycloneDX)", &bytes).await?;
    }
    Ok(())
}
