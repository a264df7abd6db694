//! The pages about data, put together.

mod download;

use axum::extract::FromRef;

use super::imports::{self, Imports};
use super::{Data, policies, queries, tables};
use crate::site::Site;
use crate::web::Routes;

pub(super) use download::Download;
pub use download::sent;

impl FromRef<Data> for Site {
    fn from_ref(data: &Data) -> Site {
        data.site.clone()
    }
}

pub fn routes(data: &Data) -> Routes {
    Routes::default()
        .and(tables::routes(data.clone()))
        .and(policies::routes(data.clone()))
        .and(queries::routes(data.clone()))
        .and(imports::routes(Imports::new(data.clone())))
}
