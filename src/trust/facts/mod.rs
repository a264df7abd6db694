//! Everything the checks look at, gathered once: so that a check is a question
//! about plain data, and a test can put any answer there.

mod copies;
mod files;
#[cfg(test)]
pub(super) mod fine;
mod inside;
mod machine;
mod ports;
mod process;

use std::path::Path;

#[cfg(test)]
pub(super) use copies::Copies;
pub(super) use copies::Endings;
#[cfg(test)]
pub(super) use copies::{Hold, Points, Reports, Test};
pub(super) use files::{Disk, Fault};
pub(super) use inside::{Account, Inside, Long, Place, Program, Target, Trail, Visit};
#[cfg(test)]
pub(super) use inside::{Certificate, Key};
pub(super) use machine::Machine;
pub(super) use machine::uptime;
pub(super) use process::Process;

use crate::base::Time;
use crate::config::Config;
use crate::site::Site;
use crate::store;

/// The root of the file system.
const ROOT: &str = "/";

#[derive(Clone, Debug)]
pub struct Facts {
    pub now: Time,
    pub config: Config,
    pub host: Host,
    /// What the open data folder tells, or why it could not be opened.
    pub inside: Result<Inside, String>,
}

/// What the machine tells, whether or not the data folder opens.
#[derive(Clone, Debug, Default)]
pub struct Host {
    /// The process that serves; `None` when none does.
    pub process: Option<Process>,
    pub machine: Machine,
    pub disks: Vec<Disk>,
    /// What is wrong with files and folders.
    pub faults: Vec<Fault>,
}

impl Host {
    fn look(config: &Config, process: Option<Process>) -> Host {
        let mut faults = files::data(&config.data);
        faults.extend(files::brought(config, config.file.as_deref()));
        Host {
            process,
            machine: Machine::look(Path::new(ROOT)),
            disks: Disk::look(&config.data).into_iter().collect(),
            faults,
        }
    }
}

impl Facts {
    /// Of an open site. `is_serving`: this process is the one that serves it.
    pub async fn of(site: &Site, is_serving: bool) -> Result<Facts, store::Error> {
        let config = site.config.clone();
        let host = tokio::task::spawn_blocking(move || {
            let proc = Path::new(ROOT).join("proc");
            let process = if is_serving {
                Process::look(&proc, std::process::id())
            } else {
                Process::serving(&proc, &config.data)
            };
            Host::look(&config, process)
        });
        Ok(Facts {
            now: site.clock.now(),
            config: site.config.clone(),
            inside: Ok(Inside::of(site).await?),
            host: host.await.map_err(|_panicked| store::Error::Closed)?,
        })
    }

    /// When the data folder does not open: what can be seen from outside.
    pub fn outside(config: &Config, now: Time, why: String) -> Facts {
        let proc = Path::new(ROOT).join("proc");
        let process = Process::serving(&proc, &config.data);
        Facts {
            now,
            config: config.clone(),
            host: Host::look(config, process),
            inside: Err(why),
        }
    }
}
