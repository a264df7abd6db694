//! What is written down about where this runs.

use super::{About, Packing, Part};
use crate::store::Error;
use crate::trust::pack::Out;
use crate::trust::sql;
use crate::trust::table::table;

pub(super) static KIND: Part = Part {
    about: About {
        title: "Hosting: site, provider, certificates and their ends",
        for_workspace: true,
        for_support: false,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(packing: &Packing, out: &mut Out) -> Result<(), Error> {
    let facts = packing.site.system.read(sql::hosting).await?;
    let lines = facts.into_iter().map(|fact| {
        let ends = fact.day();
        [fact.kind.word().to_owned(), fact.name, fact.number, ends, fact.link, fact.note]
    });
    let text = table(["kind", "name", "number", "ends", "link", "note"], lines);
    Ok(out.file("hosting.csv", KIND.about.title, &text).await?)
}
