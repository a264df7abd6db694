//! Tables and their rows, files that come and go, policies, and queries.

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
        "POST /data/new",
        "title=Orders&column=Name&type=text&column=Amount&type=number&column=Status&type=text",
        &["table.made diff"],
    ),
    (
        "ada",
        "POST /data/orders/rows/new",
        "v.name=Bolts&v.amount=2.5&v.status=new",
        &["row.added rows"],
    ),
    (
        "ada",
        "POST /data/orders/rows/new",
        "v.name=Nuts&v.amount=7&v.status=paid",
        &["row.added rows"],
    ),
    (
        "ada",
        "POST /data/orders/rows/new",
        "v.name=Nails&v.amount=1&v.status=new",
        &["row.added rows"],
    ),
    (
        "ada",
        "POST /data/orders/rows/1",
        "v.name=Bolts&was.name=Bolts&v.amount=3&was.amount=2.5&v.status=new&was.status=new",
        &["cell.changed rows"],
    ),
    (
        "ada",
        "POST /data/orders/rows/1/name",
        "was=Bolts&value=Screws",
        &["cell.changed rows"],
    ),
    (
        "ada",
        "POST /data/orders/rows/delete",
        "row=3&sure=1",
        &["rows.deleted rows"],
    ),
    (
        "ada",
        "POST /data/orders/title",
        "title=All+orders",
        &["table.renamed diff"],
    ),
    (
        "ada",
        "POST /data/orders/columns",
        "column=Region&type=text",
        &["column.added diff"],
    ),
    (
        "ada",
        "POST /data/orders/indexes",
        "column=name",
        &["index.added diff"],
    ),
    (
        "ada",
        "POST /data/orders/columns",
        "column=Order+id&type=integer",
        &["column.added diff"],
    ),
    (
        "ada",
        "POST /data/orders/rows/1/order_id",
        "was=&value=1",
        &["cell.changed rows"],
    ),
    (
        "ada",
        "POST /data/orders/references/find",
        "",
        &["reference.found diff"],
    ),
    ("ada", "POST /data/orders/references/find", "", &[]),
    (
        "ada",
        "POST /data/orders/references",
        "column=order_id&to=",
        &["reference.set diff"],
    ),
    (
        "ada",
        "POST /data/orders/policy",
        "rows=region+%3D+ctx('user.region')&role=admin",
        &["policy.saved diff"],
    ),
    (
        "ada",
        "POST /data/orders/policy",
        "rows=region+%3D+ctx('user.region')&mask.amount=null&role=admin",
        &["policy.saved diff"],
    ),
    (
        "ada",
        "POST /data/orders/policy/remove",
        "",
        &["policy.removed diff"],
    ),
    // Reads are noticed once an hour for a person, a session and a page.
    ("ada", "GET /data/orders", "", &["table.viewed"]),
    ("ada", "GET /data/orders", "", &[]),
    // How many rows leave is not known yet: it is written before the first one does.
    (
        "ada",
        "GET /data/orders/export.csv",
        "",
        &["table.exported"],
    ),
    (
        "ada",
        "GET /data/orders/export.xlsx",
        "",
        &["table.exported"],
    ),
    (
        "ada",
        "POST /data/import",
        "file:people.csv:id,name\n1,Ada\n2,Grace\n",
        &["upload.received"],
    ),
    ("hand", "the upload is looked at", "", &[]),
    (
        "ada",
        "POST /data/import/{upload}/start",
        "name=people&title=People&take_0=on&take_1=on&key=0",
        &["table.imported rows diff"],
    ),
    ("hand", "the upload is looked at", "", &[]),
    ("ada", "POST /data/import/{upload}/cancel", "", &[]),
    (
        "ada",
        "POST /data/import/{upload}/delete",
        "",
        &["upload.deleted"],
    ),
];

pub(super) const QUERIES: &[Row] = &[
    (
        "ada",
        "POST /queries/run",
        "sql=select+name+from+orders",
        &["query.run rows"],
    ),
    (
        "ada",
        "POST /queries/run",
        "sql=select+nothing+from+orders",
        &["query.run failed"],
    ),
    (
        "ada",
        "POST /queries/save",
        "name=names&sql=select+name+from+orders&was=&seen=0",
        &["query.saved diff"],
    ),
    (
        "ada",
        "POST /queries/save",
        "name=names&sql=select+amount+from+orders&was=names&seen={changed}",
        &["query.saved diff"],
    ),
    (
        "ada",
        "POST /queries/save",
        "name=amounts&sql=select+amount+from+orders&was=names&seen={changed}",
        &["query.renamed diff"],
    ),
    (
        "ada",
        "POST /queries/export",
        "name=amounts&was=amounts&sql=select+amount+from+orders",
        &["rows.exported"],
    ),
    (
        "ada",
        "POST /queries/export",
        "name=&was=&sql=select+name+from+orders",
        &["rows.exported"],
    ),
    (
        "ada",
        "POST /queries/amounts/delete",
        "",
        &["query.deleted diff"],
    ),
];
