//! Promises against the criteria they answer, as they stand.

use super::{About, Packing, Part};
use crate::store::Error;
use crate::trust::pack::Out;
use crate::trust::register;
use crate::trust::table::table;

pub(super) static KIND: Part = Part {
    about: About {
        title: "Control register: promises, SOC 2 criteria, ISO 27001:2022 controls, how each stands",
        for_workspace: true,
        for_support: false,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(packing: &Packing, out: &mut Out) -> Result<(), Error> {
    let rows = register::standing(&packing.found);
    let lines = rows.into_iter().map(|one| {
        [
            format!("R-{}", one.row.promise),
            one.row.words.to_owned(),
            one.row.soc2.join(" "),
            one.row.iso.join(" "),
            one.level.map_or("", crate::trust::finding::Level::name).to_owned(),
            one.checks.join("; "),
        ]
    });
    let text = table(["promise", "words", "soc2", "iso27001_2022", "level", "checks"], lines);
    Ok(out.file("control-register.csv", KIND.about.title, &text).await?)
}
