//! The review of access, as its page gives it.

use futures_util::future::BoxFuture;

use super::{About, Packing, Part};
use crate::people;
use crate::store::Error;
use crate::trust::pack::Out;

pub(super) static KIND: Access = Access;

pub(super) struct Access;

impl Part for Access {
    fn about(&self) -> About {
        About {
            title: "Access review: who came in when, from where, and what they opened",
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
            let (workspace, now) = (packing.purpose.workspace(), packing.site.clock.now());
            let text = packing
                .site
                .system
                .read(move |conn| people::review_file(conn, workspace, now))
                .await?;
            let title = self.about().title;
            Ok(out.file("access-review.csv", title, text.as_bytes()).await?)
        })
    }
}
