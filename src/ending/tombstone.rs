//! What is left of a thing that was destroyed: enough to know it again in an
//! older backup, and nothing of what it was.

use serde::{Deserialize, Serialize};

use super::sql;
use crate::base::Time;
use crate::journal::{hex, sha256};
use crate::store::{Connection, Error};
use crate::surveys::keeping::{Erasure, erasures};
use crate::web::WorkspaceId;

/// The kind of those who answered a survey and were erased.
const RESPONDENT: &str = "respondent";

/// A thing that was destroyed here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tombstone {
    /// The id of its ending, which its certificate has as well.
    pub id: String,
    /// `app`, `table`, `file`, `survey`, `workspace`, `respondent`.
    pub kind: String,
    /// The id of the workspace it was in.
    pub workspace: String,
    /// When it was destroyed: milliseconds since 1970, UTC.
    pub at: i64,
    /// SHA-256 over kind, workspace, name and when it was made, in hex.
    pub hash: String,
}

/// All that was destroyed here, oldest first.
pub fn tombstones(conn: &Connection) -> Result<Vec<Tombstone>, Error> {
    let mut all = sql::tombstones(conn)?;
    let respondents = erasures(conn)?.into_iter();
    all.extend(respondents.map(|one| Tombstone {
        id: one.id,
        kind: RESPONDENT.to_owned(),
        workspace: one.workspace.to_string(),
        at: one.at.0,
        hash: one.hash,
    }));
    Ok(all)
}

impl Tombstone {
    /// The respondent this is about, if it is about one: surveys know those.
    pub(super) fn respondent(&self) -> Option<Erasure> {
        let workspace = WorkspaceId::parse(&self.workspace);
        let workspace = workspace.filter(|_| self.kind == RESPONDENT)?;
        Some(Erasure {
            id: self.id.clone(),
            workspace,
            at: Time(self.at),
            hash: self.hash.clone(),
        })
    }
}

/// What a thing is known by when its name is forgotten. Another one of the same
/// name, made at another moment, has another hash.
pub(super) fn hash(kind: &str, workspace: WorkspaceId, object: &str, made: Time) -> String {
    let workspace = workspace.to_string();
    let mut words = Vec::with_capacity(128);
    for part in [kind, &workspace, object] {
        words.extend_from_slice(part.as_bytes());
        words.push(0);
    }
    words.extend_from_slice(made.0.to_string().as_bytes());
    hex(&sha256(&words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_tells_things_apart_by_each_of_their_parts() {
        let (one, other) = (WorkspaceId::new(Time(1)), WorkspaceId::new(Time(2)));
        let known = hash("app", one, "orders", Time(5));

        assert_eq!(known, hash("app", one, "orders", Time(5)));
        assert_eq!(known.len(), 64);
        for another in [
            hash("table", one, "orders", Time(5)),
            hash("app", other, "orders", Time(5)),
            hash("app", one, "order", Time(5)),
            hash("app", one, "orders", Time(6)),
        ] {
            assert_ne!(known, another);
        }
    }
}
