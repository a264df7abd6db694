//! How the checks stood in the period.

use super::{About, Packing, Part};
use crate::store::Error;
use crate::trust::pack::Out;
use crate::trust::sql;
use crate::trust::table::table;

pub(super) static KIND: Part = Part {
    about: About {
        title: "When a check changed its level in the period",
        for_workspace: false,
        for_support: false,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(packing: &Packing, out: &mut Out) -> Result<(), Error> {
    let period = (packing.from, packing.to);
    let changes = packing
        .site
        .system
        .read(move |conn| sql::changes(conn, period))
        .await?;
    let lines = changes.iter().map(|(at, name, level, said)| {
        [at.rfc3339(), name.clone(), level.clone(), said.clone()]
    });
    let text = table(["at", "check", "level", "said"], lines);
    Ok(out.file("findings-history.csv", KIND.about.title, &text).await?)
}
