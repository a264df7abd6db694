//! Open pages that follow: which widgets show something else now, told for as long as
//! somebody may look.

mod places;
mod stream;

pub(super) use places::Places;
pub(super) use stream::{Following, Said};
