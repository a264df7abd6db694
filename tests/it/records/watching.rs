//! What needs somebody's attention, and how what was made comes to its end.

use super::Row;

pub(super) const ALERTS: &[Row] = &[
    (
        "hand",
        "an alert",
        "instance",
        &["alert.raised system nowhere"],
    ),
    (
        "ada",
        "POST /alerts/instance/{alert}",
        "state=acknowledged&assignee={ada}&note=I+look",
        &["alert.acknowledged diff"],
    ),
    (
        "ada",
        "POST /alerts/instance/{alert}",
        "state=acknowledged&assignee={ada}&note=Still",
        &["alert.changed diff"],
    ),
    (
        "ada",
        "POST /alerts/instance/{alert}",
        "state=open&assignee={ada}&note=",
        &["alert.reopened diff"],
    ),
    (
        "ada",
        "POST /alerts/instance/{alert}",
        "state=false_alarm&assignee={ada}&note=Nothing",
        &["alert.called_false diff"],
    ),
    ("hand", "an alert", "workspace", &["alert.raised system"]),
    (
        "ada",
        "POST /alerts/{alert}",
        "state=settled&assignee={ada}&note=Done",
        &["alert.settled diff"],
    ),
];

pub(super) const ENDING: &[Row] = &[
    (
        "ada",
        "POST /confirm-it-is-you",
        "code={code}&then=%2F&kept=",
        &["session.confirmed"],
    ),
    (
        "ada",
        "POST /deletion",
        "undo=12&contact=dpo%40example.org",
        &["deletion.settings_changed diff"],
    ),
    (
        "ada",
        "POST /delete/app/plain",
        "typed=plain",
        &["app.deletion_asked"],
    ),
    (
        "ada",
        "POST /deleting/{ending}/undo",
        "",
        &["app.deletion_undone"],
    ),
    // One record in each file that changes: in one transaction with the change.
    (
        "ada",
        "POST /delete/table/people",
        "typed=people",
        &["table.deletion_asked", "table.hidden"],
    ),
    (
        "ada",
        "POST /deleting/{ending}/undo",
        "",
        &["table.deletion_undone", "table.restored"],
    ),
];
