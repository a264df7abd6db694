//! What is left of a respondent who was erased: a hash that knows them again in an
//! older backup, and nothing of what they were.

use super::model::Of;
use super::sql;
use crate::base::Time;
use crate::id;
use crate::journal::{hex, sha256};
use crate::store::{Connection, Error};
use crate::web::WorkspaceId;

id!(ErasureId);

/// A respondent who was erased here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    pub id: String,
    pub workspace: WorkspaceId,
    pub at: Time,
    /// SHA-256 over survey, number and when they began, in hex.
    pub hash: String,
}

/// All who were erased here, oldest first.
pub fn erasures(conn: &Connection) -> Result<Vec<Erasure>, Error> {
    sql::erasures(conn)
}

/// What a respondent is known by when nothing else of them is left. The number
/// and the moment are the survey's own, and tell nothing about a person.
pub(super) fn hash(of: &Of, respondent: i64, started: Time) -> String {
    let (workspace, survey) = (of.workspace, &of.survey);
    let words = format!(
        "respondent\0{workspace}\0{survey}/{respondent}\0{}",
        started.0
    );
    hex(&sha256(words.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_tells_respondents_apart_by_each_of_their_parts() {
        let of = |survey: &str, at| Of {
            workspace: WorkspaceId::new(Time(at)),
            survey: survey.to_owned(),
        };
        let one = of("brands", 1);
        let known = hash(&one, 7, Time(5));

        assert_eq!(known, hash(&one, 7, Time(5)));
        assert_eq!(known.len(), 64);
        let other = Of {
            survey: "brand".to_owned(),
            ..one.clone()
        };
        for another in [
            hash(&other, 7, Time(5)),
            hash(&one, 8, Time(5)),
            hash(&one, 7, Time(6)),
            hash(&of("brands", 2), 7, Time(5)),
        ] {
            assert_ne!(known, another);
        }
    }
}
