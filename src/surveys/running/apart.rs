//! What of a survey's answers is kept apart, for those who write and show them.

use std::sync::Arc;

use super::Compiled;
use super::library::{Fieldwork, Surveys};
use crate::store::Error;
use crate::surveys::personal::{Apart, Names, Spot, Vault};

/// An address somebody is sent to, or their supplier's server is called at.
#[derive(Debug, Default)]
pub(super) struct Address {
    pub(super) plain: Option<String>,
    pub(super) sealed: Option<Vec<u8>>,
}

impl Surveys {
    /// What that survey keeps apart, as its newest version knows it.
    pub async fn apart(&self, of: &Fieldwork) -> Result<Arc<Apart>, Error> {
        let apart = {
            let mut all = self.all_apart();
            let known = all.entry((of.workspace, of.id.clone(), of.made.0));
            let made = known.or_insert_with(|| Arc::new(Apart::new(&self.site, of.place())));
            Arc::clone(made)
        };
        apart.learn(of.version.unwrap_or_default()).await?;
        Ok(apart)
    }
}

impl Compiled {
    /// The same as part of a survey whose versions together say what is kept apart.
    #[must_use]
    pub(super) fn beside(mut self, apart: Arc<Apart>) -> Compiled {
        self.apart = Some(apart);
        self
    }

    fn says(&self, ask: impl Fn(&Names) -> bool) -> bool {
        ask(&self.own) || self.apart.as_ref().is_some_and(|apart| ask(&apart.names()))
    }

    /// Does any version call that question personal?
    pub fn is_personal(&self, block: &str) -> bool {
        self.says(|names| names.has_block(block))
    }

    /// What opens the personal answers; `None`: nothing is personal.
    pub(super) fn vault(&self) -> Result<Option<Vault>, Error> {
        self.vault_if(|names| !names.is_empty())
    }

    /// What seals the answers under that key; `None`: they are not personal.
    pub(super) fn vault_of(&self, key: &str) -> Result<Option<Vault>, Error> {
        self.vault_if(|names| names.has_answer(key))
    }

    /// What seals a value that came under that name.
    pub(super) fn vault_of_entry(&self, name: &str) -> Result<Option<Vault>, Error> {
        self.vault_if(|names| names.has_entry(name))
    }

    /// What seals the files of that question.
    pub fn vault_of_files(&self, block: &str) -> Result<Option<Vault>, Error> {
        self.vault_if(|names| names.has_files(block))
    }

    /// Nothing personal is written where there is no vault for it.
    fn vault_if(&self, ask: impl Fn(&Names) -> bool) -> Result<Option<Vault>, Error> {
        if !self.says(ask) {
            return Ok(None);
        }
        let apart = self.apart.as_ref().ok_or(Error::Closed)?;
        apart.vault().map(Some)
    }

    /// An address of a respondent as it is kept: sealed where something personal that came
    /// with them can be in it.
    pub(super) fn address(
        &self,
        spot: Spot<'_>,
        entries: &[(String, String)],
        to: Option<String>,
    ) -> Result<Address, Error> {
        let is_personal = |names: &Names| entries.iter().any(|(name, _)| names.has_entry(name));
        let (plain, sealed) = match (to, self.vault_if(is_personal)?) {
            (Some(to), Some(vault)) => (None, Some(vault.seal(spot, to.as_bytes())?)),
            (to, _) => (to, None),
        };
        Ok(Address { plain, sealed })
    }
}
