//! `onsight telemetry`: usage reports, from the console and from a timer.

use std::io::Write;
use std::path::Path;

use anyhow::Context;

use crate::base::Clock;
use crate::journal::Actor;
use crate::site::Site;
use crate::telemetry::{self, InstanceId, Outcome};

use super::arguments::{Place, Telemetry};

pub(super) async fn run(
    place: &Place,
    command: Telemetry,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    if let Telemetry::Check { file, key } = &command {
        return check(file, key.as_deref(), out);
    }
    let site = Site::beside(place.config()?, Clock::system())?;
    let actor = Actor::command_line();
    match command {
        Telemetry::Show => show(&site, out).await?,
        Telemetry::On => {
            telemetry::agree(&site, &actor, InstanceId::random()?).await?;
            writeln!(
                out,
                "usage reports are on; onsight telemetry show prints one"
            )?;
        }
        Telemetry::Off => {
            telemetry::decline(&site, &actor).await?;
            writeln!(
                out,
                "usage reports are off, and the name of the instance is forgotten"
            )?;
        }
        Telemetry::Send { now } => send(&site, now, out).await?,
        Telemetry::File { out: to } => {
            let file = telemetry::take_file(&site, &actor).await?;
            match to {
                Some(path) => std::fs::write(&path, file)
                    .with_context(|| format!("{} cannot be written", path.display()))?,
                None => out.write_all(file.as_bytes())?,
            }
        }
        Telemetry::Check { .. } => {}
    }
    out.flush()?;
    Ok(())
}

async fn show(site: &Site, out: &mut impl Write) -> anyhow::Result<()> {
    let state = telemetry::state(site).await?;
    let report = telemetry::preview(site).await?.bytes()?;
    writeln!(out, "{report}")?;
    let stands = match (&state.choice, state.instance()) {
        (None, _) => "nobody decided yet: nothing is sent",
        (Some(_), None) => "off: nothing is sent",
        (Some(_), Some(_)) => "on",
    };
    writeln!(out, "reports   {stands}")?;
    let endpoint = site.config.telling.endpoint.as_deref();
    writeln!(
        out,
        "endpoint  {}",
        endpoint.unwrap_or("none: only files, carried by hand")
    )?;
    writeln!(
        out,
        "bytes     {} of {} at the most",
        report.len(),
        telemetry::MOST
    )?;
    for sent in &state.sent {
        let way = if sent.is_file { "file" } else { &sent.endpoint };
        let answer = sent
            .answer
            .as_deref()
            .unwrap_or("not known: it was cut off");
        let status = sent
            .status
            .map(|status| format!("{status} "))
            .unwrap_or_default();
        let (at, sha256) = (sent.at.rfc3339(), &sent.sha256);
        writeln!(out, "left      {at} {way} {sha256} {status}{answer}")?;
    }
    Ok(())
}

/// What is not due, not agreed to or has nowhere to go is no failure: a timer
/// runs this whether or not anything is to be done.
async fn send(site: &Site, now: bool, out: &mut impl Write) -> anyhow::Result<()> {
    match telemetry::send(site, now).await? {
        Outcome::Off => writeln!(out, "usage reports are off: nothing was sent")?,
        Outcome::NoEndpoint => writeln!(
            out,
            "no endpoint is set under [telemetry]: nothing was sent; onsight telemetry file \
             writes a report to be carried by hand"
        )?,
        Outcome::NotDue(last) => writeln!(
            out,
            "nothing was sent: the last report went {}, and one a week is enough",
            last.rfc3339()
        )?,
        Outcome::Sent { bytes, status } => {
            writeln!(out, "{bytes} bytes were sent, and answered with {status}")?;
            anyhow::ensure!((200..300).contains(&status), "the report was not taken");
        }
    }
    Ok(())
}

fn check(file: &Path, key: Option<&str>, out: &mut impl Write) -> anyhow::Result<()> {
    let named = || file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(named)?;
    let checked = telemetry::check(&text, key).with_context(named)?;
    writeln!(out, "{}", checked.report)?;
    writeln!(out, "whole; signed with {}", checked.key)?;
    if key.is_none() {
        writeln!(
            out,
            "compare that with: onsight audit key (or give it with --key)"
        )?;
    }
    out.flush()?;
    Ok(())
}
