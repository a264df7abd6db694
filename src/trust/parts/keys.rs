//! How old the keys are; never a key.

use super::{About, Packing, Part};
use crate::base::Time;
use crate::operate;
use crate::store::Error;
use crate::trust::pack::Out;
use crate::trust::table::table;

pub(super) static KIND: Part = Part {
    about: About {
        title: "Keys: what each seals, by which algorithm, since when",
        for_workspace: false,
        for_support: false,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(packing: &Packing, out: &mut Out) -> Result<(), Error> {
    let keys = operate::keys(&packing.site).await;
    let keys = keys.map_err(std::io::Error::other)?.list;
    let lines = keys.into_iter().map(|key| {
        let since = key.since.map(Time::rfc3339).unwrap_or_default();
        let fault = key.fault.unwrap_or_default();
        [key.title, key.algorithm.to_owned(), key.place, since, fault]
    });
    let text = table(["key", "algorithm", "place", "since", "fault"], lines);
    Ok(out.file("keys.csv", KIND.about.title, &text).await?)
}
