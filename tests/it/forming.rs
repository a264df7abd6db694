//! Forms in the visual editor: made of a table, with fields and lines that are added,
//! described, moved and taken out, each time as an edit of the text.

use onsight::people;

use crate::fieldwork::upload;
use crate::support::{Answer, TestSite, Visitor};

const TEXT: &str = r#"# Ours
format = 1
id     = "jobs"
title  = "Jobs"

[uses.main]
kind  = "sqlite"
needs = ["read"] # ours

[query.articles]
use  = "main"
kind = "read"
sql  = "select id, name from articles"

[page.home]
title = "Home"
path  = "/"
"#;

struct Shop {
    ada: Visitor,
    site: TestSite,
}

impl Shop {
    async fn new() -> Shop {
        let (site, ada) = TestSite::new().await;
        let workspace = people::first_workspace(site.site()).await.unwrap();
        for (name, rows) in [
            ("jobs", "id,customer,hours,total\n1,Bo,2,20\n2,Li,3,30\n"),
            ("articles", "id,name\n1,Bolt\n2,Nut\n"),
            ("parts", "id,job_id,article_id,qty\n1,1,1,2\n2,2,2,5\n"),
        ] {
            site.table(workspace, name, rows).await;
        }
        let brought = upload(&ada, "/apps/import", "jobs.toml", TEXT).await;
        assert_eq!(brought.status, 303, "{}", brought.text);
        Shop { ada, site }
    }

    /// How often the journal says that the draft was changed.
    async fn changes(&self) -> i64 {
        let read = self.site.site().system.read(|conn| {
            let sql = "select count(*) from journal where action = 'app.draft_saved'";
            Ok::<_, onsight::store::Error>(conn.query_row(sql, [], |row| row.get(0))?)
        });
        read.await.unwrap()
    }

    async fn text(&self) -> String {
        self.ada.get("/edit/jobs/export").await.text
    }

    async fn send(&self, to: &str, fields: &str) -> Answer {
        let page = self.ada.get("/edit/jobs/pages").await;
        let seen = page.between("name=\"draft_at\" value=\"", "\"").to_owned();
        let form = format!("draft_at={seen}&page=home&{fields}");
        let path = format!("/edit/jobs/pages/{to}");
        self.ada.post(path.trim_end_matches('/'), &form).await
    }

    /// What is done is one change of the draft, and one line of the journal.
    async fn done(&self, to: &str, fields: &str) -> Answer {
        let before = self.changes().await;
        let done = self.send(to, fields).await;
        assert_eq!(done.status, 303, "{}", done.text);
        assert_eq!(self.changes().await, before + 1, "{to}: {fields}");
        done
    }

    /// The form of jobs with its parts.
    async fn with_lines() -> Shop {
        let shop = Shop::new().await;
        shop.done("home/forms", "table=jobs").await;
        let add = "do=add+list&open=form&from=parts.job_id&name=pieces";
        shop.done("home/widgets/form/fields", add).await;
        shop
    }
}

