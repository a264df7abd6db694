//! What builders look up: the kinds of widget with an example of each, the app file key
//! by key, and a first app step by step. All of it is made from what the code declares.

mod example;
mod limits;
#[cfg(test)]
mod markdown;
mod pages;
mod reference;
mod said;
#[cfg(test)]
mod tests;

pub(super) use pages::routes;
