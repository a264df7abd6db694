//! The records of the period, as the export of the trail makes them.

use super::{About, Packing, Part};
use crate::audit;
use crate::store::Error;
use crate::trust::pack::Out;

pub(super) static KIND: Part = Part {
    about: About {
        title: "Audit records of the period, chained and signed: check with onsight audit verify",
        for_workspace: true,
        for_support: false,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(packing: &Packing, out: &mut Out) -> Result<(), Error> {
    let period = (packing.from, packing.to);
    let workspace = packing.purpose.workspace();
    let mut records = audit::extract(&packing.site, workspace, period).await?;
    out.begin("audit.ndjson", KIND.about.title)?;
    while let Some(piece) = records.next().await? {
        out.write(&piece).await?;
    }
    Ok(())
}
