//! One workspace's appetite is its own problem: limits, and who waits for whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use onsight::base::{Bound, Limits};
use onsight::people::{self, Email, NewUser};
use onsight::store::{Budget, Db, Error, Lane};
use onsight::web::{Role, WorkspaceId};

use crate::support::{TestSite, Visitor};

const RUNAWAY: &str =
    "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
const GREEDY: &str = "with recursive n(i) as (select 1 union all select i + 1 from n) select printf('%.*c', 500, 'x') || i as x from n order by x";

/// Another workspace, with its admin.
async fn second(site: &TestSite) -> (Visitor, WorkspaceId) {
    let new = NewUser {
        email: Email::parse("eve@example.org").unwrap(),
        name: "Eve".to_owned(),
        role: Role::Admin,
        operator: false,
    };
    let id = people::welcome(site.site(), new, "Southgate", None)
        .await
        .unwrap();
    (site.enter("eve@example.org").await, id)
}

async fn orders(site: &TestSite, id: WorkspaceId) -> Db {
    site.table(id, "orders", "id,name\n1,one\n2,two\n").await
}

async fn ask(db: &Db, lane: Lane, sql: &str) -> Result<(), Error> {
    let sql = sql.to_owned();
    let budget = Budget::of(Duration::from_mins(10));
    db.ask(lane, budget, move |guarded| {
        let mut statement = guarded.prepare(&sql)?;
        let mut rows = statement.raw_query();
        while rows
            .next()
            .map_err(|error| guarded.explain(error))?
            .is_some()
        {}
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_runaway_queries_of_one_workspace_leave_the_pages_of_another() {
    let (site, _) = TestSite::new().await;
    let first = people::first_workspace(site.site()).await.unwrap();
    let (eve, second) = second(&site).await;
    let (a, _b) = (orders(&site, first).await, orders(&site, second).await);
    // They may run far longer than the test: it ends them itself.
    let long = Limits::default()
        .with(Bound::Page, 300)
        .with(Bound::Desk, 300);
    site.site().files.allow(&first.to_string(), long);
    let (running, seated) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let cancels: Vec<_> = (0..20)
        .map(|n| {
            let (db, running, seated) = (a.clone(), Arc::clone(&running), Arc::clone(&seated));
            let lane = [Lane::Page, Lane::Desk][n % 2];
            let budget = Budget::of(Duration::from_mins(10));
            let cancel = budget.cancel.clone();
            running.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let done = db.ask(lane, budget, move |guarded| {
                    seated.fetch_add(1, Ordering::SeqCst);
                    let mut statement = guarded.prepare(RUNAWAY)?;
                    let mut rows = statement.raw_query();
                    rows.next().map_err(|error| guarded.explain(error))?;
                    Ok::<_, Error>(())
                });
                assert!(done.await.is_err());
                running.fetch_sub(1, Ordering::SeqCst);
            });
            cancel
        })
        .collect();
    // They take every seat there is.
    let at_once = long.get(Bound::AtOnce);
    let seats = (at_once / 2).clamp(1, 10) + (at_once / 4).clamp(1, 10);
    while (seated.load(Ordering::SeqCst) as u64) < seats {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    for path in [
        "/data",
        "/data/orders",
        "/data/orders/rows/1",
        "/members",
        "/apps",
    ] {
        let answer = eve.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    }

    assert_eq!(
        running.load(Ordering::SeqCst),
        20,
        "all of them still run or wait"
    );
    for cancel in cancels {
        cancel.cancel();
    }
}

/// The bound on memory is the process's: the tests beside this one need theirs.
#[test]
fn memory_that_one_workspace_used_up_is_not_missing_in_another() {
    let alone = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tenants::all_memory_is_taken", "--ignored"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&alone.stdout);
    assert!(alone.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "memory_that_one_workspace_used_up_is_not_missing_in_another runs it alone"]
async fn all_memory_is_taken() {
    let (site, _) = TestSite::new().await;
    let first = people::first_workspace(site.site()).await.unwrap();
    let (eve, second) = second(&site).await;
    let (a, _b) = (orders(&site, first).await, orders(&site, second).await);
    let long = Limits::default().with(Bound::Desk, 120);
    site.site().files.allow(&first.to_string(), long);
    let greedy: Vec<_> = (0..2)
        .map(|_| {
            let db = a.clone();
            tokio::spawn(async move { ask(&db, Lane::Desk, GREEDY).await })
        })
        .collect();

    let mut pages = 0;
    while greedy.iter().any(|one| !one.is_finished()) {
        let answer = eve.get("/data/orders").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(!answer.text.contains("more memory"), "{}", answer.text);
        pages += 1;
    }

    assert!(pages > 0);
    let mut ended = Vec::new();
    for one in greedy {
        ended.push(one.await.unwrap());
    }
    assert!(
        ended.iter().any(|end| matches!(end, Err(Error::NoMemory))),
        "{ended:?}"
    );
}

#[tokio::test]
async fn who_meets_a_limit_is_told_which_and_who_can_raise_it() {
    let (site, ada) = TestSite::new().await;
    let id = people::first_workspace(site.site()).await.unwrap();
    orders(&site, id).await;
    let form = "page_seconds=1&query_seconds=1&answer_rows=100&answer_megabytes=1";
    let saved = ada.post(&format!("/security/limits/{id}"), form).await;
    assert_eq!(saved.status, 303, "{}", saved.text);

    let sql: String = form_urlencoded::byte_serialize(RUNAWAY.as_bytes()).collect();
    let told = ada.post("/queries/run", &format!("sql={sql}")).await;
    assert_eq!(told.status, 422);
    assert!(
        told.text.contains("longer than the 1 seconds"),
        "{}",
        told.text
    );
    assert!(told.text.contains("operator of this server can raise"));

    let wide = "select name, printf('%.*c', 900000, 'x') as wide from orders";
    let sql: String = form_urlencoded::byte_serialize(wide.as_bytes()).collect();
    let told = ada.post("/queries/run", &format!("sql={sql}")).await;
    assert!(told.text.contains("larger than the 1 MB"), "{}", told.text);

    let many = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 500) select i from n";
    let sql: String = form_urlencoded::byte_serialize(many.as_bytes()).collect();
    let shown = ada.post("/queries/run", &format!("sql={sql}")).await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    assert!(shown.text.contains(">100<") && !shown.text.contains(">101<"));
}

#[tokio::test]
async fn a_full_workspace_takes_nothing_more_and_can_still_be_emptied() {
    let (site, ada) = TestSite::new().await;
    let id = people::first_workspace(site.site()).await.unwrap();
    let db = orders(&site, id).await;
    let form = "storage_megabytes=16";
    ada.post(&format!("/security/limits/{id}"), form).await;

    let filled = db
        .write(|tx| {
            tx.execute(
                "insert into orders (name) with recursive n(i) as (select 1 union all select i + 1 from n where i < 40) select hex(zeroblob(500000)) from n",
                [],
            )?;
            Ok::<_, Error>(())
        })
        .await;

    assert!(matches!(filled, Err(Error::Full)), "{filled:?}");
    db.write(|tx| {
        tx.execute(
            "insert into orders (name) with recursive n(i) as (select 1 union all select i + 1 from n where i < 16) select hex(zeroblob(500000)) from n",
            [],
        )?;
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
    let upload = ada
        .send_as(
            "POST",
            "/data/import",
            "multipart/form-data; boundary=cut",
            axum::body::Body::from(format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nid,name\n{}\r\n--cut--\r\n", "1,x\n".repeat(1_000_000))),
        )
        .await;
    assert_eq!(upload.status, 409, "{}", upload.text);
    assert!(upload.text.contains("MB of storage"), "{}", upload.text);
    let emptied = db.write(|tx| Ok::<_, Error>(tx.execute("delete from orders where id > 2", [])?));
    assert_eq!(emptied.await.unwrap(), 16);
}

#[tokio::test]
async fn a_wrong_limit_is_said_at_its_field_and_what_was_typed_stays() {
    let (site, ada) = TestSite::new().await;
    let id = people::first_workspace(site.site()).await.unwrap();
    let path = format!("/security/limits/{id}");
    let refused = ada.post(&path, "page_seconds=900&answer_rows=5000").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("whole number from 1 to 300"));
    assert!(refused.text.contains("value=\"900\"") && refused.text.contains("value=\"5000\""));
    assert_eq!(site.site().files.limits(&id.to_string()), Limits::default());

    ada.post(&path, "answer_rows=5000").await;
    assert_eq!(
        site.site().files.limits(&id.to_string()).get(Bound::Rows),
        5_000
    );
    let audit = ada.get("/audit").await;
    assert!(audit.status == 200);
    ada.post(&path, "answer_rows=").await;
    assert_eq!(site.site().files.limits(&id.to_string()), Limits::default());
}
