//! What may be said on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::config::{self, Config, Said, Telling};

/// Data apps on a company's own server.
#[derive(Debug, Parser)]
#[command(name = "onsight", version, about, max_term_width = 100)]
pub struct Arguments {
    #[command(flatten)]
    pub(super) place: Place,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Where things are. A flag wins over the environment, that over the file.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct Place {
    /// The data folder [default: /var/lib/onsight]
    #[arg(long, global = true, env = "ONSIGHT_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// The address and port to listen on [default: 0.0.0.0:8443]
    #[arg(long, global = true, env = "ONSIGHT_LISTEN", value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// Names and addresses the certificate is for, besides the host's own; commas between
    #[arg(long, global = true, env = "ONSIGHT_NAMES", value_delimiter = ',')]
    names: Vec<String>,
    /// Your own certificate, as PEM
    #[arg(long, global = true, env = "ONSIGHT_TLS_CERT", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// Its private key, as PEM
    #[arg(long, global = true, env = "ONSIGHT_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// The configuration file [default: /etc/onsight/onsight.toml, if it is there]
    #[arg(long, global = true, env = "ONSIGHT_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Arguments {
    /// What the configuration says of the log. What is wrong with it is told by
    /// whatever needs it.
    pub fn telling(&self) -> Telling {
        let said = config::read(self.place.config.as_deref()).unwrap_or_default();
        said.telling.unwrap_or_default()
    }
}

impl Place {
    /// What flags and environment say.
    fn said(&self) -> Said {
        Said {
            data: self.data.clone(),
            listen: self.listen,
            names: (!self.names.is_empty()).then(|| self.names.clone()),
            tls_cert: self.tls_cert.clone(),
            tls_key: self.tls_key.clone(),
            // The rest only the file says.
            ..Said::default()
        }
    }

    /// Everything put together, the file included.
    pub(super) fn config(&self) -> Result<Config, config::Error> {
        let file = config::read(self.config.as_deref())?;
        Config::of(&[self.said(), file])
    }

    /// For the demo: nothing but flags, and `fallback` where they are silent.
    pub(super) fn config_or(&self, fallback: Said) -> Result<Config, config::Error> {
        Config::of(&[self.said(), fallback])
    }

