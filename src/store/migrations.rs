//! The ordered steps that bring a file's schema up to date.

use rusqlite::Connection;

use super::Error;

/// Which steps a file goes through: one list per kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// Accounts, definitions, the audit chain.
    System,
    /// A workspace's own tables.
    Workspace,
    /// The answers of one survey.
    Project,
    /// The keys of the other files.
    Keyring,
}

/// Forward only, in this order, never edited once released. Two branches that
/// both add a line here conflict in git: that is the point of the lists.
const SYSTEM: &[(&str, &str)] = &[
    (
        "0001_journal",
        include_str!("migrations/system/0001_journal.sql"),
    ),
    (
        "0002_people",
        include_str!("migrations/system/0002_people.sql"),
    ),
    (
        "0003_definitions",
        include_str!("migrations/system/0003_definitions.sql"),
    ),
    (
        "0004_groups",
        include_str!("migrations/system/0004_groups.sql"),
    ),
    (
        "0005_access",
        include_str!("migrations/system/0005_access.sql"),
    ),
    (
        "0006_factors",
        include_str!("migrations/system/0006_factors.sql"),
    ),
    (
        "0007_federation",
        include_str!("migrations/system/0007_federation.sql"),
    ),
    (
        "0008_audit",
        include_str!("migrations/system/0008_audit.sql"),
    ),
    (
        "0009_edges",
        include_str!("migrations/system/0009_edges.sql"),
    ),
    (
        "0010_keys_and_limits",
        include_str!("migrations/system/0010_keys_and_limits.sql"),
    ),
    (
        "0011_mail_and_alerts",
        include_str!("migrations/system/0011_mail_and_alerts.sql"),
    ),
    (
        "0012_ending",
        include_str!("migrations/system/0012_ending.sql"),
    ),
    (
        "0013_backup",
        include_str!("migrations/system/0013_backup.sql"),
    ),
    (
        "0014_telemetry",
        include_str!("migrations/system/0014_telemetry.sql"),
    ),
    (
        "0015_trust",
        include_str!("migrations/system/0015_trust.sql"),
    ),
    (
        "0016_belonging",
        include_str!("migrations/system/0016_belonging.sql"),
    ),
    (
        "0017_surveys",
        include_str!("migrations/system/0017_surveys.sql"),
    ),
    (
        "0018_keeping",
        include_str!("migrations/system/0018_keeping.sql"),
    ),
    (
        "0019_panels",
        include_str!("migrations/system/0019_panels.sql"),
    ),
    (
        "0020_wiping",
        include_str!("migrations/system/0020_wiping.sql"),
    ),
    (
        "0021_lines",
        include_str!("migrations/system/0021_lines.sql"),
    ),
    (
        "0022_invitations",
        include_str!("migrations/system/0022_invitations.sql"),
    ),
    (
        "0023_assets",
        include_str!("migrations/system/0023_assets.sql"),
    ),
    (
        "0024_hooks",
        include_str!("migrations/system/0024_hooks.sql"),
    ),
    (
        "0025_deliveries",
        include_str!("migrations/system/0025_deliveries.sql"),
    ),
    (
        "0026_steps",
        include_str!("migrations/system/0026_steps.sql"),
    ),
    (
        "0027_calls",
        include_str!("migrations/system/0027_calls.sql"),
    ),
    (
        "0028_sources",
        include_str!("migrations/system/0028_sources.sql"),
    ),
    (
        "0029_query_sources",
        include_str!("migrations/system/0029_query_sources.sql"),
    ),
    (
        "0030_app_steps",
        include_str!("migrations/system/0030_app_steps.sql"),
    ),
    (
        "0031_app_sources",
        include_str!("migrations/system/0031_app_sources.sql"),
    ),
    (
        "0032_app_mine",
        include_str!("migrations/system/0032_app_mine.sql"),
    ),
];

