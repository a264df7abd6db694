//! The pages about data, put together.

mod download;

use axum::extract::FromRef;

use super::imports::{self, Imports};
use super::{Data, policies, queries, sources, tables};
use crate::site::Site;
use crate::web::Routes;

pub use download::sent;
pub(super) use download::{Download, whole_csv};

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
        .and(sources::routes(data.clone()))
        .and(imports::routes(Imports::new(data.clone())))
}
