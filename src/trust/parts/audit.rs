//! The records of the period, as the export of the trail makes them.

use futures_util::future::BoxFuture;

use super::{About, Packing, Part};
use crate::audit;
use crate::store::Error;
use crate::trust::pack::Out;

pub(super) static KIND: Audit = Audit;

pub(super) struct Audit;

impl Part for Audit {
    fn about(&self) -> About {
        About {
            title: "Audit records of the period, chained and signed: check with onsight audit verify",
            for_workspace: true,
            for_support: false,
            for_instance: true,
        }
    }

    fn write<'a>(
        &'a self,
        packing: &'a Packing,
        out: &'a mut Out,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let period = (packing.from, packing.to);
            let workspace = packing.purpose.workspace();
            let mut records = audit::extract(&packing.site, workspace, period).await?;
            out.begin("audit.ndjson", self.about().title)?;
            while let Some(piece) = records.next().await? {
                out.write(&piece).await?;
            }
            Ok(())
        })
    }
}
