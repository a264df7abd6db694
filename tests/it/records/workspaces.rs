//! Other workspaces, who goes from one to another, and how operators come in.

use super::Row;

const WHY: &str = "role=builder&hours=1&reason=ticket+4711%3A+totals+are+wrong";

pub(super) const ROWS: &[Row] = &[
    (
        "ada",
        "POST /confirm-it-is-you",
        "code={code}&then=%2F&kept=",
        &["session.confirmed"],
    ),
    // The page that shows the link shows the list of accounts again.
    (
        "ada",
        "POST /accounts",
        "email=op%40example.org&name=Op",
        &["operator.invited diff", "access.reviewed rows"],
    ),
    (
        "op",
        "POST /link/{link}",
        "name=Op&password=correct+horse+battery+staple",
        &["member.joined door nowhere", "session.opened nowhere"],
    ),
    ("op", "GET /account/factors", "", &[]),
    (
        "op",
        "POST /account/factors/app",
        "code={code}",
        &["factor.added nowhere"],
    ),
    (
        "op",
        "POST /workspaces",
        "name=Southgate&email=eve%40example.org&admin=Eve",
        &["workspace.made diff"],
    ),
    (
        "eve",
        "POST /link/{link}",
        "name=Eve&password=correct+horse+battery+staple",
        &["member.joined door", "session.opened"],
    ),
    ("eve", "GET /account/factors", "", &[]),
    (
        "eve",
        "POST /account/factors/app",
        "code={code}",
        &["factor.added"],
    ),
    (
        "eve",
        "POST /members",
        "email=bob%40example.org&name=Bob&role=user",
        &["member.invited diff"],
    ),
    ("bob", "POST /invitation/{link}", "", &["member.joined"]),
    (
        "bob",
        "POST /workspace/switch",
        "workspace={workspace}",
        &["workspace.entered"],
    ),
    (
        "op",
        "POST /workspaces/{other}/rename",
        "name=Southgate+2",
        &["workspace.renamed diff"],
    ),
    (
        "op",
        "POST /workspaces/{other}/close",
        "",
        &["workspace.closed diff"],
    ),
    (
        "op",
        "POST /workspaces/{other}/open",
        "",
        &["workspace.opened diff"],
    ),
    // Break-glass: every record made under a grant carries its mark. Who went in
    // once is in as soon as the next stay begins.
    (
        "op",
        "POST /workspaces/{workspace}/break-glass",
        WHY,
        &["grant.begun"],
    ),
    (
        "op",
        "POST /workspace/switch",
        "workspace={workspace}",
        &["workspace.entered"],
    ),
    (
        "op",
        "GET /data/orders/count",
        "",
        &["rows.read grant rows"],
    ),
    (
        "op",
        "POST /workspaces/break-glass/{stay}/end",
        "",
        &["grant.ended grant"],
    ),
    (
        "ada",
        "POST /members/break-glass/second",
        "second=on",
        &["workspace.changed diff"],
    ),
    (
        "op",
        "POST /workspaces/{workspace}/break-glass",
        WHY,
        &["grant.asked"],
    ),
    (
        "ada",
        "POST /members/break-glass/stays/{stay}/agree",
        "",
        &["grant.agreed"],
    ),
    (
        "ada",
        "POST /members/break-glass/stays/{stay}/end",
        "",
        &["grant.ended"],
    ),
    (
        "op",
        "POST /workspaces/{workspace}/break-glass",
        WHY,
        &["grant.asked"],
    ),
    (
        "ada",
        "POST /workspaces/break-glass/{stay}/agree",
        "",
        &["grant.agreed"],
    ),
    (
        "op",
        "POST /workspaces/break-glass/{stay}/end",
        "",
        &["grant.ended grant"],
    ),
    (
        "op",
        "POST /workspaces/{workspace}/break-glass",
        WHY,
        &["grant.asked"],
    ),
    (
        "ada",
        "POST /members/break-glass/stays/{stay}/end",
        "",
        &["grant.refused"],
    ),
    (
        "ada",
        "POST /members/break-glass/offers",
        "role=builder&hours=4&note=slow+report",
        &["support.offered diff"],
    ),
    (
        "ada",
        "POST /members/break-glass/offers/{offer}/end",
        "",
        &["support.ended"],
    ),
    (
        "ada",
        "POST /confirm-it-is-you",
        "code={code}&then=%2F&kept=",
        &["session.confirmed"],
    ),
    (
        "ada",
        "POST /accounts/{cyd}/operator",
        "operator=yes",
        &["operator.made diff"],
    ),
    (
        "ada",
        "POST /accounts/{cyd}/operator",
        "operator=no",
        &["operator.unmade diff"],
    ),
    (
        "ada",
        "POST /accounts/{dan}/disable",
        "",
        &["member.disabled diff"],
    ),
    (
        "ada",
        "POST /accounts/{dan}/enable",
        "",
        &["member.enabled diff"],
    ),
    ("ada", "GET /accounts", "", &["access.reviewed rows"]),
    ("ada", "GET /accounts.csv", "", &["access.reviewed rows"]),
];
