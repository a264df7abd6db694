//! Who is in the workspace. No password, no key, no second factor.

mod sql;

use super::{Given, Part, Taking};
use crate::data::{Cell, writers::Csv};
use crate::ending::archive::Pack;
use crate::ending::model::Error;

pub(super) struct Members;

pub(super) static KIND: Members = Members;

impl Part for Members {
    fn name(&self) -> &'static str {
        "members"
    }

    fn title(&self) -> &'static str {
        "Members"
    }

    fn holds(&self) -> &'static str {
        "Who is in the workspace as CSV: name, address, role, groups, attributes; no password and no key"
    }

    fn give(&self, from: &Taking<'_>, to: &mut dyn Pack) -> Result<Given, Error> {
        let members = sql::members(from.system, from.workspace)?;
        to.begin("members/members.csv")?;
        let mut out = Vec::new();
        let heading = [
            "name",
            "email",
            "role",
            "joined",
            "disabled",
            "groups",
            "attributes",
        ];
        Csv::default().heading(heading, &mut out);
        for member in &members {
            let cells = member.iter().map(|text| match text {
                Some(text) => Cell::Text(text),
                None => Cell::Null,
            });
            Csv::default().row(cells, &mut out);
        }
        to.write_all(&out)?;
        Ok(Given::from([("members", members.len() as u64)]))
    }
}
