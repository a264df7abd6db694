//! The security document of this version.

use super::{About, Packing, Part};
use crate::store::Error;
use crate::trust::document::TEXT;
use crate::trust::pack::Out;

pub(super) static KIND: Part = Part {
    about: About {
        title: "The security document of this version",
        for_workspace: true,
        for_support: false,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(_: &Packing, out: &mut Out) -> Result<(), Error> {
    let title = KIND.about.title;
    Ok(out.file("security.md", title, TEXT.as_bytes()).await?)
}
