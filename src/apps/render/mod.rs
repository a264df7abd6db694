//! A page of an app: its queries are run, its widgets shown.

use super::Apps;
use super::format::{App, Page};
use crate::web::{self, Fields};
use crate::workspaces::Member;

/// What is to be shown, and to whom it links back.
pub(super) struct Ask<'a> {
    pub(super) app: &'a App,
    pub(super) page: &'a Page,
    /// What the address carries: filters, sorting, paging, tabs.
    pub(super) fields: &'a Fields,
    /// Where the app's own pages begin, such as `/apps/orders`.
    pub(super) base: &'a str,
    /// A builder's look at a draft: its forms are shown but not sent.
    pub(super) is_preview: bool,
}

/// The page's grid of widgets, as HTML.
pub(super) async fn page(
    _apps: &Apps,
    _member: &Member,
    _ask: Ask<'_>,
) -> Result<String, web::Error> {
    Err(web::Error::NotFound)
}
