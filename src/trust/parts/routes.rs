//! Every address that is answered, and who may call it.

use futures_util::future::BoxFuture;

use super::{About, Packing, Part};
use crate::store::Error;
use crate::trust::pack::Out;
use crate::trust::table::table;

pub(super) static KIND: Routes = Routes;

pub(super) struct Routes;

impl Part for Routes {
    fn about(&self) -> About {
        About {
            title: "Every address the server answers, and who may call it",
            for_workspace: false,
            for_support: true,
            for_instance: true,
        }
    }

    fn write<'a>(
        &'a self,
        packing: &'a Packing,
        out: &'a mut Out,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let lines = packing.routes.iter().map(|route| {
                [
                    route.method.to_string(),
                    route.path.to_owned(),
                    format!("{:?}", route.access),
                    route.surface().name().to_owned(),
                ]
            });
            let text = table(["method", "path", "who", "door"], lines);
            Ok(out.file("routes.csv", self.about().title, &text).await?)
        })
    }
}
