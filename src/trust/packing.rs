//! A pack, made while it leaves.

use std::io;

use bytes::Bytes;
use serde_json::json;
use tokio::sync::mpsc::{self, Receiver};

use super::pack::Out;
use super::parts::{self, Packing};
use super::{actions, document};
use crate::journal::Actor;
use crate::store::Error;

/// Pieces that may wait for whoever takes them.
const AHEAD: usize = 4;

/// A pack on its way: its pieces, in order. A broken piece is the last.
pub type Making = Receiver<io::Result<Bytes>>;

/// Says that it is made, then makes it piece by piece, as they are taken.
pub(super) async fn begin(packing: Packing, actor: Actor) -> Result<Making, Error> {
    let period = (packing.from, packing.to);
    let by = actor.name.clone();
    actions::told(&packing.site, actor, packing.purpose, period).await?;
    let (send, receive) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let out = Out::new(send.clone());
        if let Err(error) = Box::pin(make(&packing, out, &by)).await {
            tracing::warn!("a pack broke off: {error}");
            // Whoever went away misses nothing.
            let _ = send.send(Err(io::Error::other(error))).await;
        }
    });
    Ok(receive)
}

async fn make(packing: &Packing, mut out: Out, by: &str) -> Result<(), Error> {
    for part in parts::of(packing.purpose) {
        (part.write)(packing, &mut out).await?;
    }
    let about = json!({
        "kind": packing.purpose.name(),
        "workspace": packing.purpose.workspace().map(|id| id.to_string()),
        "version": document::VERSION,
        "from": packing.from.rfc3339(),
        "to": packing.to.rfc3339(),
        "made": packing.site.clock.now().rfc3339(),
        "made_by": (packing.purpose != parts::Purpose::Support).then_some(by),
    });
    Ok(Box::pin(out.finish(about, packing.site.signer())).await?)
}
