//! Test messages: which step failed, and nothing is called that may not be.

use super::ENDS;
use super::receiver::Receiver;
use super::stage::{Stage, form, signature};

/// The steps a page shows, as `title: went`.
fn steps(text: &str) -> Vec<String> {
    let part = text.split_once("How far the test came").unwrap().1;
    let part = part.split_once("</dl>").unwrap().0;
    let steps = part.split("<dt>").skip(1).map(|step| {
        let (title, rest) = step.split_once("</dt>").unwrap();
        let went = if rest.contains(">well<") {
            "well"
        } else {
            "failed"
        };
        format!("{title}: {went}")
    });
    steps.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_says_how_far_it_came() {
    let receiver = Receiver::prepared(&["200", "404", "200"]).await;
    let stage = Stage::calling(&[&receiver]).await;
    let hook = stage.add(&receiver, ENDS, "&on=1").await;
    let nobody = stage.ada.post(&hook.at("/test"), "").await;
    assert_eq!(steps(&nobody.text), ["Name: well", "Connection: failed"]);
    receiver.listen().await;

    let well = stage.ada.post(&hook.at("/test"), "").await;
    let all = ["Name: well", "Connection: well", "Certificate: well"];
    assert_eq!(steps(&well.text)[..3], all);
    assert_eq!(steps(&well.text)[3..], ["Answer: well"]);
    let heard = receiver.heard().remove(0);
    assert_eq!(heard.event(), "test");
    assert_eq!(
        heard.header("webhook-signature"),
        signature(&hook.secret, &heard)
    );
    let amiss = stage.ada.post(&hook.at("/test"), "").await;
    assert_eq!(steps(&amiss.text)[3..], ["Answer: failed"]);
    assert!(amiss.text.contains("it answered 404"), "{}", amiss.text);
    // Another authority vouches for nothing there.
    let other = Receiver::prepared(&["200"]).await;
    let form = form(&receiver, ENDS, "&on=1").replace(
        &form_urlencoded::byte_serialize(receiver.ca.as_bytes()).collect::<String>(),
        &form_urlencoded::byte_serialize(other.ca.as_bytes()).collect::<String>(),
    );
    assert_eq!(stage.ada.post(&hook.at(""), &form).await.status, 303);
    let untrusted = stage.ada.post(&hook.at("/test"), "").await;
    let went = steps(&untrusted.text);
    assert_eq!(went[..2], all[..2]);
    assert!(
        went[2..].iter().all(|step| step == "Certificate: failed"),
        "{went:?}"
    );
    assert_eq!(receiver.heard().len(), 2);
    let tested: Vec<_> = { stage.records().await.into_iter() }
        .filter(|record| record.starts_with("webhook.tested"))
        .collect();
    let (ok, failed) = ("webhook.tested ok", "webhook.tested failed");
    assert_eq!(tested, [failed, ok, failed, failed]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_configuration_does_not_allow_is_never_called() {
    let receiver = Receiver::open(&["200"]).await;
    let stage = Stage::calling(&[]).await;
    let hook = stage.add(&receiver, ENDS, "&on=1").await;
    stage.answers("40").await;

    let tested = stage.ada.post(&hook.at("/test"), "").await;
    assert_eq!(stage.send().await, 0);

    assert_eq!(steps(&tested.text), ["Name: failed"]);
    let line = format!("[egress] allow = [&#34;127.0.0.1:{}&#34;]", receiver.port);
    assert!(tested.text.contains(&line), "{}", tested.text);
    assert!(receiver.heard().is_empty());
    let waiting = stage.messages().await;
    assert!(waiting[0].contains("which is not allowed"), "{waiting:?}");
    assert!(!waiting[0].contains("hunter2"), "{waiting:?}");
}
