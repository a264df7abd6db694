//! Where the tables of an app stand that one can open and change.

use crate::base::written::edit::Step;

pub fn page(id: &str) -> Vec<Step> {
    vec![Step::key("page"), Step::key(id)]
}

pub fn widget(page: &str, id: &str) -> Vec<Step> {
    let mut path = widgets(page);
    path.push(Step::key(id));
    path
}

pub fn query(name: &str) -> Vec<Step> {
    vec![Step::key("query"), Step::key(name)]
}

pub(super) fn widgets(page: &str) -> Vec<Step> {
    let mut path = self::page(page);
    path.push(Step::key("widget"));
    path
}
