//! Deliveries of a survey and the log of who got what, for whoever takes all data away.

use serde_json::{Value, json};

use super::sql;
use crate::base::Time;
use crate::store::{Connection, Error};
use crate::surveys::keeping::Of;

/// No secret and no key of a link is among it.
pub(in crate::surveys) fn given(conn: &Connection, of: &Of) -> Result<Value, Error> {
    let all = sql::all(conn, of)?;
    let set = all.iter().map(|one| {
        let mut said = one.settings.said();
        said["by"] = one.by.as_str().into();
        said["stopped"] = one.stopped.as_str().into();
        said
    });
    let log = sql::list(conn, of, u32::MAX)?;
    let log = log.iter().map(|one| {
        let mut said = one.detail();
        said["asked"] = one.asked.rfc3339().into();
        said["by"] = one.by.as_str().into();
        said["result"] = one.state.name().into();
        said["why"] = one.why.as_str().into();
        said["ended"] = one.ended.map(Time::rfc3339).into();
        said["taken"] = one.taken.map(Time::rfc3339).into();
        said
    });
    Ok(json!({
        "set_up": set.collect::<Vec<_>>(),
        "log": log.collect::<Vec<_>>(),
    }))
}