    pub(super) fn names_a_folder(&self) -> bool {
        self.data.is_some()
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve until told to stop
    Serve,
    /// Try it: sample data, a temporary folder, 127.0.0.1:8443, and a link that signs you in
    Demo,
    /// Make a set-up code for the first admin, good for 30 minutes
    SetupCode,
    /// People of the first workspace
    #[command(subcommand)]
    User(User),
    /// Keys that seal the files: how old they are, and changing them; beside a running server too
    #[command(subcommand)]
    Keys(Keys),
    /// Go back to the state before an upgrade; what is there now is kept for a week
    Rollback(Rollback),
    /// Read every file and the whole audit chain, and say whether they are whole
    Check,
    /// Say how this instance stands and what to do about it; beside a running server too. Ends with
    /// 0 when nothing is to do, 1 when something should be seen to, 2 when a promise is not kept
    Doctor(super::doctor::Doctor),
    /// Evidence for an auditor: one signed zip, made and checked
    #[command(subcommand)]
    Evidence(super::evidence::Evidence),
    /// Print the security document of this version
    SecurityDoc,
    /// The audit trail, proved
    #[command(subcommand)]
    Audit(Audit),
    /// Usage reports: show, agree, send, carry by hand; beside a running server too
    #[command(subcommand)]
    Telemetry(Telemetry),
    /// App files: checked, taken out, taken in; beside a running server too
    #[command(subcommand)]
    App(App),
    /// Questionnaires: checked, converted, written as an XLSForm again
    #[command(subcommand)]
    Survey(Questionnaire),
    /// Backups: made, checked, tested, held; beside a running server too
    #[command(subcommand)]
    Backup(Backup),
    /// Put a backup back: a whole instance into an empty data folder, or one workspace
    Restore(Restore),
    /// List every address the server answers, and who may call it
    Routes {
        /// Only those that ask for no sign-in and no key
        #[arg(long)]
        public: bool,
    },
    /// Print the version
    Version,
    /// Write man pages and completions, for whoever makes packages
    #[command(subcommand, hide = true)]
    Generate(Generate),
}

#[derive(Debug, Args)]
pub(super) struct Rollback {
    /// Which state, by its name in the list [default: the newest from before an upgrade]
    pub(super) snapshot: Option<String>,
    /// Show what can be gone back to
    #[arg(long)]
    pub(super) list: bool,
    /// Only if that version could not open the data as it is; for the package manager
    #[arg(long, value_name = "VERSION", hide = true, conflicts_with_all = ["snapshot", "list"])]
    pub(super) before: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Generate {
    /// One man page per command
    Man {
        /// Where to
        folder: PathBuf,
    },
    /// For bash, zsh and fish
    Completions {
        /// Where to
        folder: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Check every record, signature and sealed file of this instance, or of an exported file
    Verify {
        /// A CSV or NDJSON file that was exported; needs no instance
        file: Option<PathBuf>,
        /// The public key the file must be signed with
        #[arg(long, value_name = "HEX", requires = "file")]
        key: Option<String>,
    },
    /// Print the public key that exports and checkpoints are signed with
    Key,
}

#[derive(Debug, Subcommand)]
pub(super) enum Telemetry {
    /// Print the very bytes a report would have now, and how reports stand
    Show,
    /// Agree to reports
    On,
    /// Want no reports, and forget the random name of the instance
    Off,
    /// Send a report if one is due: once a week, and only when agreed to
    Send {
        /// Also when none is due
        #[arg(long)]
        now: bool,
    },
    /// Write a signed report into a file, to be carried by hand
    File {
        /// Where to; standard output when absent
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Check the signature of such a file and print the report; needs no instance
    Check {
        file: PathBuf,
        /// The public key it must be signed with
        #[arg(long, value_name = "HEX")]
        key: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum App {
    /// Say what is wrong with an app file, with line and column; or account for every key of
    /// JSON definitions: ends with 0, with 1 when there are notes, with 2 when something is refused
    Check(Brought),
    /// Write the draft of an app of the first workspace, byte for byte
    Export {
        id: String,
        /// Where to; standard output when absent
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Take an app file, or JSON definitions as one app, into the first workspace, as a draft
    Import {
        #[command(flatten)]
        brought: Brought,
        /// Publish it at once
        #[arg(long)]
        publish: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct Brought {
    /// An app file, or files of JSON definitions that belong together
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    /// JSON definitions: what their SQL will run on, sqlite or mysql
    #[arg(long, default_value = "sqlite", value_parser = ["sqlite", "mysql"])]
    pub(super) on: String,
}

#[derive(Debug, Subcommand)]
pub(super) enum Questionnaire {
    /// Account for every row of an XLSForm or a LimeSurvey survey, or say what is wrong
    /// with a definition; ends with 0, with 1 when there are notes, with 2 when
    /// something is refused
    Check { file: PathBuf },
    /// Print the definition that an XLSForm or a LimeSurvey survey becomes
    Convert { file: PathBuf },
    /// Write a definition as an XLSForm, as far as that can say it
    Export {
        file: PathBuf,
        /// The workbook to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Backup {
    /// Make a point with everything in it
    Now {
        /// It is kept as one from before an upgrade: for 30 days
        #[arg(long)]
        upgrade: bool,
    },
    /// List the points, newest first, and how it all stands
    List,
    /// Read every copy at every destination and compare it with what was written
    Verify {
        /// Only the point whose name begins like that
        point: Option<String>,
    },
    /// Put the newest point back into a scratch folder, compare it, throw it away, sign the report
    Test,
    /// Keep points from being destroyed
    Hold {
        /// Why, such as the number of an incident
        reason: String,
        /// A point; all of them when absent
        #[arg(long)]
        point: Option<String>,
        /// Days until somebody has to look again
        #[arg(long, default_value_t = 30)]
        days: i64,
    },
    /// Let a hold go; what its time has come for is destroyed
    Release { hold: String },
    /// Make a new age identity and print it: keep it away from this machine
    Identity,
    /// Let an age public key open what is made from now on
    Recipient {
        /// age1…
        key: String,
        /// Whose it is
        #[arg(long)]
        name: String,
    },
    /// Add a destination: a folder, or `s3://KEY-ID@host/bucket/folder?region=name`
    Destination {
        address: String,
        /// What it is called in lists and messages
        #[arg(long)]
        name: String,
        #[command(flatten)]
        way: Way,
        /// A point is whole without it, too
        #[arg(long)]
        optional: bool,
    },
    /// The points at any destination, also without an instance
    Points {
        #[command(flatten)]
        from: Source,
    },
    /// After a restore: the instance this one is a copy of is gone
    GoOn,
    /// The clock was doubted and is right
    ConfirmClock,
}

/// What opens the way to a destination.
#[derive(Args, Clone, Debug)]
pub(super) struct Way {
    /// A file with what signs in there: for S3 the secret access key
    #[arg(long, value_name = "FILE")]
    pub(super) secret_file: Option<PathBuf>,
    /// A file that says whom to believe: for S3 the certificate of an authority, as PEM
    #[arg(long, value_name = "FILE")]
    pub(super) trust_file: Option<PathBuf>,
}

/// A destination to read from, and what opens what lies there.
#[derive(Args, Clone, Debug)]
pub(super) struct Source {
    /// The folder or address of a destination
    #[arg(long, value_name = "PLACE")]
    pub(super) from: String,
    /// The file with the age identity
    #[arg(long, value_name = "FILE")]
    pub(super) identity: PathBuf,
    #[command(flatten)]
    pub(super) way: Way,
}

#[derive(Args, Clone, Debug)]
pub(super) struct Restore {
    #[command(flatten)]
    pub(super) from: Source,
    /// The point whose name begins like that; the newest one when absent
    #[arg(long)]
    pub(super) point: Option<String>,
    /// Only this workspace. Into an instance that stands it takes the place of what is there
    #[arg(long, value_name = "ID", conflicts_with = "accounts")]
    pub(super) workspace: Option<String>,
    /// Only accounts, apps and the audit trail, without the workspaces' rows
    #[arg(long)]
    pub(super) accounts: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// List them, never showing one
    List,
    /// Put a new key in the place of one, and destroy the old one
    Rotate {
        /// instance, system, all, or the id of a workspace
        #[arg(default_value = "instance")]
        what: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Add somebody and print a link with which they choose a password
    Add {
        email: String,
        /// What they are called
        #[arg(long)]
        name: String,
        /// admin, builder, user or auditor
        #[arg(long, default_value = "user")]
        role: String,
    },
    /// List them
    List,
    /// Print a one-time link that signs them in
    Link { email: String },
    /// Shut somebody out at once; their work stays
    Disable { email: String },
    /// Let somebody in again
    Enable { email: String },
    /// Take away somebody's second factors, which they lost, and end their sessions
    ForgetFactors { email: String },
}
