//! Whether the policies of an app hold on databases elsewhere: asked before it is published.

use super::model::Places;
use crate::apps::format::{App, Level, Policy, Problem, Query, Use};
use crate::apps::{Apps, Error};
use crate::web::WorkspaceId;

/// What of the app cannot go to people, because a policy on a database elsewhere would not
/// hold. Where the database does not answer, that is not known, and nothing is published.
pub(in crate::apps) async fn unheld(
    apps: &Apps,
    workspace: WorkspaceId,
    (text, app): (&str, &App),
) -> Result<Vec<Problem>, Error> {
    let mut problems = Vec::new();
    let on = |policy: &&Policy, uses: &Use| {
        let named = policy.on.split_once('.');
        named.is_some_and(|(name, _)| name == uses.name)
    };
    // Each database once, with the first of its policies: that is where faults stand.
    let away = app.uses.iter().filter(|uses| !uses.is_own());
    let governed = away.filter_map(|uses| {
        let policy = app.policies.iter().find(|policy| on(policy, uses))?;
        Some((policy, uses))
    });
    let governed: Vec<_> = governed.collect();
    if governed.is_empty() {
        return Ok(problems);
    }
    let places = Places::of(apps, workspace, app).await?;
    for (policy, uses) in governed {
        let heading = format!("[policy.{}]", policy.name);
        let line = { text.lines() }.position(|line| line.trim_start().starts_with(&heading));
        let mut refuse = |line: usize, column: usize, why: String| {
            problems.push(Problem {
                line,
                column,
                message: why,
                level: Level::Refused,
            });
        };
        let own = app.queries.iter().filter(|query| query.uses == uses.name);
        let own: Vec<&Query> = own.collect();
        for query in &own {
            if let Err(why) = places.of_query(query) {
                let why = format!(
                    "`{}` cannot be asked within its policies: {why}",
                    query.name
                );
                refuse(query.position.line, query.position.column, why);
            }
        }
        if let Some(place) = places.named(&uses.name)
            && let Some(why) = place.unheld(&apps.data, &own).await
        {
            let why = format!("the policy `{}` cannot be enforced: {why}", policy.name);
            refuse(line.unwrap_or_default() + 1, 1, why);
        }
    }
    Ok(problems)
}
