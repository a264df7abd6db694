//! What is promised of the instance: its copies, its reports, its evidence.

use super::Row;

pub(super) const BACKUP: &[Row] = &[
    (
        "ada",
        "POST /confirm-it-is-you",
        "code={code}&then=%2F&kept=",
        &["session.confirmed"],
    ),
    (
        "ada",
        "POST /backup/plan",
        "every=12&nightly=03:00&zone=UTC&nights=7&test_days=30&on=on",
        &["backup.plan_changed diff"],
    ),
    (
        "ada",
        "POST /backup/recipients",
        "name=Safe&recipient={recipient}",
        &["backup_recipient.added diff"],
    ),
    (
        "ada",
        "POST /backup/destinations",
        "name=Cellar&address={cellar}&required=on",
        &["backup_destination.added diff"],
    ),
    (
        "ada",
        "POST /backup/destinations/{destination}/test",
        "",
        &["backup_destination.tested"],
    ),
    (
        "ada",
        "POST /backup/now",
        "",
        &["backup.began system nowhere", "backup.made"],
    ),
    ("ada", "POST /backup/test", "", &["backup.tested"]),
    (
        "ada",
        "POST /backup/holds",
        "reason=Incident+7&point=&review={tomorrow}",
        &["backup_hold.opened diff"],
    ),
    (
        "ada",
        "POST /backup/holds/{hold}/release",
        "",
        &["backup_hold.released"],
    ),
    // As after a restore: points of another instance lie at the same places.
    (
        "hand",
        "write",
        "update backup_plan set waits = 'another instance writes there'",
        &[],
    ),
    ("ada", "POST /backup/go-on", "", &["backup.went_on"]),
    ("hand", "the clock jumps", "9600", &[]),
    (
        "console",
        "the clock is right",
        "",
        &["clock.believed console nowhere"],
    ),
    ("hand", "the clock jumps", "-9600", &[]),
    (
        "console",
        "the clock is right",
        "",
        &["clock.believed console nowhere"],
    ),
    (
        "ada",
        "POST /backup/destinations/{destination}/remove",
        "anyway=on",
        &[
            "backup.destroyed system nowhere",
            "backup_destination.removed diff",
        ],
    ),
    (
        "ada",
        "POST /backup/recipients/remove",
        "recipient={recipient}",
        &["backup_recipient.removed diff"],
    ),
];

pub(super) const TELEMETRY: &[Row] = &[
    (
        "ada",
        "POST /telemetry",
        "reports=on&renew=yes",
        &["telemetry.switched_on nowhere"],
    ),
    (
        "ada",
        "POST /telemetry",
        "reports=on&renew=yes",
        &["telemetry.renewed nowhere"],
    ),
    (
        "ada",
        "POST /telemetry/file",
        "",
        &["telemetry.file_taken nowhere"],
    ),
    (
        "ada",
        "POST /telemetry",
        "reports=off",
        &["telemetry.switched_off nowhere"],
    ),
    (
        "ada",
        "POST /health/figures/token",
        "",
        &["metrics.token_made nowhere"],
    ),
    (
        "ada",
        "POST /health/figures/token/remove",
        "",
        &["metrics.token_removed nowhere"],
    ),
];

pub(super) const TRUST: &[Row] = &[
    (
        "ada",
        "POST /confirm-it-is-you",
        "code={code}&then=%2F&kept=",
        &["session.confirmed"],
    ),
    (
        "ada",
        "POST /security/reviews",
        "last=0&notes=Nothing+strange",
        &["log.reviewed"],
    ),
    (
        "ada",
        "POST /security/hosting",
        "kind=certificate&name=ISO+27001&ends=2031-01-01",
        &["hosting.added diff"],
    ),
    (
        "ada",
        "POST /security/hosting/{fact}",
        "kind=certificate&name=ISO+27001&ends=2032-01-01",
        &["hosting.changed diff"],
    ),
    (
        "ada",
        "POST /security/hosting/{fact}/delete",
        "",
        &["hosting.deleted diff"],
    ),
    (
        "ada",
        "POST /security/evidence",
        "from={today}&to={today}",
        &["evidence.exported"],
    ),
    ("ada", "POST /security/support", "", &["support.exported"]),
    (
        "ada",
        "POST /promises/evidence",
        "from={today}&to={today}",
        &["evidence.exported"],
    ),
];
