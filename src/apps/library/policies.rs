//! What an app's policies add to those of the tables it reads.

use std::sync::Arc;

use crate::apps::format::App;
use crate::store::Layer;
use crate::workspaces::Member;

/// The layers of an app's policies, each with its table.
pub(in crate::apps) fn layers(app: &App) -> Vec<(String, Layer)> {
    let layer = |policy: &crate::apps::format::Policy| {
        let layer = Layer {
            rows: policy.rows.clone(),
            mask: policy.mask.clone(),
        };
        let table = policy
            .on
            .split_once('.')
            .map_or(policy.on.as_str(), |(_, table)| table);
        (table.to_owned(), layer)
    };
    app.policies.iter().map(layer).collect()
}

/// The member as they may read and write within that app.
pub(in crate::apps) fn within(member: Member, app: &App) -> Member {
    if app.policies.is_empty() {
        return member;
    }
    let layers: Arc<[_]> = layers(app).into();
    Member {
        db: member.db.within(layers),
        ..member
    }
}
