//! How the instance is run: limits, transport, keys, the trail itself, sign-in
//! methods, and what is done on the server's console.

use super::Row;

const DIRECTORY: &str = "kind=ldap&name=Corp&host=127.0.0.1&port=9&security=ldaps&base=dc%3Dcorp&filter=(mail%3D%7Bemail%7D)&bind=cn%3Dreader&secret=hunter2";

pub(super) const ROWS: &[Row] = &[
    (
        "ada",
        "POST /confirm-it-is-you",
        "code={code}&then=%2F&kept=",
        &["session.confirmed"],
    ),
    (
        "ada",
        "POST /security/limits/{other}",
        "page_seconds=5",
        &["workspace.limits_changed diff"],
    ),
    (
        "ada",
        "POST /security/limits/{other}",
        "",
        &["workspace.limits_changed diff"],
    ),
    (
        "ada",
        "POST /security/transport",
        "strict=on&trusted=on",
        &["transport.changed diff"],
    ),
    (
        "ada",
        "POST /security/transport",
        "strict=off",
        &["transport.changed diff"],
    ),
    // Asked for by a person, done by the server.
    (
        "ada",
        "POST /security/keys/change",
        "what={other}",
        &["key.change_asked", "key.changed system nowhere"],
    ),
    // No file can have that name.
    (
        "hand",
        "write",
        "insert into key_change (what, asked, asked_by)
         values (replace(hex(zeroblob(150)), '0', 'x'), 0, 'Ada')",
        &[],
    ),
    (
        "time",
        "keys",
        "",
        &["key.change_failed system nowhere failed"],
    ),
    (
        "nobody",
        "GET /trust/root.crt",
        "",
        &["certificate.downloaded stranger nowhere"],
    ),
    ("ada", "GET /audit", "", &["audit.viewed"]),
    ("ada", "GET /audit", "", &[]),
    ("ada", "GET /audit/instance", "", &["audit.viewed"]),
    ("ada", "GET /audit/export/csv", "", &["audit.exported"]),
    (
        "ada",
        "GET /audit/instance/export/ndjson",
        "",
        &["audit.exported"],
    ),
    (
        "ada",
        "POST /audit/views",
        "name=Mine&query=actor%3Dada",
        &["audit.view_saved diff"],
    ),
    (
        "ada",
        "POST /audit/views",
        "name=Mine&query=actor%3Dbob",
        &["audit.view_saved diff"],
    ),
    (
        "ada",
        "POST /audit/views/delete",
        "name=Mine",
        &["audit.view_deleted diff"],
    ),
    (
        "ada",
        "POST /audit/settings",
        "days=90",
        &["audit.retention_changed diff"],
    ),
    (
        "ada",
        "POST /audit/settings",
        "days=365",
        &["audit.retention_changed diff"],
    ),
    (
        "ada",
        "POST /audit/forwarding",
        "host=127.0.0.1&port=9&transport=tcp&try=1",
        &["forwarding.tested failed"],
    ),
    (
        "ada",
        "POST /audit/forwarding",
        "host=127.0.0.1&port=9&transport=tcp",
        &["forwarding.changed diff"],
    ),
    (
        "ada",
        "POST /audit/forwarding/stop",
        "",
        &["forwarding.stopped diff"],
    ),
    (
        "ada",
        "POST /audit/forwarding/journald",
        "on=on",
        &["forwarding.changed diff"],
    ),
    (
        "ada",
        "POST /audit/forwarding/journald",
        "",
        &["forwarding.stopped diff"],
    ),
];

