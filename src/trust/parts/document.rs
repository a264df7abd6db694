//! The security document of this version.

use futures_util::future::BoxFuture;

use super::{About, Packing, Part};
use crate::store::Error;
use crate::trust::document::TEXT;
use crate::trust::pack::Out;

pub(super) static KIND: Document = Document;

pub(super) struct Document;

impl Part for Document {
    fn about(&self) -> About {
        About {
            title: "The security document of this version",
            for_workspace: true,
            for_support: false,
            for_instance: true,
        }
    }

    fn write<'a>(
        &'a self,
        _: &'a Packing,
        out: &'a mut Out,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let title = self.about().title;
            Ok(out.file("security.md", title, TEXT.as_bytes()).await?)
        })
    }
}
