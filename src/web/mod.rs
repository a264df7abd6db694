//! The toolkit every page is made with. It knows no page.

mod access;
mod assets;
mod dress;
mod error;
mod form;
mod forwarded;
mod guard;
mod kept;
pub mod openapi;
mod origin;
mod page;
mod qr;
mod routes;
mod seen;
mod surface;
mod toast;

pub use access::{
    Access, Grant, Inside, KeyScope, Peer, Person, Right, Role, Standing, UserId, Viewer,
    Whereabouts, WorkspaceId, seat, session, works_under,
};
pub use assets::{asset, prefix as assets_prefix};
pub use dress::{Dress, dress, framing, leading_to, showing};
pub use error::{Error, Result};
pub use form::{Faults, Fields};
pub use forwarded::client;
pub use kept::Kept;
pub use origin::{Arrived, Origin, address};
pub use page::{Again, Page, Shell};
pub use qr::{Picture, picture};
pub use routes::{Route, Routes};
pub use seen::{Through, seen};
pub use surface::{Door, Surface};
pub use toast::{Done, carried as toast, cookie};
