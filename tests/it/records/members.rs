//! Members, their roles, the groups they are in, what is said of them, and how
//! they must sign in.

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        "ada",
        "POST /confirm-it-is-you",
        "code={code}&then=%2F&kept=",
        &["session.confirmed"],
    ),
    (
        "ada",
        "POST /members/import/invite",
        "text=email,name,role%0Acyd%40example.org,Cyd,builder%0Adan%40example.org,Dan,auditor",
        &["member.invited diff", "member.invited diff"],
    ),
    (
        "cyd",
        "POST /link/{link}",
        "name=Cyd&password=correct+horse+battery+staple",
        &["member.joined door", "session.opened"],
    ),
    (
        "dan",
        "POST /link/{link2}",
        "name=Dan&password=correct+horse+battery+staple",
        &["member.joined door", "session.opened"],
    ),
    (
        "ada",
        "POST /members/{bob}/role",
        "role=builder",
        &["member.role_changed diff"],
    ),
    (
        "ada",
        "POST /members/{bob}/role",
        "role=user",
        &["member.role_changed diff"],
    ),
    ("ada", "POST /members/{dan}/link", "", &["link.made"]),
    (
        "ada",
        "POST /members/{dan}/disable",
        "",
        &["member.disabled diff"],
    ),
    (
        "ada",
        "POST /members/{dan}/enable",
        "",
        &["member.enabled diff"],
    ),
    (
        "ada",
        "POST /members/disable",
        "user={bob}&user={dan}",
        &["member.disabled diff", "member.disabled diff"],
    ),
    (
        "ada",
        "POST /members/enable",
        "user={bob}&user={dan}",
        &["member.enabled diff", "member.enabled diff"],
    ),
    (
        "bob",
        "POST /sign-in",
        "email=bob%40example.org&then=%2F&password=Overnight+trains+to+Narvik",
        &["session.opened"],
    ),
    (
        "ada",
        "POST /members/{dan}/factors/reset",
        "",
        &["factors.reset"],
    ),
    (
        "ada",
        "POST /account/keys",
        "name=Power+BI",
        &["key.made diff"],
    ),
    (
        "ada",
        "POST /members/keys/{key}/revoke",
        "",
        &["key.revoked"],
    ),
    (
        "ada",
        "POST /sign-in-rules",
        "idle=15&longest=11&factor=auditor",
        &["sign_in_rules.changed diff"],
    ),
    (
        "ada",
        "POST /sign-in-rules",
        "idle=15&longest=12",
        &["sign_in_rules.changed diff"],
    ),
    ("ada", "GET /members/review", "", &["access.reviewed rows"]),
    (
        "ada",
        "GET /members/review.csv",
        "",
        &["access.reviewed rows"],
    ),
    (
        "ada",
        "GET /members/review/{bob}",
        "",
        &["access.reviewed rows"],
    ),
];

pub(super) const GROUPS: &[Row] = &[
    ("ada", "POST /groups", "name=sales", &["group.made diff"]),
    (
        "ada",
        "POST /groups/{group}/rename",
        "name=makers",
        &["group.renamed diff"],
    ),
    (
        "ada",
        "POST /groups/{group}/members",
        "email=bob%40example.org",
        &["group.member_added diff"],
    ),
    (
        "ada",
        "POST /groups/{group}/members",
        "email=bob%40example.org",
        &[],
    ),
    (
        "ada",
        "POST /groups/{group}/members/{bob}/remove",
        "",
        &["group.member_removed diff"],
    ),
    (
        "ada",
        "POST /members/{bob}/groups",
        "group={group}",
        &["member.groups_changed diff"],
    ),
    ("ada", "POST /members/{bob}/groups", "group={group}", &[]),
    (
        "ada",
        "POST /members/{bob}/attributes",
        "name-0=region&value-0=eu",
        &["member.attributes_changed diff"],
    ),
    (
        "ada",
        "POST /members/{bob}/attributes",
        "name-0=region&value-0=us",
        &["member.attributes_changed diff"],
    ),
    (
        "ada",
        "POST /groups/{group}/delete",
        "",
        &["group.deleted diff"],
    ),
];
