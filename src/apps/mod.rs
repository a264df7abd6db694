//! What builders make: pages of widgets over data, each app one text.

pub mod editing;
mod following;
pub mod format;
mod help;
pub mod intake;
mod library;
mod making;
mod pages;
mod render;
mod sharing;
mod sources;
mod templates;
mod using;
pub mod widgets;

pub use library::{Apps, Draft, Error, Listed, RequestId, Version};
pub use making::{Author, Found, Import, Made, check, export, find, import, make};
pub use pages::routes;
pub use sharing::may_delete;
pub use using::{ViewId, look};
