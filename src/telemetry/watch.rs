//! Looks at the process while it serves: figures for the page of the last day,
//! acts from the trail for Prometheus, and whether the program was changed.

use std::time::Duration;

use crate::alerts::{self, Alert, Severity};
use crate::backup;
use crate::base::Time;
use crate::site::Site;
use crate::store;

use super::program::{Found, Program};
use super::{actions, figures, sql};

/// How often it looks.
const ROUND: Duration = Duration::from_secs(30);
/// How often it reads the program on the disk.
const PROGRAM: i64 = Time::HOUR;

/// Until the server ends.
pub async fn watch(site: Site) {
    let mut watch = match Watch::begin(site).await {
        Ok(watch) => watch,
        Err(error) => {
            tracing::error!("the start could not be written down, and nothing is watched: {error}");
            return;
        }
    };
    let mut round = tokio::time::interval(ROUND);
    round.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        round.tick().await;
        if let Err(error) = watch.look().await {
            tracing::error!("the figures could not be taken: {error}");
        }
    }
}

/// What it remembers from one look to the next.
pub struct Watch {
    site: Site,
    /// The last record of the trail that was counted.
    counted: i64,
    program: Option<Program>,
    looked: Time,
}

impl Watch {
    /// Writes down that the server began to serve.
    pub async fn begin(site: Site) -> Result<Watch, store::Error> {
        let running = tokio::task::spawn_blocking(Program::running).await;
        let program = match running.unwrap_or_else(|error| Err(std::io::Error::other(error))) {
            Ok(program) => Some(program),
            Err(error) => {
                tracing::warn!(
                    "the program cannot be read, so a change of it is not noticed: {error}"
                );
                None
            }
        };
        let now = site.clock.now();
        let started = site.meters.gauge(
            figures::STARTED,
            "When the server was started, in seconds since 1970.",
            &[],
        );
        started.set(figures::float(now.0.unsigned_abs()) / 1_000.0);
        let sha256 = program.as_ref().map(|program| program.sha256.clone());
        if let Some(before) = actions::started(&site, sha256).await? {
            changed(&site, &before).await?;
        }
        // Counters begin with the process: what happened before is in the trail.
        let (_, last) = site
            .system
            .read(|conn| sql::acts_after(conn, i64::MAX))
            .await?;
        Ok(Watch {
            site,
            counted: last.unwrap_or_default(),
            program,
            looked: now,
        })
    }

    /// One look at everything.
    pub async fn look(&mut self) -> Result<(), store::Error> {
        self.count_acts().await?;
        self.age_of_backups().await;
        let (site, now) = (self.site.clone(), self.site.clock.now());
        let weighed = tokio::task::spawn_blocking(move || {
            figures::refresh(&site);
            let reading = figures::reading(&site);
            site.meters.history.note(now, reading)
        });
        if weighed.await.unwrap_or_default() {
            self.tell();
        }
        if now >= self.looked.plus(PROGRAM) {
            self.looked = now;
            self.look_at_program().await?;
        }
        Ok(())
    }

    async fn count_acts(&mut self) -> Result<(), store::Error> {
        let after = self.counted;
        let (acts, last) = self
            .site
            .system
            .read(move |conn| sql::acts_after(conn, after))
            .await?;
        for (action, result, times) in acts {
            let labels = [("action", action.as_str()), ("result", result.as_str())];
            let help = "Records of the audit trail, by act and outcome.";
            let counter = self
                .site
                .meters
                .counter("onsight_acts_total", help, &labels);
            counter.add(times);
        }
        self.counted = last.unwrap_or_default().max(after);
        let open = self.site.system.read(sql::open_alerts).await?;
        let help = "Alerts that nobody has settled.";
        let gauge = self.site.meters.gauge(figures::ALERTS, help, &[]);
        gauge.set(f64::from(open));
        Ok(())
    }

    /// How old the newest point is that is whole; nothing while there is none.
    async fn age_of_backups(&self) {
        let standing = match backup::standing(&self.site).await {
            Ok(standing) => standing,
            Err(error) => {
                tracing::warn!("how old the newest backup is could not be read: {error}");
                return;
            }
        };
        if let Some(newest) = standing.newest() {
            let help = "Seconds since the newest whole backup was begun.";
            let age = (self.site.clock.now().0 - newest.began.0).max(0);
            let gauge = self.site.meters.gauge(figures::BACKUP_AGE, help, &[]);
            gauge.set(figures::float(age.unsigned_abs()) / 1_000.0);
        }
    }

    /// The last five minutes as a line of the log.
    fn tell(&self) {
        let slots = self.site.meters.history.slots();
        if let Some(slot) = slots.last() {
            let percentile = |percent| {
                let time = slot.latency.percentile(percent).unwrap_or_default();
                time.as_secs_f64() * 1_000.0
            };
            tracing::info!(
                requests = slot.latency.total(),
                errors = slot.errors,
                p50 = percentile(50),
                p99 = percentile(99),
                memory = slot.memory,
                free = slot.free,
                "five minutes"
            );
        }
    }

    async fn look_at_program(&mut self) -> Result<(), store::Error> {
        let Some(program) = self.program.clone() else {
            return Ok(());
        };
        let looking = program.clone();
        let looked = tokio::task::spawn_blocking(move || looking.look()).await;
        match looked.unwrap_or_else(|error| Err(std::io::Error::other(error))) {
            Ok(Found::Same) => same(&self.site).await,
            Ok(Found::Other(_)) => other(&self.site, &program, "holds another program").await,
            Ok(Found::Gone) => other(&self.site, &program, "is gone").await,
            Err(error) => {
                tracing::warn!("the program on the disk cannot be read: {error}");
                Ok(())
            }
        }
    }
}

/// What alerts about the program are called.
const STARTED_OTHER: &str = "program.changed";
const DISK_OTHER: &str = "program.on_disk";

/// The program that was started is not the one this version had before.
async fn changed(site: &Site, before: &str) -> Result<(), store::Error> {
    let version = env!("CARGO_PKG_VERSION");
    alerts::raise(
        site,
        Alert {
            key: STARTED_OTHER.to_owned(),
            severity: Severity::Critical,
            title: "The program was changed without a new version".to_owned(),
            text: format!(
                "Onsight {version} was started from a file with other content than before \
                 (SHA-256 {before} then). If nobody rebuilt or reinstalled that version, treat \
                 the machine as broken into: compare with `dpkg --verify onsight`, and install \
                 the package again."
            ),
            workspace: None,
        },
    )
    .await
}

/// What lies on the disk is not what runs.
async fn other(site: &Site, program: &Program, what: &str) -> Result<(), store::Error> {
    let path = program.path().display();
    alerts::raise(
        site,
        Alert {
            key: DISK_OTHER.to_owned(),
            severity: Severity::Warning,
            title: "The program on the disk is not the one that runs".to_owned(),
            text: format!(
                "{path} {what}. After an upgrade, restart the service: `systemctl restart \
                 onsight`. If nobody upgraded it, compare with `dpkg --verify onsight` before \
                 you do."
            ),
            workspace: None,
        },
    )
    .await
}

async fn same(site: &Site) -> Result<(), store::Error> {
    alerts::settle(site, DISK_OTHER).await
}
