//! The review of access, as its page gives it.

use super::{About, Packing, Part};
use crate::people;
use crate::store::Error;
use crate::trust::pack::Out;

pub(super) static KIND: Part = Part {
    about: About {
        title: "Access review: who came in when, from where, and what they opened",
        for_workspace: true,
        for_support: false,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(packing: &Packing, out: &mut Out) -> Result<(), Error> {
    let (workspace, now) = (packing.purpose.workspace(), packing.site.clock.now());
    let text = packing
        .site
        .system
        .read(move |conn| people::review_file(conn, workspace, now))
        .await?;
    let title = KIND.about.title;
    Ok(out.file("access-review.csv", title, text.as_bytes()).await?)
}
