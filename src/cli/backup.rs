//! `onsight backup` and `onsight restore`.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use zeroize::Zeroizing;

use crate::backup::{
    self, From, HoldId, Identity, NewDestination, Only, Reason, Recipient, Wanted,
};
use crate::base::{Clock, Secret, Time, text};
use crate::journal::{Actor, hex};
use crate::sanity;
use crate::site::Site;
use crate::web::WorkspaceId;

use super::arguments::{Backup, Place, Restore, Source, Way};

pub(super) async fn run(
    place: &Place,
    command: Backup,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    match command {
        Backup::Identity => return identity(out),
        Backup::Points { from } => return points(place, &from, out).await,
        _ => {}
    }
    let site = Site::beside(place.config()?, Clock::system())?;
    let actor = Actor::command_line();
    match command {
        Backup::Now { upgrade } => now(&site, upgrade, out).await?,
        Backup::List => list(&site, out).await?,
        Backup::Verify { point } => verify(&site, point.as_deref(), out).await?,
        Backup::Test => test(&site, out).await?,
        Backup::Hold {
            reason,
            point,
            days,
        } => {
            let review = site.clock.now().plus(days.clamp(1, 183) * Time::DAY);
            let id = backup::hold(&site, actor, &reason, (point, review)).await?;
            writeln!(out, "{id}")?;
        }
        Backup::Release { hold } => {
            let id = HoldId::parse(&hold).with_context(|| format!("`{hold}` is no hold"))?;
            backup::release(&site, actor, id).await?;
        }
        Backup::Recipient { key, name } => {
            backup::add_holder(&site, actor, &name, Recipient::parse(&key)?).await?;
        }
        Backup::Destination {
            address,
            name,
            way,
            optional,
        } => {
            let (secret, pin) = opened(&way)?;
            let new = NewDestination {
                name,
                address,
                secret,
                pin,
                is_required: !optional,
            };
            backup::add_destination(&site, actor, new).await?;
        }
        Backup::GoOn => backup::go_on(&site, actor).await?,
        Backup::ConfirmClock => sanity::believe(&site, actor).await?,
        Backup::Identity | Backup::Points { .. } => {}
    }
    out.flush()?;
    Ok(())
}

/// Prints an identity as `age-keygen` does, so that either can be used.
fn identity(out: &mut impl Write) -> anyhow::Result<()> {
    let identity = Identity::random()?;
    let made = Clock::system().now().rfc3339();
    writeln!(out, "# created: {made}")?;
    writeln!(out, "# public key: {}", identity.recipient())?;
    writeln!(out, "{}", &*identity.words())?;
    out.flush()?;
    Ok(())
}

async fn now(site: &Site, upgrade: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let wanted = Wanted {
        actor: Actor::command_line(),
        reason: if upgrade {
            Reason::Upgrade
        } else {
            Reason::Asked
        },
        slot: None,
        is_full: true,
    };
    let point = backup::make(site, wanted).await?;
    writeln!(
        out,
        "{} {} {} bytes, {} stored, at {}",
        point.id,
        point.state.name(),
        text::thousands(point.bytes),
        text::thousands(point.stored),
        point.copies.join(", ")
    )?;
    match point.fault {
        Some(fault) if point.state == backup::State::Degraded => {
            bail!("not every required destination holds it: {fault}")
        }
        _ => Ok(()),
    }
}

async fn verify(site: &Site, point: Option<&str>, out: &mut impl Write) -> anyhow::Result<()> {
    let wrong = backup::verify(site, point).await?;
    for line in &wrong {
        writeln!(out, "{line}")?;
    }
    if !wrong.is_empty() {
        bail!("{} copies are not what was written", wrong.len());
    }
    writeln!(out, "every copy is what was written")?;
    Ok(())
}

