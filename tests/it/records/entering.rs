//! Coming in, being kept out, proving who one is, and what people do about it.

use super::Row;

/// An answer of a device that nobody asked.
const PASSKEY: &str = r#"{"ceremony":"x","answer":{"id":"AA","rawId":"AA","type":"public-key","response":{"authenticatorData":"AA","clientDataJSON":"AA","signature":"AA","userHandle":null}}}"#;

pub(super) const ROWS: &[Row] = &[
    (
        "console",
        "a set-up code",
        "",
        &["setup.offered console nowhere"],
    ),
    (
        "ada",
        "POST /set-up",
        "code={setup}&workspace=Northgate&name=Ada&email=ada%40example.org&password=correct+horse+battery+staple",
        &["instance.set_up door", "session.opened"],
    ),
    ("ada", "GET /account/factors", "", &[]),
    (
        "ada",
        "POST /account/factors/app",
        "code={code}",
        &["factor.added"],
    ),
    ("ada", "POST /account/factors/codes", "", &["codes.made"]),
    (
        "ada",
        "POST /members",
        "email=bob%40example.org&name=Bob&role=user",
        &["member.invited diff"],
    ),
    (
        "bob",
        "POST /link/{link}",
        "name=Bob&password=correct+horse+battery+staple",
        &["member.joined door", "session.opened"],
    ),
    // Who is kept out: the workspace of the account hears of it, if there is one.
    (
        "nobody",
        "POST /sign-in",
        "email=mallory%40example.net&then=%2F&password=wrong",
        &["session.refused stranger refused nowhere"],
    ),
    (
        "nobody",
        "POST /sign-in",
        "email=bob%40example.org&then=%2F&password=wrong",
        &["session.refused stranger refused"],
    ),
    (
        "nobody",
        "POST /sign-in",
        "email=bob%40example.org&then=%2F&password=wrong2",
        &["session.refused stranger refused"],
    ),
    (
        "nobody",
        "POST /sign-in",
        "email=bob%40example.org&then=%2F&password=wrong3",
        &["session.refused stranger refused"],
    ),
    (
        "nobody",
        "POST /sign-in",
        "email=bob%40example.org&then=%2F&password=wrong4",
        &["session.refused stranger refused"],
    ),
    (
        "nobody",
        "POST /sign-in",
        "email=bob%40example.org&then=%2F&password=wrong5",
        &["session.refused stranger refused"],
    ),
    // Once a minute, so that whoever tries does not fill the disk.
    (
        "nobody",
        "POST /sign-in",
        "email=bob%40example.org&then=%2F&password=wrong6",
        &["session.throttled stranger refused"],
    ),
    (
        "nobody",
        "POST /sign-in",
        "email=bob%40example.org&then=%2F&password=wrong7",
        &[],
    ),
    ("time", "minutes", "1", &[]),
    (
        "bob2",
        "POST /sign-in",
        "email=bob%40example.org&then=%2F&password=correct+horse+battery+staple",
        &["session.opened"],
    ),
    (
        "ada2",
        "POST /sign-in",
        "email=ada%40example.org&then=%2F&password=correct+horse+battery+staple",
        &["session.begun door"],
    ),
    (
        "ada2",
        "POST /sign-in/second",
        "code=000000&then=%2F",
        &["session.refused stranger refused"],
    ),
    (
        "ada2",
        "POST /sign-in/second",
        "code={recovery}&then=%2F",
        &["session.opened"],
    ),
    (
        "nobody",
        "POST /sign-in/passkey",
        PASSKEY,
        &["session.refused stranger refused nowhere"],
    ),
    (
        "bob",
        "POST /account/sessions/{session}/end",
        "",
        &["session.ended"],
    ),
    ("bob", "POST /account/sessions/end", "", &["sessions.ended"]),
    (
        "bob",
        "POST /account/password",
        "old=wrong&new=Overnight+trains+to+Narvik",
        &["proof.refused refused"],
    ),
    (
        "bob",
        "POST /account/password",
        "old=correct+horse+battery+staple&new=Overnight+trains+to+Narvik",
        &["password.changed"],
    ),
    (
        "ada",
        "POST /confirm-it-is-you",
        "code=000000&then=%2F&kept=",
        &["proof.refused refused"],
    ),
    (
        "ada",
        "POST /confirm-it-is-you",
        "code={code}&then=%2F&kept=",
        &["session.confirmed"],
    ),
    (
        "ada",
        "POST /locked/passkey",
        PASSKEY,
        &["proof.refused refused"],
    ),
    (
        "hand",
        "write",
        "insert into passkey (id, user, credential, host, name, key, created)
         select '0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0', id, x'00', 'localhost', 'Laptop', '{}', 0
         from user where email = 'ada@example.org'",
        &[],
    ),
    (
        "ada",
        "POST /account/passkeys/{passkey}/rename",
        "name=Old+laptop",
        &["passkey.renamed"],
    ),
    (
        "ada",
        "POST /account/passkeys/{passkey}/remove",
        "",
        &["factor.removed"],
    ),
    (
        "ada",
        "POST /account/keys",
        "name=Excel&days=30",
        &["key.made diff"],
    ),
    (
        "program",
        "GET /api/v1/apps/none/queries/none",
        "",
        &["key.used program", "page.missed program failed"],
    ),
    (
        "ada",
        "POST /account/keys/{key}/revoke",
        "",
        &["key.revoked"],
    ),
    (
        "program",
        "GET /api/v1/apps/none/queries/none",
        "",
        &["key.refused stranger refused"],
    ),
    ("program", "GET /api/v1/apps/none/queries/none", "", &[]),
    // A factor is taken up and given back by whoever need not have one.
    ("bob", "GET /account/factors", "", &[]),
    (
        "bob",
        "POST /account/factors/app",
        "code={code}",
        &["factor.added"],
    ),
    (
        "bob",
        "POST /account/factors/app/remove",
        "",
        &["factor.removed"],
    ),
    ("bob", "GET /members", "", &["access.refused refused"]),
    (
        "bob",
        "POST /data/new",
        "title=Orders",
        &["access.refused refused"],
    ),
    ("bob", "GET /apps/nothing", "", &["page.missed failed"]),
];

/// What comes last, since it leaves nothing to go on with.
pub(super) const LEAVING: &[Row] = &[
    ("time", "minutes", "16", &[]),
    (
        "bob",
        "POST /locked",
        "password=wrong&then=%2F&kept=",
        &["proof.refused refused"],
    ),
    (
        "bob",
        "POST /locked",
        "password=Overnight+trains+to+Narvik&then=%2F&kept=",
        &["session.unlocked"],
    ),
    ("bob", "POST /sign-out", "", &["session.ended"]),
    (
        "time",
        "seal",
        "",
        &[
            "audit.sealed system nowhere rows",
            "journal.pruned system nowhere rows",
            "journal.pruned system rows",
            "journal.pruned system rows",
        ],
    ),
];
