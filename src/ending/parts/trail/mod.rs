//! The workspace's records of the audit trail.

mod sql;

use std::io::{BufRead, BufReader};

use super::{Given, Part, Taking};
use crate::ending::archive::Pack;
use crate::ending::model::Error;
use crate::journal;

pub(super) struct Trail;

pub(super) static KIND: Trail = Trail;

impl Part for Trail {
    fn name(&self) -> &'static str {
        "audit"
    }

    fn title(&self) -> &'static str {
        "Audit trail"
    }

    fn holds(&self) -> &'static str {
        "Each record of this workspace as JSON in a line of its own (NDJSON), oldest first, those in sealed files too"
    }

    fn give(&self, from: &Taking<'_>, to: &mut dyn Pack) -> Result<Given, Error> {
        let (mut records, workspace) = (0, from.workspace.to_string());
        to.begin("audit/records.ndjson")?;
        for segment in journal::segments(from.system)? {
            let data = &from.site.config.data;
            let sealed = journal::read_segment(&from.site.keyring, data, &segment)?;
            for line in BufReader::new(sealed).lines() {
                let line = line?;
                let said: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
                if said["workspace"] == workspace.as_str() {
                    writeln!(to, "{line}")?;
                    records += 1;
                }
            }
        }
        sql::each(from.system, from.workspace, |link| {
            writeln!(to, "{}", journal::to_json(&link))?;
            records += 1;
            Ok(())
        })?;
        Ok(Given::from([("records", records)]))
    }
}
