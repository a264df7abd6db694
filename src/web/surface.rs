//! Which door a route is behind, and which door a request came through.

use axum::http::Extensions;

use super::access::{Access, Right};
use super::routes::Route;

/// Who a route is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    Everybody,
    /// Members, audit, the instance: behind the second door once there is one.
    Administration,
}

impl Surface {
    pub fn name(self) -> &'static str {
        match self {
            Surface::Everybody => "everybody",
            Surface::Administration => "admin",
        }
    }
}

/// The listener a request came through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Door {
    /// There is but one: it opens everything.
    #[default]
    Only,
    /// Everybody's, while administration has one of its own.
    Public,
    /// The administrators', who need the other pages too.
    Administration,
}

impl Door {
    pub fn of(extensions: &Extensions) -> Door {
        extensions.get::<Door>().copied().unwrap_or_default()
    }

    pub fn opens(self, surface: Surface) -> bool {
        self != Door::Public || surface == Surface::Everybody
    }
}

impl Right {
    pub(super) fn surface(self) -> Surface {
        if matches!(
            self,
            Right::ManageMembers | Right::ReadSettings | Right::ReadAudit | Right::Operate
        ) {
            Surface::Administration
        } else {
            Surface::Everybody
        }
    }
}

impl Access {
    /// Follows from who may call, so that no route can be put behind the wrong door.
    pub fn surface(self) -> Surface {
        match self {
            Access::Needs(right)
            | Access::Fresh(right)
            | Access::Key(right)
            | Access::KeyByBody(right) => right.surface(),
            _ => Surface::Everybody,
        }
    }
}

impl Route {
    pub fn surface(&self) -> Surface {
        self.access.surface()
    }
}
