//! Where the tables of an app stand that one can open and change.

use crate::base::written::edit::{Step, Unfit, remove_named};

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

/// The parameters of a query.
pub fn params(of: &str) -> Vec<Step> {
    [query(of).as_slice(), &[Step::key("param")]].concat()
}

/// One of them.
pub fn param(of: &str, name: &str) -> Vec<Step> {
    [params(of).as_slice(), &[Step::key(name)]].concat()
}

/// Takes a query out, with all that stands below it.
pub fn remove_query(text: &str, name: &str) -> Result<String, Unfit> {
    remove_named(text, &[Step::key("query")], name)
}