#[tokio::test]
async fn a_table_becomes_a_form_with_its_queries_at_a_press() {
    let shop = Shop::new().await;

    let page = shop.ada.get("/edit/jobs/pages/home").await;
    let made = shop.done("home/forms", "table=jobs").await;
    let text = shop.text().await;
    let panel = shop.ada.get(made.location()).await;

    assert!(page.text.contains("A form for the table"), "{}", page.text);
    assert_eq!(made.location(), "/edit/jobs/pages/home/widgets/form");
    for said in [
        "needs = [\"read\", \"write\"] # ours",
        "insert into jobs (customer, hours, total)\nvalues (:customer, :hours, :total)",
        "select id, customer, hours, total\n  from jobs\n where id = :id",
        "customer = { same_as = \"add_job.customer\" }",
        "id = { from = \"url.id\", type = \"int\", null = true }",
        "submit = \"add_job\"\nload = \"one_job\"\nchange = \"change_job\"",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(
        panel.text.contains("aria-label=\"Move Hours up\""),
        "{}",
        panel.text
    );
    assert!(
        panel.text.contains("value=\"parts.job_id\""),
        "{}",
        panel.text
    );
    assert!(panel.text.len() < 60_000, "{}", panel.text.len());
}

#[tokio::test]
async fn lines_are_made_of_another_table_and_undone_to_the_byte() {
    let shop = Shop::new().await;
    shop.done("home/forms", "table=jobs").await;
    let before = shop.text().await;
    let fields = "home/widgets/form/fields";

    let made = shop
        .done(
            fields,
            "do=add+list&open=form&from=parts.job_id&name=pieces",
        )
        .await;
    let text = shop.text().await;
    let open = shop.ada.get(made.location()).await;
    let wrong = shop
        .send(
            fields,
            "do=add+list&open=form&from=parts.job_id&name=No+Name",
        )
        .await;
    shop.done("", "do=undo").await;

    assert_eq!(
        made.location(),
        "/edit/jobs/pages/home/widgets/form/lists/pieces"
    );
    for said in [
        "[[page.home.widget.form.lines]]\nid = \"pieces\"\n",
        "submit = \"add_pieces\"\nload = \"list_pieces\"\nchange = \"change_pieces\"\nremove = \"remove_pieces\"\n",
        "insert into parts (job_id, article_id, qty)\nvalues (:job_id, :article_id, :qty)",
        "job_id = { from = \"parent.id\", type = \"int\" }",
        "id = { from = \"row.id\", type = \"int\" }",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(open.text.contains("name=\"l.min\""), "{}", open.text);
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text.contains("begin with a small letter"),
        "{}",
        wrong.text
    );
    assert_eq!(shop.text().await, before);
}

#[tokio::test]
async fn a_field_is_chosen_asked_in_some_cases_and_worked_out() {
    let shop = Shop::with_lines().await;
    let of = |name: &str| format!("home/widgets/form/fields/{name}");

    shop.done(
        &of("pieces.article_id"),
        "c.query=articles&c.label=name&w.label=Article",
    )
    .await;
    let chosen = shop
        .ada
        .get(&format!("/edit/jobs/pages/{}", of("pieces.article_id")))
        .await;
    shop.done(
        &of("hours"),
        "r.when=%24%7Bcustomer%7D+%21%3D+%27Bo%27&p.null=true",
    )
    .await;
    shop.done(&of("total"), "r.compute=%24%7Bhours%7D+*+10&p.null=true")
        .await;
    let text = shop.text().await;
    let wrong = shop
        .send(&of("total"), "r.compute=%24%7Bhuors%7D+*+10")
        .await;
    let list = "home/widgets/form/lists/pieces";
    shop.done(list, "l.line=Piece&l.min=1&r.when=%24%7Bhours%7D+%3E+1")
        .await;

    for said in [
        "choices = [\n  { field = \"article_id\", query = \"articles\", label = \"name\" },\n]",
        "when = { hours = \"${customer} != 'Bo'\" }",
        "compute = { total = \"${hours} * 10\" }",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    // The columns of the query that was chosen are offered.
    assert!(
        chosen
            .text
            .contains("<option value=\"name\" selected>name</option>"),
        "{}",
        chosen.text
    );
    assert_eq!(wrong.status, 422);
    assert!(
        wrong
            .text
            .contains("<a href=\"#r.compute\">`${huors} * 10`: there is no field `huors`"),
        "{}",
        wrong.text
    );
    let text = shop.text().await;
    assert!(text.contains("pieces = \"${hours} > 1\""), "{text}");
    let nowhere = shop
        .ada
        .get(&format!("/edit/jobs/pages/{}", of("nothing")))
        .await;
    assert_eq!(nowhere.status, 404);
}

#[tokio::test]
async fn fields_move_go_and_come_back() {
    let shop = Shop::with_lines().await;
    let before = shop.text().await;
    let fields = "home/widgets/form/fields";

    let moved = shop.done(fields, "do=down+field+customer&open=form").await;
    let panel = shop.ada.get(moved.location()).await;
    shop.done(fields, "do=up+field+customer&open=form").await;
    let back = shop.text().await;
    shop.done(fields, "do=remove+field+pieces.qty&open=form")
        .await;
    let less = shop.text().await;
    let last = shop
        .send(fields, "do=remove+field+pieces.article_id&open=form")
        .await;
    let more = shop
        .done(fields, "do=add+field+pieces&column=qty&open=form")
        .await;

    // The keyboard stays at the button that was pressed.
    assert!(
        panel
            .text
            .contains("aria-label=\"Move Customer down\" autofocus"),
        "{}",
        panel.text
    );
    assert_eq!(back, before);
    assert!(
        less.contains("insert into parts (job_id, article_id)\nvalues (:job_id, :article_id)"),
        "{less}"
    );
    assert!(!less.contains("qty = :qty"), "{less}");
    assert_eq!(last.status, 422);
    assert!(last.text.contains("it is the only field"), "{}", last.text);
    assert_eq!(
        more.location(),
        "/edit/jobs/pages/home/widgets/form/fields/pieces.qty"
    );
    let again = shop.text().await;
    for said in [
        "insert into parts (job_id, article_id, qty)\nvalues (:job_id, :article_id, :qty)",
        "qty = { same_as = \"add_pieces.qty\" }",
        "set article_id = :article_id, qty = :qty\n where id = :id",
    ] {
        assert!(again.contains(said), "{said}\n{again}");
    }
}