async fn list(site: &Site, out: &mut impl Write) -> anyhow::Result<()> {
    let all = backup::standing(site).await?;
    let now = site.clock.now();
    for point in &all.points {
        writeln!(
            out,
            "{:<26} {:<9} {:<8} {:>18} {:>16}  {}{}",
            point.id,
            point.state.name(),
            if point.is_full() { "full" } else { "changes" },
            text::thousands(point.bytes),
            text::thousands(point.stored),
            point.copies.join(", "),
            if point.is_held { "  held" } else { "" }
        )?;
    }
    for hold in all.holds.iter().filter(|hold| hold.released.is_none()) {
        let what = hold.point.as_deref().unwrap_or("all points");
        writeln!(out, "hold {} keeps {what}: {}", hold.id, hold.reason)?;
    }
    let next = all.plan.schedule.next(now).at.rfc3339();
    let state = match (&all.plan.waits, &all.doubt, all.plan.is_on) {
        (Some(waits), ..) => format!("waits: {waits}"),
        (_, _, false) => "only when somebody asks for one".to_owned(),
        (_, Some(doubt), _) => format!("{next}; nothing is destroyed: {doubt}"),
        _ => next,
    };
    writeln!(out, "next: {state}")?;
    let proved = all.proved.map_or("never".to_owned(), Time::rfc3339);
    writeln!(out, "last restore test that succeeded: {proved}")?;
    Ok(())
}

async fn test(site: &Site, out: &mut impl Write) -> anyhow::Result<()> {
    let test = backup::prove(site, &Actor::command_line()).await?;
    writeln!(out, "{}", test.report)?;
    writeln!(out, "signed {}", hex(&test.signature))?;
    out.flush()?;
    match test.fault {
        None => Ok(()),
        Some(fault) => bail!("the point {} cannot be put back: {fault}", test.point),
    }
}

/// The contents of the files that open the way.
fn opened(way: &Way) -> anyhow::Result<(Option<Secret>, String)> {
    let secret = way.secret_file.as_deref().map(read).transpose()?;
    let pin = way.trust_file.as_deref().map(read).transpose()?;
    let pin = pin.map(|pin| pin.reveal().to_owned()).unwrap_or_default();
    Ok((secret, pin))
}

fn read(file: &Path) -> anyhow::Result<Secret> {
    let text = std::fs::read_to_string(file);
    let text = text.with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(Secret::from(text))
}

fn source(source: &Source) -> anyhow::Result<From> {
    let (secret, pin) = opened(&source.way)?;
    let words = Zeroizing::new(read(&source.identity)?.reveal().to_owned());
    Ok(From {
        address: source.from.clone(),
        secret,
        pin,
        identities: Identity::parse_file(&words)
            .with_context(|| source.identity.display().to_string())?,
    })
}

async fn points(place: &Place, from: &Source, out: &mut impl Write) -> anyhow::Result<()> {
    for point in backup::listed(place.config()?, source(from)?).await? {
        let kind = match point.is_full {
            None => "never whole",
            Some(true) => "full",
            Some(false) => "changes",
        };
        let bytes = text::thousands(point.bytes);
        writeln!(
            out,
            "{:<26} {kind:<12} {bytes:>18} {}",
            point.id, point.version
        )?;
    }
    out.flush()?;
    Ok(())
}

pub(super) async fn restore(
    place: &Place,
    command: Restore,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let only = match (&command.workspace, command.accounts) {
        (Some(id), _) => {
            let id = WorkspaceId::parse(id)
                .with_context(|| format!("`{id}` is no id of a workspace"))?;
            Only::Workspace(id)
        }
        (None, true) => Only::Accounts,
        (None, false) => Only::Everything,
    };
    let config = place.config()?;
    let data = config.data.display().to_string();
    let from = source(&command.from)?;
    let done = backup::restore(config, Clock::system(), from, (command.point, only)).await?;
    writeln!(
        out,
        "{} is in {data}: {} databases with {} rows, {} files, {} bytes, all compared with the manifest",
        done.point,
        done.databases,
        text::thousands(done.rows),
        done.files,
        text::thousands(done.bytes)
    )?;
    if done.deleted > 0 {
        writeln!(
            out,
            "{} deletions made since were done once more",
            done.deleted
        )?;
    }
    for owner in &done.closed {
        writeln!(out, "{owner} is not there: its key was destroyed since")?;
    }
    writeln!(out, "start it with: onsight serve --data {data}")?;
    out.flush()?;
    Ok(())
}
