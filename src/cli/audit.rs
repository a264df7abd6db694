//! `onsight audit`: the trail, proved.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};

use crate::audit::check;
use crate::base::{Clock, text};
use crate::journal::{hex, verify_all};
use crate::site::Site;

use super::arguments::{Audit, Place};

pub(super) async fn run(place: &Place, command: Audit, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        Audit::Verify {
            file: Some(file),
            key,
        } => verify_file(&file, key.as_deref(), out),
        Audit::Verify { file: None, .. } => {
            let site = Site::beside(place.config()?, Clock::system())?;
            verify(&site, out).await
        }
        Audit::Key => {
            let site = Site::beside(place.config()?, Clock::system())?;
            writeln!(out, "{}", hex(&site.signer().public()))?;
            Ok(())
        }
    }
}

fn verify_file(file: &Path, key: Option<&str>, out: &mut impl Write) -> anyhow::Result<()> {
    let opened = File::open(file).with_context(|| file.display().to_string())?;
    match check(opened, key) {
        Ok(checked) => {
            writeln!(
                out,
                "{}: {} records and {} checkpoints, whole",
                file.display(),
                text::thousands(checked.records),
                checked.checkpoints
            )?;
            writeln!(out, "signed with {}", checked.key)?;
            if key.is_none() {
                writeln!(
                    out,
                    "compare that with: onsight audit key (or give it with --key)"
                )?;
            }
            out.flush()?;
            Ok(())
        }
        Err(flaw) => bail!("{}: {flaw}", file.display()),
    }
}

/// The live trail: sealed files, chain, checkpoints.
async fn verify(site: &Site, out: &mut impl Write) -> anyhow::Result<()> {
    let (keyring, data) = (Arc::clone(&site.keyring), site.config.data.clone());
    let verified = site
        .system
        .read(move |conn| verify_all(conn, &keyring, &data))
        .await?;
    match verified {
        Ok(verified) => {
            writeln!(
                out,
                "{} records ({} sealed files), {} checkpoints, whole up to record {}",
                text::thousands(verified.records),
                verified.segments,
                verified.checkpoints,
                verified.head
            )?;
            out.flush()?;
            Ok(())
        }
        Err(broken) => bail!(
            "{broken}; keep the data folder as it is and compare with a copy of checkpoints.ndjson from another machine"
        ),
    }
}
