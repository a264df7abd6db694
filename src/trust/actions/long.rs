//! Looks that take long, done once a day; and jumps of the clock.

use std::sync::Arc;

use serde_json::json;

use crate::base::text;
use crate::journal::{self, Actor, Entry, verify_all};
use crate::site::Site;
use crate::store::Error;
use crate::trust::facts::Long;
use crate::trust::sql;

/// Reads the whole chain again, signatures and sealed files as well.
pub(in crate::trust) async fn read_chain(site: &Site) -> Result<Long, Error> {
    let (keyring, data) = (Arc::clone(&site.keyring), site.config.data.clone());
    let read = site
        .system
        .read(move |conn| verify_all(conn, &keyring, &data))
        .await?;
    let (is_fine, said) = match read {
        Ok(verified) => {
            let records = text::thousands(verified.records);
            (true, format!("{records} records, whole"))
        }
        Err(broken) => (false, broken.to_string()),
    };
    Ok(Long {
        name: "chain".to_owned(),
        at: site.clock.now(),
        is_fine,
        said,
    })
}

pub(in crate::trust) async fn keep_long(site: &Site, long: Long) -> Result<(), Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            sql::keep_long(tx, &long)?;
            let entry = Entry::new(now, &Actor::system(), "trust.looked", &*long.name);
            let entry = if long.is_fine {
                entry.with(json!({ "said": long.said }))
            } else {
                entry.failed(long.said)
            };
            journal::record(tx, &entry)
        })
        .await
}

/// The wall clock left the machine's own count by that many milliseconds.
pub(in crate::trust) async fn jumped(site: &Site, milliseconds: i64) -> Result<(), Error> {
    let now = site.clock.now();
    site.system
        .write(move |tx| {
            sql::add_jump(tx, now, milliseconds)?;
            let entry = Entry::new(now, &Actor::system(), "clock.jumped", "clock");
            journal::record(tx, &entry.with(json!({ "milliseconds": milliseconds })))
        })
        .await
}
