//! Apps to start from: each a folder with the text of an app, its tables, and a handful of
//! rows that show how it is meant.

mod actions;
mod model;
mod pages;
mod reading;
#[cfg(test)]
mod tests;

pub(super) use model::Template;
pub(super) use pages::routes;

crate::kinds! {
    pub(super) Template:
    issues, orders, workshop, equipment, programme, pipeline,
}

/// Title and sentence of each, with its address, for the page on which apps begin.
pub(super) fn offered() -> impl Iterator<Item = (&'static str, String, &'static str)> {
    let each = ALL.iter();
    each.map(|one| (one.title, format!("/apps/new/{}", one.name), one.about))
}
