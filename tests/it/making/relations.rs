//! Columns that name rows of another table: found, put right, kept.

use onsight::people;

use crate::support::{TestSite, Visitor};

const CUSTOMERS: &str = "id,name\n1,Ada\n2,Grace\n";
const ORDERS: &str = "id,customer_id,amount\n1,2,10\n2,1,20\n3,2,5\n";

async fn shop() -> (TestSite, Visitor) {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "customers", CUSTOMERS).await;
    site.table(workspace, "orders", ORDERS).await;
    (site, ada)
}

/// The table that a column of `orders` names, as the page has it.
async fn named(ada: &Visitor, table: &str, column: &str) -> Option<String> {
    let page = ada.get(&format!("/data/{table}/settings")).await.text;
    let start = page.find(&format!(
        "name=\"column\" value=\"{column}\"><select name=\"to\""
    ))?;
    let options = page[start..].split("</select>").next()?;
    let (before, _) = options.split_once(" selected")?;
    let (_, value) = before.rsplit_once("value=\"")?;
    Some(value.trim_end_matches('"').to_owned())
}

#[tokio::test]
async fn an_import_finds_what_a_column_names_by_its_name_and_all_of_its_values() {
    let (site, ada) = shop().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    // One value is no customer's, so it may mean something else.
    let visits = "id,customer_id\n1,1\n2,7\n";
    site.table(workspace, "visits", visits).await;

    assert_eq!(
        named(&ada, "orders", "customer_id").await.as_deref(),
        Some("customers")
    );
    assert_eq!(named(&ada, "orders", "amount").await, None);
    assert_eq!(named(&ada, "visits", "customer_id").await, None);
    let page = ada.get("/data/visits/settings").await;
    assert!(page.text.contains("Names rows of"), "{}", page.text);
}

#[tokio::test]
async fn a_table_that_comes_later_is_what_an_earlier_one_names() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "orders", ORDERS).await;

    site.table(workspace, "customers", CUSTOMERS).await;

    assert_eq!(
        named(&ada, "orders", "customer_id").await.as_deref(),
        Some("customers")
    );
}

#[tokio::test]
async fn what_was_found_is_put_right_by_hand_and_what_does_not_fit_is_said() {
    let (site, ada) = shop().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "people", "id,name\n1,Bob\n").await;

    let set = ada
        .post("/data/orders/references", "column=customer_id&to=people")
        .await;

    assert_eq!(set.status, 303, "{}", set.text);
    assert_eq!(
        named(&ada, "orders", "customer_id").await.as_deref(),
        Some("people")
    );
    let none = ada
        .post("/data/orders/references", "column=customer_id&to=")
        .await;
    assert_eq!(none.status, 303);
    assert_eq!(named(&ada, "orders", "customer_id").await, None);
    let again = ada.post("/data/orders/references/find", "").await;
    assert_eq!(again.status, 303);
    assert_eq!(
        named(&ada, "orders", "customer_id").await.as_deref(),
        Some("customers")
    );
}

#[tokio::test]
async fn what_cannot_name_a_row_is_not_there() {
    let (_site, ada) = shop().await;

    for form in [
        "column=id&to=customers",
        "column=amount2&to=customers",
        "column=customer_id&to=nowhere",
        "to=customers",
    ] {
        let refused = ada.post("/data/orders/references", form).await;
        assert_eq!(refused.status, 404, "{form}");
    }
}

#[tokio::test]
async fn a_reference_outlives_a_deletion_that_is_undone_and_ends_with_the_table() {
    let (site, ada) = shop().await;
    let deletion = crate::ending::delete(&ada, "/delete/table/customers", "typed=customers").await;
    assert_eq!(named(&ada, "orders", "customer_id").await, None);

    let undone = ada.post(&format!("/deleting/{deletion}/undo"), "").await;

    assert_eq!(undone.status, 303, "{}", undone.text);
    assert_eq!(
        named(&ada, "orders", "customer_id").await.as_deref(),
        Some("customers")
    );

    crate::ending::delete(&ada, "/delete/table/customers", "typed=customers").await;
    site.site().clock.advance(23 * onsight::base::Time::HOUR);
    onsight::ending::round(site.site()).await.unwrap();

    let workspace = people::first_workspace(site.site()).await.unwrap();
    let db = site.site().files.open(&workspace.to_string()).unwrap();
    let left: i64 = db
        .read(|conn| {
            let all = "select count(*) from _column where refers is not null";
            Ok::<_, onsight::store::Error>(conn.query_row(all, [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    assert_eq!(left, 0);
}
