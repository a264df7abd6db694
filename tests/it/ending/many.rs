//! More is deleted than a page has room for.

use std::collections::BTreeSet;

use onsight::people;
use onsight::store::{Error, Transaction};

use crate::support::TestSite;

#[tokio::test]
async fn what_was_deleted_first_can_be_had_back_as_well() {
    let (site, ada) = TestSite::new().await;
    let workspace = people::first_workspace(site.site()).await.unwrap();
    let add = move |tx: &Transaction<'_>| {
        tx.execute(
            "with recursive number (n) as (select 1 union all select n + 1 from number
                                           where n < 230)
             insert into ending (id, kind, workspace, object, title, hash, state, asked,
                                 asked_by, asked_by_name, due, late)
             select printf('%032x', n), 'table', :workspace, 't' || n, 'Table ' || n, 'h' || n,
                    'going', n, '', 'Ada', 4000000000000, 4000000000000 from number",
            rusqlite::named_params! { ":workspace": workspace },
        )?;
        Ok::<_, Error>(())
    };
    site.site().system.write(add).await.unwrap();

    let (mut at, mut seen, mut pages) = (Some("/deleting".to_owned()), BTreeSet::new(), 0);
    while let Some(address) = at.take() {
        let page = ada.get(&address).await;
        assert_eq!(page.status, 200, "{}", page.text);
        assert!(page.text.contains(">230</span>"), "all of them are counted");
        let undos = page.text.split("action=\"/deleting/").skip(1);
        seen.extend(undos.map(|form| form[..32].to_owned()));
        let next = page
            .text
            .split_once("rel=\"next\" href=\"")
            .map(|(_, next)| next);
        at = next.map(|next| next.split(['"', '#']).next().unwrap().to_owned());
        pages += 1;
    }

    assert_eq!((seen.len(), pages), (230, 3));
    assert_eq!(ada.get("/deleting?going=nobody").await.status, 404);
}
