//! What is written down about where this runs.

use futures_util::future::BoxFuture;

use super::{About, Packing, Part};
use crate::store::Error;
use crate::trust::pack::Out;
use crate::trust::sql;
use crate::trust::table::table;

pub(super) static KIND: Facts = Facts;

pub(super) struct Facts;

impl Part for Facts {
    fn about(&self) -> About {
        About {
            title: "Hosting: site, provider, certificates and their ends",
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
            let facts = packing.site.system.read(sql::hosting).await?;
            let lines = facts.into_iter().map(|fact| {
                let ends = fact.day();
                [fact.kind.word().to_owned(), fact.name, fact.number, ends, fact.link, fact.note]
            });
            let text = table(["kind", "name", "number", "ends", "link", "note"], lines);
            Ok(out.file("hosting.csv", self.about().title, &text).await?)
        })
    }
}
