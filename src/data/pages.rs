//! The pages about data, put together.

use axum::extract::FromRef;

use super::Data;
use super::imports::{self, Imports};
use crate::site::Site;
use crate::web::Routes;

impl FromRef<Data> for Site {
    fn from_ref(data: &Data) -> Site {
        data.site.clone()
    }
}

pub fn routes(data: &Data) -> Routes {
    Routes::default().and(imports::routes(Imports::new(data.clone())))
}
