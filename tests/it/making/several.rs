//! An app made from tables that belong together, and its forms sent.

use onsight::people;

use super::forms::{self, links};
use crate::support::{TestSite, Visitor};

const CUSTOMERS: &str = "id,name,city\n1,Ada,Bern\n2,Grace,Bern\n3,Mary,Thun\n4,Joan,Thun\n";
const ORDERS: &str = "id,customer_id,status,day,amount\n1,2,new,2026-09-02,10\n2,1,paid,2026-10-03,20\n3,2,paid,2026-10-09,5\n4,2,new,2026-11-01,7\n";
const PAGES: &str = "/apps/shop/p/";

async fn shop() -> (TestSite, Visitor) {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    site.table(workspace, "customers", CUSTOMERS).await;
    site.table(workspace, "orders", ORDERS).await;
    let tags = "id,word\n1,red\n2,blue\n";
    site.table(workspace, "tags", tags).await;
    (site, ada)
}

async fn made() -> (TestSite, Visitor) {
    let (site, ada) = shop().await;
    let form = "table=customers&table=orders&title=Shop";
    let made = ada.post("/apps/make", form).await;
    assert_eq!((made.status.as_u16(), made.location()), (303, "/apps/shop"));
    (site, ada)
}

/// Sends the first form of a page, some of its fields filled in.
async fn send(ada: &Visitor, page: &str, values: &[(&str, &str)]) -> crate::support::Answer {
    let shown = ada.get(page).await;
    assert_eq!(shown.status, 200, "{page}");
    let form = forms::forms(&shown.text).remove(0);
    let body = forms::sent(&form, |field| {
        let typed = values.iter().find(|(name, _)| *name == field.name);
        typed.map_or_else(|| field.value.clone(), |(_, value)| (*value).to_owned())
    });
    ada.post(&form.action, &body).await
}

#[tokio::test]
async fn related_tables_are_offered_and_what_will_be_made_is_said_before() {
    let (_site, ada) = shop().await;

    let page = ada.get("/apps/make?table=orders").await;

    assert_eq!(page.status, 200);
    let place = |word: &str| page.text.find(word).unwrap_or(usize::MAX);
    let offered = "<span>Customers <small>Rows of Orders name its rows";
    assert!(page.text.contains(offered), "{}", page.text);
    assert!(place(offered) < place("<span>Tags</span>"));
    assert!(page.text.contains("A list, filtered by"), "{}", page.text);

    let both = ada.get("/apps/make?table=orders&table=customers").await;
    assert!(
        both.text
            .contains("A page of one customer, with its orders")
    );
    assert!(
        both.text.contains("value=\"Orders and customers\""),
        "{}",
        both.text
    );
}

#[tokio::test]
async fn what_cannot_be_made_says_why() {
    let (_site, ada) = shop().await;
    let many: Vec<String> = (0..13).map(|at| format!("table=t{at}&")).collect();
    let many = many.concat();

    for (form, words) in [
        ("title=Shop".to_owned(), "choose at least one table"),
        (format!("{many}title=Shop"), "12 tables at the most"),
        (
            "table=nowhere&title=Shop".to_owned(),
            "there is no table `nowhere`",
        ),
        ("table=orders&title=+".to_owned(), "write a title"),
    ] {
        let refused = ada.post("/apps/make", &form).await;
        assert_eq!(refused.status, 422, "{form}");
        assert!(refused.text.contains(words), "{form}: {}", refused.text);
    }
    assert_eq!(ada.get("/apps/make?table=nowhere").await.status, 422);
    assert_eq!(ada.get("/apps/shop").await.status, 404);
}

#[tokio::test]
async fn every_page_shows_its_rows() {
    let (_site, ada) = made().await;
    let home = ada.get("/apps/shop").await;
    assert!(home.text.contains("Amount of orders"), "{}", home.text);

    let orders = ada
        .get(&format!("{PAGES}orders?status=new&search=Grace"))
        .await;
    assert!(orders.text.contains("Grace") && !orders.text.contains("Ada</a>"));
    let customer = ada.get(&format!("{PAGES}customer?id=2")).await;
    let rows = links(&customer.text, &format!("{PAGES}order?id="));
    assert_eq!(rows.len(), 3, "{}", customer.text);
    let new = links(&customer.text, &format!("{PAGES}customer-order-new"));
    assert_eq!(new, [format!("{PAGES}customer-order-new?id=2")]);
    let order = ada.get(&format!("{PAGES}order?id=1")).await;
    assert_eq!(
        links(&order.text, &format!("{PAGES}customer?")),
        [format!("{PAGES}customer?id=2")]
    );
}

#[tokio::test]
async fn a_child_is_added_to_the_row_it_was_begun_on() {
    let (_site, ada) = made().await;

    let page = format!("{PAGES}customer-order-new?id=3");
    let shown = ada.get(&page).await;
    assert!(shown.text.contains("Mary"), "{}", shown.text);
    let values = [("status", "new"), ("day", "2026-11-20"), ("amount", "99")];
    let sent = send(&ada, &page, &values).await;

    assert_eq!(
        (sent.status.as_u16(), sent.location()),
        (303, "/apps/shop/p/customer?id=3")
    );
    let mary = ada.get(&format!("{PAGES}customer?id=3")).await;
    assert_eq!(links(&mary.text, &format!("{PAGES}order?id=")).len(), 1);
    // Nobody has that number.
    let nobody = send(&ada, &format!("{PAGES}customer-order-new?id=77"), &values).await;
    assert_eq!(nobody.status, 422, "{}", nobody.text);
}

#[tokio::test]
async fn a_row_is_named_by_what_people_call_it() {
    let (_site, ada) = made().await;
    let change = format!("{PAGES}order-change?id=1");
    let shown = ada.get(&change).await;
    assert!(
        shown.text.contains("As it is called in Customers"),
        "{}",
        shown.text
    );

    let sent = send(&ada, &change, &[("customer", "Joan")]).await;

    assert_eq!(
        (sent.status.as_u16(), sent.location()),
        (303, "/apps/shop/p/order?id=1")
    );
    assert!(
        ada.get(&format!("{PAGES}order?id=1"))
            .await
            .text
            .contains("Joan")
    );
    let unknown = send(&ada, &change, &[("customer", "Jo%' or 1=1 --")]).await;
    assert_eq!(unknown.status, 422, "{}", unknown.text);
    assert!(
        ada.get(&format!("{PAGES}order?id=1"))
            .await
            .text
            .contains("Joan")
    );
}

#[tokio::test]
async fn a_row_that_something_belongs_to_stays() {
    let (_site, ada) = made().await;

    let stays = send(&ada, &format!("{PAGES}customer?id=2"), &[]).await;
    assert_eq!(stays.status, 422, "{}", stays.text);
    assert!(
        ada.get(&format!("{PAGES}customer?id=2"))
            .await
            .text
            .contains("Grace")
    );

    let goes = send(&ada, &format!("{PAGES}customer?id=4"), &[]).await;
    assert_eq!(
        (goes.status.as_u16(), goes.location()),
        (303, "/apps/shop/p/customers")
    );
}
