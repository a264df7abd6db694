//! A page that is not in the menu and that nothing leads to.

use super::fix::Fix;
use super::unset_param::says;
use super::{Finding, Rule, Sight, Weight};
use crate::apps::editing::page as at;

pub(super) struct UnreachablePage;

pub(super) static KIND: UnreachablePage = UnreachablePage;

impl Rule for UnreachablePage {
    fn look(&self, sight: &Sight<'_>) -> Vec<Finding> {
        let pages = sight.app.pages.iter();
        let lost = pages.filter(|page| {
            let is_first = page.path == "/" || sight.app.pages.len() == 1;
            let mut widgets = sight.widgets();
            let is_led_to = widgets.any(|(on, widget)| {
                let settings = toml_edit::Item::Table(widget.settings.clone());
                let leads = |text: &str| text == page.id || text.contains(page.path.as_str());
                on.id != page.id && says(&settings, &leads)
            });
            !page.menu && !is_first && !is_led_to
        });
        let finding = |page: &crate::apps::format::Page| Finding {
            id: format!("unreachable_page:{}", page.id),
            weight: Weight::Should,
            line: page.position.line,
            place: format!("the page {}", page.title),
            why: "it is not in the menu, and no button, row or form of another page leads to it"
                .to_owned(),
            todo: "put it into the menu, lead to it from another page, or take it out".to_owned(),
            fix: Some(Fix::Put {
                path: at(&page.id),
                key: "menu",
                value: "true".to_owned(),
            }),
        };
        lost.map(finding).collect()
    }
}
