//! How many open pages follow: in all, of one workspace, of one person.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::web::{self, UserId, WorkspaceId};

/// Each costs a task and a connection of its own at the worst.
const ALL: usize = 4_000;
const WORKSPACE: usize = 2_000;
/// More windows than anybody has before them.
const PERSON: usize = 40;

/// Why there is no place.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::apps) enum Full {
    #[error(
        "{PERSON} of your pages follow changes already; close some, or load this one again when you want to see what is new"
    )]
    Person,
    #[error(
        "{WORKSPACE} pages of this workspace follow changes already; load this one again when you want to see what is new"
    )]
    Workspace,
    #[error(
        "as many pages follow changes as this server can tell; load this one again when you want to see what is new"
    )]
    Server,
}

impl From<Full> for web::Error {
    fn from(full: Full) -> web::Error {
        web::Error::Conflict(full.to_string())
    }
}

#[derive(Clone, Default)]
pub(in crate::apps) struct Places(Arc<Mutex<Taken>>);

#[derive(Default)]
struct Taken {
    all: usize,
    workspaces: HashMap<WorkspaceId, usize>,
    people: HashMap<Whose, usize>,
}

type Whose = (WorkspaceId, UserId);

/// A place; free again when dropped.
pub(in crate::apps) struct Place {
    of: Places,
    whose: Whose,
}

impl Places {
    pub(in crate::apps) fn take(&self, whose: Whose) -> Result<Place, Full> {
        let mut taken = self.lock();
        if count(&taken.people, &whose) >= PERSON {
            return Err(Full::Person);
        }
        if count(&taken.workspaces, &whose.0) >= WORKSPACE {
            return Err(Full::Workspace);
        }
        if taken.all >= ALL {
            return Err(Full::Server);
        }
        taken.all += 1;
        *taken.workspaces.entry(whose.0).or_default() += 1;
        *taken.people.entry(whose).or_default() += 1;
        Ok(Place {
            of: self.clone(),
            whose,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.of.lock();
        taken.all -= 1;
        give_back(&mut taken.workspaces, &self.whose.0);
        give_back(&mut taken.people, &self.whose);
    }
}

fn count<K: Eq + Hash>(taken: &HashMap<K, usize>, key: &K) -> usize {
    taken.get(key).copied().unwrap_or_default()
}

fn give_back<K: Eq + Hash>(taken: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = taken.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            taken.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whose(workspace: i64, person: i64) -> Whose {
        (
            WorkspaceId(uuid::Uuid::from_u128(workspace.unsigned_abs().into())),
            UserId(uuid::Uuid::from_u128(person.unsigned_abs().into())),
        )
    }

    #[test]
    fn one_person_has_only_their_share_and_gives_it_back() {
        let places = Places::default();
        let mut held: Vec<Place> = (0..PERSON)
            .map(|_| places.take(whose(1, 1)).unwrap())
            .collect();

        assert_eq!(places.take(whose(1, 1)).err(), Some(Full::Person));
        assert!(places.take(whose(1, 2)).is_ok());
        assert!(places.take(whose(2, 1)).is_ok(), "in another workspace");
        held.pop();
        assert!(places.take(whose(1, 1)).is_ok());
    }

    #[test]
    fn one_workspace_takes_nothing_of_another_until_all_are_taken() {
        let places = Places::default();
        let mut held = Vec::new();
        for workspace in [1, 2] {
            for person in 0.. {
                match places.take(whose(workspace, person / 40)) {
                    Ok(place) => held.push(place),
                    Err(full) => {
                        assert_eq!(full, Full::Workspace);
                        break;
                    }
                }
            }
        }

        assert_eq!(held.len(), ALL);
        assert_eq!(places.take(whose(3, 1)).err(), Some(Full::Server));
        drop(held);
        let taken = places.lock();
        assert_eq!(taken.all, 0);
        assert!(taken.workspaces.is_empty() && taken.people.is_empty());
    }
}
