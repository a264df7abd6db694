//! What others were given, and the places they have: what one respondent's way asks of the
//! file besides their own answers.

use std::collections::HashMap;

use super::compiled::Compiled;
use super::sql;
use crate::store::{Connection, Error};
use crate::surveys::blocks::{Decision, Role};

/// How it stands at one moment.
#[derive(Clone, Debug, Default)]
pub struct Others {
    /// For each block that gives what fewest were given: how often each item was.
    given: HashMap<String, Vec<(i64, u32)>>,
    /// For each quota of the definition, how many places are had.
    pub taken: Vec<u32>,
}

impl Others {
    pub fn of(conn: &Connection, compiled: &Compiled) -> Result<Others, Error> {
        let mut others = Others::default();
        for block in compiled.survey.blocks() {
            if block.kind.role() == Role::Decided(Decision::LeastFilled) {
                let given = sql::allotments(conn, &block.id)?;
                others.given.insert(block.id.clone(), given);
            }
        }
        for quota in &compiled.survey.quotas {
            others.taken.push(sql::taken(conn, &quota.id)?);
        }
        Ok(others)
    }

    /// How often each item of that block was given.
    pub fn given(&self, block: &str) -> &[(i64, u32)] {
        self.given.get(block).map_or(&[], Vec::as_slice)
    }
}

/// The code that fewest were given; of several the first.
pub(super) fn fewest(codes: Vec<i64>, given: &[(i64, u32)]) -> Option<i64> {
    let count = |code: i64| {
        let found = given.iter().find(|(known, _)| *known == code);
        found.map_or(0, |(_, count)| *count)
    };
    codes.into_iter().min_by_key(|code| count(*code))
}
