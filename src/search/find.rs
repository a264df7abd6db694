//! What the words of a search find, in every slice that has something to find.

use crate::apps::{self, Apps};
use crate::data;
use crate::people;
use crate::web::{Error, Right};
use crate::workspaces::Member;

/// So many of each kind are shown.
const MOST: usize = 8;
/// Fewer letters find everything, which is nothing.
const SHORTEST: usize = 2;

/// Things of one kind.
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) icon: &'static str,
    pub(super) hits: Vec<Hit>,
}

pub(super) struct Hit {
    pub(super) address: String,
    pub(super) title: String,
    /// What tells it from another of that title.
    pub(super) detail: String,
}

pub(super) fn is_long_enough(words: &str) -> bool {
    words.trim().chars().count() >= SHORTEST
}

/// Everything the member may open that has all the words in its name.
pub(super) async fn find(apps: &Apps, member: &Member, words: &str) -> Result<Vec<Group>, Error> {
    let mut groups = Vec::new();
    if !is_long_enough(words) {
        return Ok(groups);
    }
    if member.viewer.may(Right::UseApps) {
        groups.push(Group {
            title: "Apps",
            icon: "layout-grid",
            hits: found_apps(apps, member, words).await?,
        });
    }
    if member.viewer.may(Right::Build) {
        groups.push(Group {
            title: "Tables",
            icon: "table",
            hits: found_tables(apps, member, words).await?,
        });
    }
    if member.viewer.may(Right::Build) {
        groups.push(Group {
            title: "Queries",
            icon: "square-terminal",
            hits: found_queries(apps, member, words).await?,
        });
    }
    if member.viewer.may(Right::ReadSettings) {
        groups.push(Group {
            title: "People",
            icon: "user",
            hits: found_people(apps, member, words).await?,
        });
    }
    groups.retain(|group| !group.hits.is_empty());
    Ok(groups)
}

async fn found_apps(apps: &Apps, member: &Member, words: &str) -> Result<Vec<Hit>, Error> {
    let found = apps::find(apps, &member.viewer.person, words).await?;
    let hits = found.into_iter().take(MOST).map(|found| {
        let app = found.app;
        let (address, detail) = if found.may_open {
            (format!("/apps/{}", app.id), app.id)
        } else if found.may_edit {
            (format!("/edit/{}", app.id), "draft".to_owned())
        } else {
            (format!("/edit/{}/publish", app.id), "draft".to_owned())
        };
        Hit {
            address,
            title: app.title,
            detail,
        }
    });
    Ok(hits.collect())
}

async fn found_tables(apps: &Apps, member: &Member, words: &str) -> Result<Vec<Hit>, Error> {
    let catalog = apps.data.catalog(member.workspace, &member.db).await?;
    let found = catalog
        .tables
        .iter()
        .filter(|table| has_all(&format!("{} {}", table.title, table.name), words));
    let hits = found.take(MOST).map(|table| Hit {
        address: format!("/data/{}", table.name),
        title: table.title.clone(),
        detail: table.name.clone(),
    });
    Ok(hits.collect())
}

async fn found_queries(apps: &Apps, member: &Member, words: &str) -> Result<Vec<Hit>, Error> {
    let names = data::query_names(&apps.data, member.workspace).await?;
    let found = names.into_iter().filter(|name| has_all(name, words));
    let hits = found.take(MOST).map(|name| Hit {
        address: format!("/queries/{name}"),
        title: name,
        detail: String::new(),
    });
    Ok(hits.collect())
}

async fn found_people(apps: &Apps, member: &Member, words: &str) -> Result<Vec<Hit>, Error> {
    let people = people::members_of(apps.site(), member.workspace).await?;
    let found = people
        .into_iter()
        .filter(|one| has_all(&format!("{} {}", one.name, one.email), words));
    let hits = found.take(MOST).map(|one| Hit {
        address: format!("/members/{}", one.id),
        title: one.name,
        detail: one.email,
    });
    Ok(hits.collect())
}

fn has_all(place: &str, words: &str) -> bool {
    let place = place.to_lowercase();
    let words = words.to_lowercase();
    words.split_whitespace().all(|word| place.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_there_in_any_order() {
        assert!(has_all("Purchase orders purchase_orders", "ORD purch"));
        assert!(!has_all("Purchase orders", "orders sales"));
        assert!(!is_long_enough(" a "));
    }
}
