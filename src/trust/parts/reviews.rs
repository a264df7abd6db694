//! Reviews of the logs that were signed off.

use serde_json::json;

use super::{About, Packing, Part};
use crate::store::Error;
use crate::trust::pack::Out;
use crate::trust::sql;

pub(super) static KIND: Part = Part {
    about: About {
        title: "Log reviews of the period, with digest, notes and who signed",
        for_workspace: false,
        for_support: false,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(packing: &Packing, out: &mut Out) -> Result<(), Error> {
    let (from, to) = (packing.from, packing.to);
    let reviews = packing.site.system.read(sql::reviews).await?;
    let reviews = reviews
        .into_iter()
        .filter(|review| review.signed >= from && review.signed < to)
        .map(|review| {
            json!({
                "from": review.first.rfc3339(),
                "to": review.last.rfc3339(),
                "signed": review.signed.rfc3339(),
                "by": review.by,
                "notes": review.notes,
                "digest": review.digest,
            })
        });
    let text = serde_json::to_vec_pretty(&reviews.collect::<Vec<_>>());
    let text = text.map_err(std::io::Error::other)?;
    Ok(out.file("log-reviews.json", KIND.about.title, &text).await?)
}
