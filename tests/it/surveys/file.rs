//! The file of a survey's answers: a key of its own, and the end of its workspace.

use onsight::store::project_of;

use super::stage::{Stage, WHOLE};

#[tokio::test]
async fn it_changes_its_key_and_goes_with_its_workspace() {
    let stage = Stage::of(WHOLE).await;
    let way = stage.begin("").await;
    let page = stage.stranger.get(&way).await;
    stage.send(&way, &page, "gender=1&age=40").await;
    let before = stage.kept(&way);
    let files = &stage.site.site().files;
    let names = files.all_names().unwrap();
    let name = names
        .iter()
        .find(|name| project_of(name).is_some())
        .unwrap();
    let (workspace, _) = project_of(name).unwrap();

    stage.site.site().rotate_file(name).await.unwrap();

    assert_eq!(stage.kept(&way), before);
    let page = stage.stranger.get(&way).await;
    assert_eq!(stage.send(&way, &page, "brands=1").await.status, 303);
    assert!(files.used(workspace).unwrap() > 4096);

    let Stage { site, db, .. } = stage;
    drop(db);
    let files = &site.site().files;
    files.destroy(workspace).unwrap();

    assert!(!files.is_there(name).unwrap());
    assert!(!files.is_there(workspace).unwrap());
    assert!(files.all_names().unwrap().is_empty());
    assert_eq!(site.stranger().get(&way).await.status, 404);
}
