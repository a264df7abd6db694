//! What belongs to one workspace does not exist for another.

use crate::support::TestSite;

#[tokio::test]
async fn members_of_another_workspace_do_not_exist() {
    let (site, admin) = TestSite::new().await;
    let other = site.found("Southgate", "eve@example.org").await;
    let page = admin.get("/members").await;
    let ada = page.between("action=\"/members/", "/role").to_owned();
    assert_eq!(ada.len(), 32);
    assert!(!page.text.contains("eve@example.org"));

    for act in ["disable", "enable", "link", "role"] {
        let answer = other
            .post(&format!("/members/{ada}/{act}"), "role=user")
            .await;
        assert_eq!(answer.status, 404, "{act}");
    }

    assert_eq!(admin.get("/members").await.status, 200);
}
