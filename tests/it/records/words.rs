//! What the words in a row stand for, and how its form is sent.

/// What a word in a path or form stands for: the newest thing of its kind.
pub(super) const WORDS: &[(&str, &str)] = &[
    ("ada", "select id from user where email = 'ada@example.org'"),
    ("alert", "select id from alert order by id desc limit 1"),
    (
        "destination",
        "select id from backup_destination order by id desc limit 1",
    ),
    (
        "hold",
        "select id from backup_hold order by id desc limit 1",
    ),
    (
        "fact",
        "select id from hosting_fact order by id desc limit 1",
    ),
    ("ending", "select id from ending order by id desc limit 1"),
    (
        "workspace",
        "select id from workspace order by created limit 1",
    ),
    (
        "other",
        "select id from workspace order by created desc limit 1",
    ),
    ("bob", "select id from user where email = 'bob@example.org'"),
    ("cyd", "select id from user where email = 'cyd@example.org'"),
    ("dan", "select id from user where email = 'dan@example.org'"),
    ("gil", "select id from user where email = 'gil@example.org'"),
    (
        "group",
        "select id from people_group order by created desc limit 1",
    ),
    (
        "key",
        "select id from api_key order by created desc limit 1",
    ),
    ("passkey", "select id from passkey limit 1"),
    (
        "upload",
        "select id from upload order by created desc limit 1",
    ),
    (
        "stay",
        "select id from access_grant order by asked desc limit 1",
    ),
    (
        "offer",
        "select id from support_offer order by made desc limit 1",
    ),
    (
        "method",
        "select id from sign_in_method order by created desc limit 1",
    ),
    ("place", "select id from placement limit 1"),
    (
        "request",
        "select id from publish_request order by at desc limit 1",
    ),
    (
        "draft",
        "select cast(draft_at as text) from app where id = 'desk'",
    ),
    (
        "survey_draft",
        "select cast(draft_at as text) from survey where id = 'brand'",
    ),
    (
        "delivery",
        "select id from survey_delivery order by id desc limit 1",
    ),
    (
        "delivered",
        "select id from survey_delivered order by id desc limit 1",
    ),
    (
        "survey_link",
        "select id from survey_link order by created desc, id desc limit 1",
    ),
    (
        "webhook",
        "select id from survey_hook order by made desc, id desc limit 1",
    ),
    (
        "view",
        "select object_id from chain where action = 'app.view_saved' order by seq desc limit 1",
    ),
    (
        "changed",
        "select cast(changed as text) from query order by changed desc limit 1",
    ),
    (
        "session",
        "select lower(hex(hash)) from session
         where user = (select id from user where email = 'bob@example.org')
         order by created desc limit 1",
    ),
];

/// The form as it is sent, and as what.
pub(super) fn body(form: &str) -> (&'static str, String) {
    if form.starts_with('{') {
        return ("application/json", form.to_owned());
    }
    let Some((name, text)) = form
        .strip_prefix("file:")
        .and_then(|file| file.split_once(':'))
    else {
        return ("application/x-www-form-urlencoded", form.to_owned());
    };
    let part = format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{text}\r\n--cut--\r\n"
    );
    ("multipart/form-data; boundary=cut", part)
}
