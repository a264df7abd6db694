//! The pages on which apps are made.

use crate::apps::Apps;
use crate::web::Routes;

pub(in crate::apps) fn routes() -> Routes<Apps> {
    Routes::default()
}
