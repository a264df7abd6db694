//! `onsight check`: reads everything and says whether it is whole.

use std::io::Write;

use anyhow::bail;

use crate::base::{Clock, text};
use crate::journal::Chain;
use crate::site::{SYSTEM, Site};

use super::arguments::Place;

/// Reads every file and the whole chain. An error when something is not whole.
pub(super) async fn check(place: &Place, out: &mut impl Write) -> anyhow::Result<()> {
    let site = Site::beside(place.config()?, Clock::system())?;
    let mut files = vec![(SYSTEM.to_owned(), site.system.clone())];
    for name in site.files.all_names()? {
        let db = site.files.open(&name)?;
        files.push((name, db));
    }
    let mut is_whole = true;
    for (name, db) in &files {
        let wrong = db.check().await?;
        is_whole &= wrong.is_empty();
        match wrong.first() {
            None => writeln!(out, "{name}: whole")?,
            Some(first) => writeln!(out, "{name}: {} faults, the first: {first}", wrong.len())?,
        }
    }
    match site.system.read(Chain::verify).await? {
        Ok(links) => writeln!(out, "chain: {} links, whole", text::thousands(links))?,
        Err(broken) => {
            is_whole = false;
            writeln!(out, "chain: broken: {broken}")?;
        }
    }
    if is_whole {
        Ok(())
    } else {
        bail!("something is not whole: stop the server and put back a backup")
    }
}
