//! What waits for suppliers' servers: told beside what is broken, given up where nobody
//! wants it told any more, sent again by hand.

use onsight::base::Time;
use onsight::people;
use onsight::store::{Error, named_params, project_file};
use onsight::surveys::running::{Surveys, tell};

use super::panels::{SIMPLE, Sink, complete, waiting};
use super::stage::{ID, Stage};

/// A survey with a supplier whose server is told of completes.
async fn told(sink: &Sink) -> Stage {
    let stage = Stage::calling(SIMPLE, vec![format!("127.0.0.1:{}", sink.port)]).await;
    let supplier = ("purespectrum", "shared secret");
    stage.supplier("pure", supplier, &sink.ca).await;
    stage.link(1, "pure", ("{}", &sink.postbacks())).await;
    stage
}

/// Another survey with such a link, whose file is none; it comes first in every list.
async fn broken(stage: &Stage) {
    let site = stage.site.site();
    let workspace = people::first_workspace(site).await.unwrap();
    let write = site.system.write(move |tx| {
        tx.execute(
            "insert into survey (workspace, id, slug, title, draft, draft_at, draft_by, state,
                                 created)
             values (:workspace, '0', 'broken', 'T', '', 0, 'ada', 'draft', 0)",
            named_params! { ":workspace": workspace },
        )?;
        tx.execute(
            "insert into survey_link (workspace, survey, id, kind, name, postbacks, supplier,
                                      created, created_by)
             values (:workspace, '0', 'l', 'open', 'W', '{\"complete\":\"x\"}', 'pure', 0, 'ada')",
            named_params! { ":workspace": workspace },
        )?;
        Ok::<_, Error>(())
    });
    write.await.unwrap();
    let folder = { &site.config.data }
        .join("workspaces")
        .join(workspace.to_string());
    std::fs::write(folder.join("projects").join("0.db"), "no database").unwrap();
    let name = project_file(workspace, "0");
    site.keyring.key_of(&name).unwrap();
    assert!(site.files.is_there(&name).unwrap());
    assert!(site.files.open(&name).is_err(), "the file is none");
}

#[tokio::test]
async fn a_survey_whose_file_is_broken_keeps_no_other_waiting() {
    let sink = Sink::open(&[200]).await;
    let stage = told(&sink).await;
    broken(&stage).await;
    complete(&stage, "t-1").await;

    let surveys = Surveys::new(stage.site.site().clone());

    assert_eq!(tell(&surveys, true).await.unwrap(), 1);
    assert_eq!(waiting(&stage), ["sent 1  0"]);
}

#[tokio::test]
async fn what_waits_is_given_up_when_its_line_is_taken_out_at_the_link() {
    let sink = Sink::open(&[500, 200]).await;
    let stage = told(&sink).await;
    let surveys = Surveys::new(stage.site.site().clone());
    let clock = &stage.site.site().clock;
    complete(&stage, "t-1").await;
    assert_eq!(tell(&surveys, true).await.unwrap(), 0);
    let exits = format!("/surveys/{ID}/links/link-1/exits");
    let emptied = stage.ada().post(&exits, "exits=&postbacks=").await;
    assert_eq!(emptied.status, 303, "{}", emptied.text);

    clock.advance(Time::MINUTE);
    assert_eq!(tell(&surveys, true).await.unwrap(), 0);

    let why = "its link has no postback for this outcome any more";
    assert_eq!(waiting(&stage), [format!("failed 1 {why} 1")]);
    assert_eq!(sink.heard().len(), 1, "nobody is called for it");
    let page = stage.ada().get(&format!("/surveys/{ID}/links")).await;
    assert!(page.text.contains(why), "{}", page.text);
    // The line was taken out by mistake: it is put back, and sent again by hand.
    let port = sink.port;
    let line = format!("complete https://127.0.0.1:{port}/s2s?t={{transaction_id}}");
    let line = form_urlencoded::byte_serialize(line.as_bytes());
    let form = format!("exits=&postbacks={}", line.collect::<String>());
    assert_eq!(stage.ada().post(&exits, &form).await.status, 303);
    let again = format!("/surveys/{ID}/links/postbacks");
    assert_eq!(stage.ada().post(&again, "").await.status, 303);
    assert_eq!(tell(&surveys, true).await.unwrap(), 1);
    assert_eq!(waiting(&stage), ["sent 1  0"]);
}

#[tokio::test]
async fn sending_again_is_recorded_beside_the_file_of_the_answers() {
    let sink = Sink::open(&[503]).await;
    let stage = told(&sink).await;
    let surveys = Surveys::new(stage.site.site().clone());
    complete(&stage, "t-1").await;
    tell(&surveys, true).await.unwrap();
    stage.site.site().clock.advance(Time::DAY);
    tell(&surveys, true).await.unwrap();
    assert!(waiting(&stage)[0].starts_with("failed 2 "));
    let ada = stage.site.again("ada@example.org", stage.ada()).await;

    let again = ada
        .post(&format!("/surveys/{ID}/links/postbacks"), "")
        .await;

    assert_eq!(again.status, 303, "{}", again.text);
    assert!(waiting(&stage)[0].starts_with("waiting 0 "));
    let sql = "select detail from journal where action = 'survey.postbacks_retried'";
    assert!(
        stage.texts(sql, None).is_empty(),
        "the file goes with its answers"
    );
    let system = &stage.site.site().system;
    let told = system
        .read(move |conn| Ok::<_, Error>(conn.query_row(sql, [], |row| row.get::<_, String>(0))?));
    let told = told.await.unwrap();
    assert!(told.contains("\"rows\":1"), "{told}");
}

#[tokio::test]
async fn an_address_with_a_personal_value_waits_sealed_and_is_called_as_it_is() {
    let sink = Sink::open(&[200]).await;
    let entry = "[entry.transaction_id]\npersonal = true\n[[page]]";
    let text = SIMPLE.replacen("[[page]]", entry, 1);
    let stage = Stage::calling(&text, vec![format!("127.0.0.1:{}", sink.port)]).await;
    let supplier = ("purespectrum", "shared secret");
    stage.supplier("pure", supplier, &sink.ca).await;
    stage.link(1, "pure", ("{}", &sink.postbacks())).await;

    complete(&stage, "t-canary7706").await;

    let sealed = "select cast(count(*) as text) from postback where sealed is not null";
    assert_eq!(waiting(&stage), ["waiting 0  0"], "no address is shown");
    assert_eq!(stage.texts(sealed, None), ["1"]);
    let surveys = Surveys::new(stage.site.site().clone());
    assert_eq!(tell(&surveys, true).await.unwrap(), 1);
    let heard = sink.heard();
    assert!(heard[0].contains("?t=t-canary7706&"), "{heard:?}");
    assert_eq!(stage.texts(sealed, None), ["0"], "it goes with its message");
}
