//! What was decided in the workspace: policies of tables, rules of signing in.

mod sql;

use serde_json::json;

use super::{Given, Part, Taking, give_json};
use crate::ending::archive::Pack;
use crate::ending::model::Error;
use crate::store;

pub(super) struct Settings;

pub(super) static KIND: Settings = Settings;

impl Part for Settings {
    fn name(&self) -> &'static str {
        "settings"
    }

    fn title(&self) -> &'static str {
        "Settings and policies"
    }

    fn holds(&self) -> &'static str {
        "Policies of tables, rules of signing in and publishing, limits, the databases elsewhere without their passwords and the names of programs' keys, as JSON"
    }

    fn give(&self, from: &Taking<'_>, to: &mut dyn Pack) -> Result<Given, Error> {
        let policies = store::policies(from.data)?;
        let count = policies.len() as u64;
        let policies = policies.into_iter().map(|policy| {
            json!({
                "table": policy.table,
                "rows": policy.layer.rows,
                "mask": policy.layer.mask,
                "free": policy.free,
            })
        });
        let policies: serde_json::Value = policies.collect::<Vec<_>>().into();
        give_json(to, "settings/policies.json", &policies)?;
        let rules = sql::rules(from.system, from.workspace)?;
        give_json(to, "settings/workspace.json", &rules)?;
        Ok(Given::from([("policies", count)]))
    }
}