pub(super) const METHODS: &[Row] = &[
    (
        "ada",
        "POST /confirm-it-is-you",
        "code={code}&then=%2F&kept=",
        &["session.confirmed"],
    ),
    (
        "ada",
        "POST /sign-in-methods/new",
        DIRECTORY,
        &["sign_in_method.added diff"],
    ),
    (
        "ada",
        "POST /sign-in-methods/{method}",
        "name=Corp&host=127.0.0.1&port=9&security=ldaps&base=ou%3Dpeople,dc%3Dcorp&filter=(mail%3D%7Bemail%7D)&bind=cn%3Dreader",
        &["sign_in_method.changed diff"],
    ),
    (
        "ada",
        "POST /sign-in-methods/{method}/test",
        "somebody=bob%40example.org",
        &["sign_in_method.tested failed"],
    ),
    (
        "ada",
        "POST /sign-in-methods/{method}/places",
        "theirs=*&workspace={other}&role=user&group=",
        &["placement.added diff"],
    ),
    (
        "ada",
        "POST /sign-in-methods/{method}/places/{place}/delete",
        "",
        &["placement.deleted diff"],
    ),
    (
        "ada",
        "POST /sign-in-methods/{method}/switch",
        "on=yes",
        &["sign_in_method.switched_on diff"],
    ),
    (
        "ada",
        "POST /sign-in-methods/{method}/switch",
        "on=no",
        &["sign_in_method.switched_off diff"],
    ),
    (
        "ada",
        "POST /sign-in-methods/{method}/delete",
        "",
        &["sign_in_method.deleted diff"],
    ),
];

pub(super) const CONSOLE: &[Row] = &[
    (
        "console",
        "user add",
        "gil@example.org",
        &["member.invited console diff"],
    ),
    (
        "console",
        "user link",
        "gil@example.org",
        &["link.made console"],
    ),
    (
        "console",
        "user disable",
        "gil@example.org",
        &["member.disabled console diff"],
    ),
    (
        "console",
        "user enable",
        "gil@example.org",
        &["member.enabled console diff"],
    ),
    (
        "console",
        "user reset-factors",
        "gil@example.org",
        &["factors.reset console"],
    ),
];

/// People who come in with the password a directory keeps: somebody new, and
/// somebody who is here already; then the directory takes back what it gave.
pub(super) const BY_DIRECTORY: &[Row] = &[
    (
        "ada",
        "POST /sign-in-methods/new",
        "kind=ldap&name=Loopback&host=127.0.0.1&port={directory}&security=plain&accepts_plain=on&base=dc%3Dcorp&filter=(mail%3D%7Bemail%7D)&makes_accounts=on&links_by_email=on",
        &["sign_in_method.added diff"],
    ),
    (
        "ada",
        "POST /sign-in-methods/{method}/places",
        "theirs=makers&workspace={other}&role=user&group=",
        &["placement.added diff"],
    ),
    (
        "ada",
        "POST /sign-in-methods/{method}/switch",
        "on=yes",
        &["sign_in_method.switched_on diff"],
    ),
    (
        "ada",
        "POST /sign-in-methods/{method}/test",
        "somebody=hal%40example.org",
        &["sign_in_method.tested"],
    ),
    (
        "nobody",
        "POST /sign-in",
        "email=hal%40example.org&then=%2F&password=wrong",
        &["session.refused stranger refused nowhere"],
    ),
    (
        "hal",
        "POST /sign-in",
        "email=hal%40example.org&then=%2F&password=open+sesame",
        &[
            "member.joined door nowhere",
            "member.added door diff",
            "session.opened",
        ],
    ),
    (
        "gil",
        "POST /sign-in",
        "email=gil%40example.org&then=%2F&password=open+sesame",
        &[
            "identity.linked door nowhere",
            "member.added door diff",
            "session.opened",
        ],
    ),
    ("hand", "the directory lets go of everybody", "", &[]),
    (
        "gil",
        "POST /sign-in",
        "email=gil%40example.org&then=%2F&password=open+sesame",
        &["member.removed door diff", "session.opened"],
    ),
    // Who has no place left is kept out, and what was taken stays taken.
    (
        "hal",
        "POST /sign-in",
        "email=hal%40example.org&then=%2F&password=open+sesame",
        &[
            "member.removed door diff",
            "session.refused stranger refused nowhere",
        ],
    ),
    (
        "ada",
        "POST /sign-in-methods/{method}/delete",
        "",
        &["sign_in_method.deleted diff"],
    ),
];
