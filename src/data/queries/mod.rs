//! Questions people keep.

mod pages;

pub(super) use pages::routes;
