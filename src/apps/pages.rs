//! The pages about apps, put together.

use axum::extract::FromRef;

use super::{Apps, help, intake, making, sharing, templates, using};
use crate::site::Site;
use crate::web::Routes;

impl FromRef<Apps> for Site {
    fn from_ref(apps: &Apps) -> Site {
        apps.site().clone()
    }
}

pub fn routes(apps: &Apps) -> Routes {
    Routes::default()
        .and(help::routes().with(apps.clone()))
        .and(intake::routes().with(apps.clone()))
        .and(making::routes().with(apps.clone()))
        .and(templates::routes().with(apps.clone()))
        .and(sharing::routes().with(apps.clone()))
        .and(using::routes().with(apps.clone()))
}
