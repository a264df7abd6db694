//! The pages where queries are written, tried and kept.

use crate::data::Data;
use crate::web::Routes;

pub(in crate::data) fn routes(data: Data) -> Routes {
    Routes::default().with(data)
}
