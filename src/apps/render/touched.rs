//! Which widgets of a page show something else once a query has written.

use crate::apps::Apps;
use crate::apps::format::{App, Page, Widget};
use crate::apps::widgets::{Sends, named};
use crate::web;
use crate::workspaces::Member;

/// The widget that sent it, those that ask the same tables, and those whose query it
/// names; in the page's order.
pub(in crate::apps) async fn touched(
    apps: &Apps,
    member: &Member,
    (app, page): (&App, &Page),
    (sender, sends): (&Widget, &Sends<'_>),
) -> Result<Vec<String>, web::Error> {
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let tables_of = |query: &str| catalog.named_in(app.query(query).map_or("", |query| &query.sql));
    let written = tables_of(sends.query);
    let is_touched = |widget: &&Widget| {
        let need = named(&widget.kind).and_then(|kind| kind.need(widget));
        let asks = need.is_some_and(|need| {
            sends.refresh.contains(&need.query)
                // Where it wrote is not to be seen: anything may be different.
                || written.is_empty()
                || tables_of(need.query).iter().any(|table| written.iter().any(|known| known.name == table.name))
        });
        asks || widget.id == sender.id
    };
    let touched = page.widgets.iter().filter(is_touched);
    Ok(touched.map(|widget| widget.id.clone()).collect())
}
