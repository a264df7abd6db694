//! How the checks stood in the period.

use futures_util::future::BoxFuture;

use super::{About, Packing, Part};
use crate::store::Error;
use crate::trust::pack::Out;
use crate::trust::sql;
use crate::trust::table::table;

pub(super) static KIND: Changes = Changes;

pub(super) struct Changes;

impl Part for Changes {
    fn about(&self) -> About {
        About {
            title: "When a check changed its level in the period",
            for_workspace: false,
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
            let changes = packing
                .site
                .system
                .read(move |conn| sql::changes(conn, period))
                .await?;
            let lines = changes.iter().map(|(at, name, level, said)| {
                [at.rfc3339(), name.clone(), level.clone(), said.clone()]
            });
            let text = table(["at", "check", "level", "said"], lines);
            Ok(out.file("findings-history.csv", self.about().title, &text).await?)
        })
    }
}
