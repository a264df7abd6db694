//! A router that knows what it routes, so that a test can read the whole map.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn;
use axum::routing::{MethodRouter, delete, get, post};

use super::access::Access;
use super::guard::guard;

#[derive(Clone, Debug)]
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
}

pub struct Routes<S = ()> {
    pub router: Router<S>,
    pub map: Vec<Route>,
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Routes {
            router: Router::new(),
            map: Vec::new(),
        }
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    #[must_use]
    pub fn get<H: Handler<T, S>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        page: H,
    ) -> Self {
        self.add(Method::GET, path, access, get(page))
    }

    #[must_use]
    pub fn post<H: Handler<T, S>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        act: H,
    ) -> Self {
        self.add(Method::POST, path, access, post(act))
    }

    /// For programs: pages send forms.
    #[must_use]
    pub fn delete<H: Handler<T, S>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        act: H,
    ) -> Self {
        self.add(Method::DELETE, path, access, delete(act))
    }

    /// A post whose body may be of any length: `act` takes it piece by piece
    /// and keeps none of it in memory. Everything else stays under the limit
    /// that `server` sets.
    #[must_use]
    pub fn post_stream<H: Handler<T, S>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        act: H,
    ) -> Self {
        let unlimited = post(act).layer(DefaultBodyLimit::disable());
        self.add(Method::POST, path, access, unlimited)
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        access: Access,
        to: MethodRouter<S>,
    ) -> Self {
        let guarded = to.route_layer(from_fn(move |request, next| guard(access, request, next)));
        self.router = self.router.route(path, guarded);
        self.map.push(Route {
            method,
            path,
            access,
        });
        self
    }

    /// Both, one after the other.
    #[must_use]
    pub fn and(mut self, other: Routes<S>) -> Self {
        self.router = self.router.merge(other.router);
        self.map.extend(other.map);
        self
    }

    /// Hands the routes what they need.
    pub fn with(self, state: S) -> Routes<()> {
        Routes {
            router: self.router.with_state(state),
            map: self.map,
        }
    }
}