const WORKSPACE: &[(&str, &str)] = &[
    (
        "0001_journal",
        include_str!("migrations/workspace/0001_journal.sql"),
    ),
    (
        "0002_tables",
        include_str!("migrations/workspace/0002_tables.sql"),
    ),
    (
        "0003_policies",
        include_str!("migrations/workspace/0003_policies.sql"),
    ),
    (
        "0004_audit",
        include_str!("migrations/workspace/0004_audit.sql"),
    ),
    (
        "0005_ending",
        include_str!("migrations/workspace/0005_ending.sql"),
    ),
    (
        "0006_lines",
        include_str!("migrations/workspace/0006_lines.sql"),
    ),
    (
        "0007_relations",
        include_str!("migrations/workspace/0007_relations.sql"),
    ),
    (
        "0008_once_open",
        include_str!("migrations/workspace/0008_once_open.sql"),
    ),
    (
        "0009_views",
        include_str!("migrations/workspace/0009_views.sql"),
    ),
];

const PROJECT: &[(&str, &str)] = &[
    (
        "0001_journal",
        include_str!("migrations/project/0001_journal.sql"),
    ),
    (
        "0002_answers",
        include_str!("migrations/project/0002_answers.sql"),
    ),
    (
        "0003_keeping",
        include_str!("migrations/project/0003_keeping.sql"),
    ),
    (
        "0004_panels",
        include_str!("migrations/project/0004_panels.sql"),
    ),
    (
        "0005_lines",
        include_str!("migrations/project/0005_lines.sql"),
    ),
    (
        "0006_events",
        include_str!("migrations/project/0006_events.sql"),
    ),
    (
        "0007_places",
        include_str!("migrations/project/0007_places.sql"),
    ),
    (
        "0008_invitations",
        include_str!("migrations/project/0008_invitations.sql"),
    ),
    (
        "0009_assets",
        include_str!("migrations/project/0009_assets.sql"),
    ),
    (
        "0010_uploads",
        include_str!("migrations/project/0010_uploads.sql"),
    ),
    (
        "0011_hooks",
        include_str!("migrations/project/0011_hooks.sql"),
    ),
    (
        "0012_apart",
        include_str!("migrations/project/0012_apart.sql"),
    ),
    (
        "0013_calls",
        include_str!("migrations/project/0013_calls.sql"),
    ),
];

const KEYRING: &[(&str, &str)] = &[(
    "0001_keys",
    include_str!("migrations/keyring/0001_keys.sql"),
)];

impl Schema {
    pub const ALL: [Schema; 4] = [
        Schema::System,
        Schema::Workspace,
        Schema::Keyring,
        Schema::Project,
    ];

    /// The number of its last step.
    pub(super) fn newest(self) -> usize {
        self.steps().len()
    }

    fn steps(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Schema::System => SYSTEM,
            Schema::Workspace => WORKSPACE,
            Schema::Project => PROJECT,
            Schema::Keyring => KEYRING,
        }
    }

    /// `application_id`: what `file` says about our files.
    fn mark(self) -> i32 {
        match self {
            Schema::System => 0x4F6E_5379,
            Schema::Workspace => 0x4F6E_5773,
            Schema::Project => 0x4F6E_5072,
            Schema::Keyring => 0x4F6E_4B72,
        }
    }
}

/// Runs the steps the file has not seen, all in one transaction. A file from a
/// newer version is left as it is.
pub(super) fn run(conn: &mut Connection, schema: Schema, name: &str) -> Result<(), Error> {
    let done: usize = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let steps = schema.steps();
    if done > steps.len() {
        return Err(Error::TooNew(name.to_owned()));
    }
    if done == steps.len() {
        return Ok(());
    }
    let tx = conn.transaction()?;
    for (step, sql) in &steps[done..] {
        tx.execute_batch(sql)?;
        tracing::info!(migration = step, file = name, "migrated {name} to {step}");
    }
    tx.pragma_update(None, "user_version", steps.len())?;
    tx.pragma_update(None, "application_id", schema.mark())?;
    tx.commit()?;
    Ok(())
}
