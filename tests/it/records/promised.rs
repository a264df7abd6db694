//! The list of R-26 of our promises, each thing of it with the actions that tell
//! of it, or with the issue that builds what is to be told of.

/// Where a thing of the list is told of.
pub(super) enum Place {
    /// By that action, which a row of the table drives.
    Here(&'static str),
    /// The product does not do it yet: how its actions will begin, and the issue.
    NotYet(&'static str, u32),
}

use Place::{Here, NotYet};

/// How many things R-26 names.
pub(super) const ITEMS: usize = 49;

pub(super) const PROMISED: &[(&str, &[Place])] = &[
    (
        "sign-in success",
        &[Here("session.opened"), Here("session.begun")],
    ),
    (
        "sign-in failure",
        &[Here("session.refused"), Here("key.refused")],
    ),
    ("lockout", &[Here("session.throttled")]),
    ("sign-out", &[Here("session.ended")]),
    ("2FA enrol", &[Here("factor.added"), Here("codes.made")]),
    (
        "2FA reset",
        &[Here("factors.reset"), Here("factor.removed")],
    ),
    (
        "2FA use",
        &[
            Here("session.confirmed"),
            Here("session.unlocked"),
            Here("proof.refused"),
        ],
    ),
    ("password change", &[Here("password.changed")]),
    (
        "password reset",
        &[Here("link.made"), Here("member.joined")],
    ),
    (
        "session revoke",
        &[Here("session.ended"), Here("sessions.ended")],
    ),
    (
        "user change",
        &[
            Here("member.invited"),
            Here("member.disabled"),
            Here("member.enabled"),
            Here("member.attributes_changed"),
            Here("operator.invited"),
        ],
    ),
    (
        "group change",
        &[
            Here("group.made"),
            Here("group.renamed"),
            Here("group.deleted"),
            Here("group.member_added"),
            Here("group.member_removed"),
            Here("member.groups_changed"),
        ],
    ),
    (
        "role change",
        &[
            Here("member.role_changed"),
            Here("operator.made"),
            Here("operator.unmade"),
        ],
    ),
    ("share", &[Here("app.shared")]),
    ("public toggle", &[NotYet("app.public_", 6)]),
    ("API key create", &[Here("key.made")]),
    ("API key use", &[Here("key.used"), Here("api.read")]),
    ("API key revoke", &[Here("key.revoked")]),
    ("datasource create", &[NotYet("datasource.", 6)]),
    ("datasource edit", &[NotYet("datasource.", 6)]),
    ("datasource test", &[NotYet("datasource.", 6)]),
    (
        "definition create",
        &[
            Here("app.made"),
            Here("app.imported"),
            Here("table.made"),
            Here("policy.saved"),
        ],
    ),
    (
        "definition edit",
        &[
            Here("app.draft_saved"),
            Here("app.rolled_back"),
            Here("table.renamed"),
            Here("column.added"),
            Here("index.added"),
            Here("reference.found"),
            Here("reference.set"),
            Here("table.indexed"),
            Here("query.saved"),
            Here("query.renamed"),
        ],
    ),
    (
        "definition delete",
        &[
            Here("app.deletion_asked"),
            Here("table.deletion_asked"),
            Here("query.deleted"),
            Here("policy.removed"),
        ],
    ),
    (
        "definition publish",
        &[
            Here("app.published"),
            Here("app.publish_requested"),
            Here("app.publish_approved"),
            Here("app.publish_refused"),
        ],
    ),
    ("SQL console statement", &[Here("query.run")]),
    ("form submit", &[Here("app.query_run")]),
    (
        "form import",
        &[Here("table.imported"), Here("import.cancelled")],
    ),
    ("row edit", &[Here("row.added"), Here("cell.changed")]),
    ("row delete", &[Here("rows.deleted")]),
    (
        "report view",
        &[
            Here("report.viewed"),
            Here("app.opened"),
            Here("table.viewed"),
        ],
    ),
    ("report export", &[Here("rows.exported")]),
    ("report download", &[Here("table.exported")]),
    (
        "file upload",
        &[Here("upload.received"), Here("upload.deleted")],
    ),
    (
        "file download",
        &[Here("app.exported"), Here("audit.exported")],
    ),
    (
        "job, trigger, workflow run",
        &[
            NotYet("job.", 6),
            NotYet("trigger.", 6),
            NotYet("workflow.", 6),
        ],
    ),
    ("email sent", &[Here("letter.written"), Here("letter.sent")]),
    (
        "survey publish and close",
        &[Here("survey.published"), Here("survey.closed")],
    ),
    ("respondent data API reads", &[Here("responses.read")]),
    (
        "CSV, SAV, Triple-S export",
        &[Here("rows.exported"), Here("responses.exported")],
    ),
    ("backup", &[Here("backup.made"), Here("backup.failed")]),
    (
        "restore",
        &[Here("instance.restored"), Here("workspace.restored")],
    ),
    ("restore test", &[Here("backup.tested")]),
    (
        "retention purge",
        &[Here("audit.sealed"), Here("journal.pruned")],
    ),
    (
        "hard delete",
        &[Here("app.destroyed"), Here("certificate.signed")],
    ),
    (
        "break-glass",
        &[
            Here("grant.asked"),
            Here("grant.begun"),
            Here("grant.agreed"),
            Here("grant.refused"),
            Here("grant.ended"),
            Here("rows.read"),
            Here("support.offered"),
            Here("support.ended"),
        ],
    ),
    (
        "config change",
        &[
            Here("transport.changed"),
            Here("workspace.changed"),
            Here("workspace.limits_changed"),
            Here("sign_in_rules.changed"),
            Here("sign_in_method.changed"),
            Here("audit.retention_changed"),
            Here("forwarding.changed"),
            Here("key.changed"),
        ],
    ),
    ("telemetry send", &[Here("telemetry.sent")]),
    (
        "update and rollback",
        &[Here("instance.upgraded"), Here("instance.went_back")],
    ),
];
