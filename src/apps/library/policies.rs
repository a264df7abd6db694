//! What an app's policies add to those of the tables it reads.

use std::sync::Arc;

use crate::apps::format::{App, Policy, Use};
use crate::store::Layer;
use crate::workspaces::Member;

/// The app's policies on tables of the workspace's own database, each with its layer and
/// its table. Those on databases elsewhere are kept by `apps::sources`.
pub(in crate::apps) fn layers(app: &App) -> Vec<(&Policy, (String, Layer))> {
    let is_own = |name: &str| {
        let uses = app.uses.iter().find(|uses| uses.name == name);
        uses.is_none_or(Use::is_own)
    };
    let layer = |policy| {
        let Policy { on, rows, mask, .. }: &Policy = policy;
        let (uses, table) = on.split_once('.').unwrap_or(("", on));
        let layer = Layer {
            rows: rows.clone(),
            mask: mask.clone(),
        };
        is_own(uses).then(|| (policy, (table.to_owned(), layer)))
    };
    app.policies.iter().filter_map(layer).collect()
}

/// The same as they bind whoever is within that app.
pub(in crate::apps) fn binding(app: &App) -> Arc<[(String, Layer)]> {
    layers(app).into_iter().map(|(_, layer)| layer).collect()
}

/// The member as they may read and write within that app.
pub(in crate::apps) fn within(member: Member, app: &App) -> Member {
    let layers = binding(app);
    if layers.is_empty() {
        return member;
    }
    Member {
        db: member.db.within(layers),
        ..member
    }
}
