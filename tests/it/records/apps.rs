//! Apps: made, changed, published by one or by two, shared, looked at, used.

use super::Row;

/// What an app's own queries may be called in the trail; no source knows them.
pub(super) const OF_APPS: [&str; 1] = ["order.close"];

/// An app with a report, and a button that changes rows.
const DESK: &str = "file:desk.toml:format = 1
id = \"desk\"
title = \"Order desk\"
[uses.main]
kind = \"sqlite\"
needs = [\"read\", \"write\"]
[query.list]
use = \"main\"
kind = \"read\"
sql = \"select id, name, amount, status from orders\"
paging = { size = 2, sort = [\"name\"], default = \"name\", key = \"id\" }
[query.close]
use = \"main\"
kind = \"write\"
audit = \"order.close\"
sql = \"update orders set status = 'paid' where status = 'new'\"
[query.open]
use = \"main\"
kind = \"write\"
sql = \"update orders set status = 'new' where status = 'paid'\"
[page.home]
title = \"Orders\"
path = \"/\"
[page.home.widget.list]
type = \"report\"
at = [1, 1, 12]
title = \"All orders\"
query = \"list\"
columns = [\"name\", \"amount\", \"status\"]
export = [\"csv\"]
[page.home.widget.closing]
type = \"button\"
at = [2, 1, 3]
label = \"Close all\"
run = \"close\"
[page.home.widget.opening]
type = \"button\"
at = [2, 4, 3]
label = \"Open all\"
run = \"open\"
[page.more]
title = \"More\"
path = \"/more\"
[page.more.widget.words]
type = \"text\"
at = [1, 1, 12]
text = \"Words\"
";

/// The same with another title, as the editor sends it.
const TEXT: &str = "draft_at={draft}&text=format+%3D+1%0Aid+%3D+%22desk%22%0Atitle+%3D+%22Orders%22%0A%5Bpage.home%5D%0Atitle+%3D+%22Home%22%0Apath+%3D+%22%2F%22%0A";

pub(super) const ROWS: &[Row] = &[
    (
        "ada",
        "POST /confirm-it-is-you",
        "code={code}&then=%2F&kept=",
        &["session.confirmed"],
    ),
    (
        "ada",
        "POST /apps/make",
        "table=orders",
        &["app.made diff", "app.published diff", "table.indexed diff"],
    ),
    (
        "ada",
        "POST /apps/new/issues",
        "rows=1",
        &[
            "app.made diff",
            "app.published diff",
            "table.made rows diff",
            "table.made rows diff",
            "table.made rows diff",
        ],
    ),
    ("ada", "POST /apps/new", "title=Plain", &["app.made diff"]),
    ("ada", "POST /apps/import", DESK, &["app.imported diff"]),
    (
        "ada",
        "POST /edit/desk/publish",
        "note=First&draft_at={draft}",
        &["app.published diff"],
    ),
    ("ada", "GET /edit/desk/export", "", &["app.exported"]),
    (
        "ada",
        "POST /edit/desk/pages",
        "do=add+page&title=Third&draft_at={draft}",
        &["app.draft_saved diff"],
    ),
    (
        "ada",
        "POST /edit/desk/pages",
        "do=undo&draft_at={draft}",
        &["app.draft_saved diff"],
    ),
    (
        "ada",
        "POST /edit/desk/pages/home",
        "k.title=All+orders&draft_at={draft}",
        &["app.draft_saved diff"],
    ),
    (
        "ada",
        "POST /edit/desk/pages/home/widgets/list",
        "k.title=Every+order&draft_at={draft}",
        &["app.draft_saved diff"],
    ),
    // What is there already changes nothing.
    (
        "ada",
        "POST /edit/desk/pages/home/widgets/list",
        "k.title=Every+order&draft_at={draft}",
        &[],
    ),
    (
        "ada",
        "POST /edit/desk/pages/more/widgets/words/text",
        "toml=%5Bpage.more.widget.words%5D%0Atype+%3D+%22text%22%0Aat+%3D+%5B1%2C+1%2C+6%5D%0Atext+%3D+%22More%22%0A&draft_at={draft}",
        &["app.draft_saved diff"],
    ),
    (
        "ada",
        "POST /edit/desk/query",
        "table=orders&new=1&name=every&draft_at={draft}",
        &["app.draft_saved diff"],
    ),
    (
        "ada",
        "POST /edit/desk/statement",
        "new=1&kind=read&use=main&name=one&sql=select+1+as+one&draft_at={draft}",
        &["app.draft_saved diff"],
    ),
    (
        "ada",
        "POST /apps/desk/sharing",
        "act=open&person={bob}",
        &["app.shared diff"],
    ),
    (
        "ada",
        "POST /apps/desk/sharing",
        "act=open",
        &["app.shared diff"],
    ),
    (
        "ada",
        "POST /edit/plain/rename",
        "title=Plainer",
        &["app.draft_saved diff"],
    ),
];

pub(super) const USING: &[Row] = &[
    // Who opened which app is kept once a day; each page once an hour.
    ("bob", "GET /apps/desk", "", &["app.opened"]),
    ("bob", "GET /apps/desk/p/more", "", &["report.viewed"]),
    ("bob", "GET /apps/desk/p/more", "", &[]),
    (
        "bob",
        "GET /apps/desk/export/home/list/csv",
        "",
        &["rows.exported"],
    ),
    (
        "bob",
        "POST /apps/desk/run/close",
        "_page=home&_widget=closing&_once=0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0",
        &["order.close rows"],
    ),
    // The same form, sent twice, is one action.
    (
        "bob",
        "POST /apps/desk/run/close",
        "_page=home&_widget=closing&_once=0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0",
        &[],
    ),
    (
        "bob",
        "POST /apps/desk/run/open",
        "_page=home&_widget=opening&_once=0190a0b0c0d0e0f0a0b0c0d0e0f0a0b1",
        &["app.query_run rows"],
    ),
    (
        "bob",
        "POST /apps/desk/views",
        "page=home&shown=sort%3D-name&name=Mine",
        &["app.view_saved diff"],
    ),
    (
        "bob",
        "POST /apps/desk/views/{view}",
        "name=Yours",
        &["app.view_changed diff"],
    ),
    ("bob", "POST /apps/desk/views/{view}", "name=Yours", &[]),
    // To share one takes whoever may edit the app.
    (
        "bob",
        "POST /apps/desk/views/{view}",
        "name=Yours&shared=yes",
        &["access.refused refused"],
    ),
    (
        "bob",
        "POST /apps/desk/views/{view}/replace",
        "page=home&shown=sort%3Dname",
        &["app.view_changed diff"],
    ),
    (
        "bob",
        "POST /apps/desk/views/{view}/first",
        "first=yes",
        &["app.view_chosen diff"],
    ),
    (
        "bob",
        "POST /apps/desk/views/{view}/first",
        "first=yes",
        &[],
    ),
    (
        "bob",
        "POST /apps/desk/views/{view}/delete",
        "",
        &["app.view_deleted diff"],
    ),
    (
        "bob",
        "POST /apps/desk/star",
        "starred=yes",
        &["app.starred"],
    ),
    ("bob", "POST /apps/desk/star", "starred=yes", &[]),
    ("bob", "POST /apps/desk/star", "", &["app.unstarred"]),
    (
        "ada",
        "POST /confirm-it-is-you",
        "code={code}&then=%2F&kept=",
        &["session.confirmed"],
    ),
    (
        "ada",
        "POST /apps/desk/view-as",
        "user={bob}",
        &["app.viewed_as"],
    ),
    (
        "ada",
        "POST /apps/desk/view-as/end",
        "",
        &["app.view_as_ended"],
    ),
    ("ada", "POST /apps/desk/view-as/end", "", &[]),
    (
        "ada",
        "POST /account/keys",
        "name=Excel",
        &["key.made diff"],
    ),
    (
        "program",
        "GET /api/v1/apps/desk/queries/list",
        "",
        &["key.used program", "api.read program"],
    ),
    ("program", "GET /api/v1/apps/desk/queries/list", "", &[]),
];

pub(super) const PUBLISHING: &[Row] = &[
    (
        "ada",
        "POST /publishing/two",
        "two=yes",
        &["workspace.four_eyes_on diff"],
    ),
    ("ada", "POST /publishing/two", "two=yes", &[]),
    ("ada", "POST /edit/desk", TEXT, &["app.draft_saved diff"]),
    (
        "ada",
        "POST /edit/desk/ask",
        "note=Please&draft_at={draft}",
        &["app.publish_requested"],
    ),
    (
        "ada",
        "POST /publishing/{request}/withdraw",
        "",
        &["app.publish_withdrawn"],
    ),
    (
        "ada",
        "POST /edit/desk/ask",
        "note=Please&draft_at={draft}",
        &["app.publish_requested"],
    ),
    (
        "cyd",
        "POST /publishing/{request}/refuse",
        "reason=Where+is+the+report",
        &["app.publish_refused"],
    ),
    (
        "ada",
        "POST /edit/desk/ask",
        "note=Please&draft_at={draft}",
        &["app.publish_requested"],
    ),
    // A second person agrees, and by that publishes.
    (
        "cyd",
        "POST /publishing/{request}/approve",
        "",
        &["app.publish_approved", "app.published diff"],
    ),
    (
        "ada",
        "POST /publishing/two",
        "two=no",
        &["workspace.four_eyes_off diff"],
    ),
    (
        "ada",
        "POST /edit/desk/roll-back",
        "version=1",
        &["app.rolled_back diff"],
    ),
];
