//! Whether a machine can be asked at all, as far as that is known before anybody answers.

use std::time::Duration;

use tokio::time::timeout;

use super::address::Address;
use crate::egress::{Egress, Error, Purpose};

/// So long a name is looked up for a page that somebody waits for.
const PATIENCE: Duration = Duration::from_secs(3);

/// What stands against asking a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::surveys) struct Obstacle {
    pub(in crate::surveys) why: String,
    /// It will never be asked as things are; else it was not found out.
    pub(in crate::surveys) is_sure: bool,
}

/// Looks whether the configuration lets us go there; nobody is called.
pub(in crate::surveys) async fn obstacle(egress: &Egress, address: &Address) -> Option<Obstacle> {
    let machine = address.machine();
    let (host, port) = Egress::place(machine).ok()?;
    let route = egress.route(&host, port, Purpose::Linked);
    match timeout(PATIENCE, route).await {
        Ok(Ok(_)) => None,
        Ok(Err(error)) => Some(Obstacle {
            is_sure: matches!(error, Error::Never { .. } | Error::NotAllowed { .. }),
            why: error.to_string(),
        }),
        Err(_elapsed) => Some(Obstacle {
            why: format!("the name {host} could not be looked up in time"),
            is_sure: false,
        }),
    }
}
