//! What a workspace is given back in. A part declares itself once, in a folder
//! of its own: it is in every archive and on the page that tells what can be
//! exported.

use std::collections::BTreeMap;

use super::archive::Pack;
use super::model::Error;
use crate::kinds;
use crate::site::Site;
use crate::store::Connection;
use crate::web::WorkspaceId;

kinds! { pub(super) dyn Part: tables, apps, surveys, queries, files, members, settings, trail }

/// Where a part takes what it gives back.
pub(super) struct Taking<'a> {
    pub(super) site: &'a Site,
    pub(super) workspace: WorkspaceId,
    pub(super) system: &'a Connection,
    /// The workspace's own file.
    pub(super) data: &'a Connection,
}

/// What was given, by word.
pub(super) type Given = BTreeMap<&'static str, u64>;

/// Something of a workspace that is given back.
pub(super) trait Part: Sync {
    /// The folder it has in the archive.
    fn name(&self) -> &'static str;

    /// What people call it.
    fn title(&self) -> &'static str;

    /// What is in it, and in which form.
    fn holds(&self) -> &'static str;

    /// Writes all of it.
    fn give(&self, from: &Taking<'_>, to: &mut dyn Pack) -> Result<Given, Error>;
}

/// Writes an entry of JSON.
fn give_json(to: &mut dyn Pack, name: &str, value: &serde_json::Value) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(value).map_err(std::io::Error::from)?;
    give_text(to, name, &text)
}

/// Writes an entry of text.
fn give_text(to: &mut dyn Pack, name: &str, text: &str) -> Result<(), Error> {
    to.begin(name)?;
    to.write_all(text.as_bytes())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_a_folder_of_its_own_and_says_what_is_in_it() {
        let mut names: Vec<_> = ALL.iter().map(|part| part.name()).collect();
        names.sort_unstable();
        names.dedup();

        assert_eq!(names.len(), ALL.len());
        assert!(ALL.iter().all(|part| part.holds().len() > 20));
    }
}
