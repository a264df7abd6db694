//! Which widgets of a page show something else once something was written.

use crate::apps::Apps;
use crate::apps::format::{App, Page, Query, Widget};
use crate::apps::widgets::{Sends, named};
use crate::data::sql_text;
use crate::store::Touched;
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
    let place_of = |query: &str| app.query(query).map(|query| &query.uses);
    let is_elsewhere = app
        .query(sends.query)
        .is_some_and(|query| !app.is_own(&query.uses));
    let is_touched = |widget: &&Widget| {
        let need = named(&widget.kind).and_then(|kind| kind.need(widget));
        let asks = need.is_some_and(|need| {
            // What tables there are elsewhere is not known here.
            if is_elsewhere {
                return place_of(need.query) == place_of(sends.query)
                    || sends.refresh.contains(&need.query);
            }
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

/// The widgets whose queries ask one of these tables of the app's own database, in the
/// page's order. Asked for every page that is open: it looks at words alone.
pub(in crate::apps) fn asking<'a>(app: &App, page: &'a Page, touched: &Touched) -> Vec<&'a str> {
    let is_touched = |word: &str| {
        let mut tables = touched.tables.iter();
        tables.any(|table| table.eq_ignore_ascii_case(word))
    };
    of_queries(app, page, |query| {
        app.is_own(&query.uses) && (touched.is_all || sql_text::words(&query.sql).any(is_touched))
    })
}

/// The widgets that show rows of databases elsewhere, which nobody hears changing.
pub(in crate::apps) fn elsewhere<'a>(app: &App, page: &'a Page) -> Vec<&'a str> {
    of_queries(app, page, |query| !app.is_own(&query.uses))
}

fn of_queries<'a>(app: &App, page: &'a Page, is_meant: impl Fn(&Query) -> bool) -> Vec<&'a str> {
    let asks = |widget: &&Widget| {
        let need = named(&widget.kind).and_then(|kind| kind.need(widget));
        need.and_then(|need| app.query(need.query))
            .is_some_and(&is_meant)
    };
    let found = page.widgets.iter().filter(asks);
    found.map(|widget| widget.id.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apps::widgets::Known;

    const TEXT: &str = "format = 1\nid = \"a\"\ntitle = \"A\"
[uses.main]\nkind = \"sqlite\"\n[uses.far]\nkind = \"postgres\"
[query.list]\nuse = \"main\"\nkind = \"read\"\nsql = \"select * from Orders\"
[query.sums]\nuse = \"main\"\nkind = \"read\"\nsql = \"select (select count(*) from items) as n from orders_old\"
[query.away]\nuse = \"far\"\nkind = \"read\"\nsql = \"select * from orders\"
[page.home]\ntitle = \"Home\"\npath = \"/\"
[page.home.widget.words]\ntype = \"text\"\nat = [1, 1, 12]\ntext = \"orders\"
[page.home.widget.rows]\ntype = \"report\"\nat = [2, 1, 12]\nquery = \"list\"
[page.home.widget.count]\ntype = \"report\"\nat = [3, 1, 12]\nquery = \"sums\"
[page.home.widget.there]\ntype = \"report\"\nat = [4, 1, 12]\nquery = \"away\"
";

    #[test]
    fn widgets_follow_the_tables_their_queries_name_in_their_own_database() {
        let app = App::parse(TEXT, &Known).unwrap();
        let page = &app.pages[0];
        let touch = |is_all, tables: &[&str]| {
            let tables = tables.iter().map(|&name| name.to_owned()).collect();
            asking(&app, page, &Touched { is_all, tables })
        };

        assert_eq!(touch(false, &["orders"]), ["rows"]);
        assert_eq!(touch(false, &["items", "ORDERS"]), ["rows", "count"]);
        assert!(touch(false, &["order"]).is_empty());
        assert_eq!(touch(true, &[]), ["rows", "count"]);
        assert_eq!(elsewhere(&app, page), ["there"]);
    }
}
