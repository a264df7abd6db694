//! A file as one person may use it: what policies bind them to.

use std::sync::Arc;
use std::time::Duration;

use super::guarded::{Budget, Guarded};
use super::lane::Lane;
use super::policy::{self, Layer, Rules, Somebody};
use super::{Db, Error};

/// How long looking at a policy may take, and waiting for it.
const PATIENCE: Duration = Duration::from_secs(5);

impl Db {
    /// The same file as somebody may use it: what they ask and write is bound by
    /// the policies of its tables. What we read ourselves is not.
    #[must_use]
    pub fn for_person(&self, somebody: Arc<dyn Somebody>) -> Db {
        Db {
            somebody: Some(somebody),
            ..self.clone()
        }
    }

    /// The same file and person, bound by these layers too: table and layer.
    #[must_use]
    pub fn within(&self, layers: Arc<[(String, Layer)]>) -> Db {
        Db {
            within: layers,
            ..self.clone()
        }
    }

    /// To be called after a policy was kept or forgotten.
    pub fn policies_changed(&self) {
        self.inner.policies.forget();
    }

    /// What binds whoever this is for; nothing, for most people and tables.
    pub(super) async fn bound(&self) -> Result<Option<policy::Bound>, Error> {
        let Some(somebody) = &self.somebody else {
            return Ok(None);
        };
        let policies = match self.inner.policies.known() {
            (_, Some(policies)) => policies,
            (number, None) => {
                let policies: Arc<[_]> = self.read(policy::policies).await?.into();
                self.inner.policies.keep(number, &policies);
                policies
            }
        };
        if policies.is_empty() && self.within.is_empty() {
            return Ok(None);
        }
        let asker = somebody.asker();
        let rules = Rules::of(&policies, &asker.marks, &self.within);
        Ok((!rules.is_empty()).then(|| policy::Bound {
            rules: Arc::new(rules),
            asker: Arc::new(asker),
        }))
    }

    /// Does a policy bind whoever this is for, on that table?
    pub async fn is_governed(&self, table: &str) -> Result<bool, Error> {
        let bound = self.bound().await?;
        Ok(bound.is_some_and(|bound| bound.rules.governs(table)))
    }

    /// Whether a policy of that table could be enforced: its expressions read
    /// the table's columns and who asks, and nothing else.
    pub async fn check_policy(&self, table: String, layer: Layer) -> Result<(), Error> {
        let limits = self.limits();
        let check = move |guarded: &Guarded| {
            guarded.begin(Lane::Desk, &Budget::of(PATIENCE), limits);
            guarded.check(&table, &layer)
        };
        let readers = self.bound_lane(Lane::Desk);
        readers.run(readers.seat(PATIENCE).await?, check).await
    }
}
