//! Every address that is answered, and who may call it.

use super::{About, Packing, Part};
use crate::store::Error;
use crate::trust::pack::Out;
use crate::trust::table::table;

pub(super) static KIND: Part = Part {
    about: About {
        title: "Every address the server answers, and who may call it",
        for_workspace: false,
        for_support: true,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(packing: &Packing, out: &mut Out) -> Result<(), Error> {
    let lines = packing.routes.iter().map(|route| {
        [
            route.method.to_string(),
            route.path.to_owned(),
            format!("{:?}", route.access),
            route.surface().name().to_owned(),
        ]
    });
    let text = table(["method", "path", "who", "door"], lines);
    Ok(out.file("routes.csv", KIND.about.title, &text).await?)
}
