//! What a page sends, and what it only could.

use super::*;

const VISIT: &str = "AAAAAAAAAAAAAAAAAAAAAA";

fn read(events: &str) -> Option<Batch> {
    let text = format!(r#"{{"visit":"{VISIT}","page":"first","turn":0,"events":[{events}]}}"#);
    let sent: Sent = serde_json::from_str(&text).ok()?;
    Batch::of(sent, &Asked(vec![("age", false), ("shelf", true)]))
}

#[test]
fn every_kind_is_read_as_it_is_written_and_has_words() {
    for (kind, words) in KINDS {
        let more = match kind {
            "first_touch" | "last_touch" | "changed" => r#","question":"age""#,
            "block" => r#","question":"shelf","data":{"put":3}"#,
            _ => "",
        };
        let batch = read(&format!(r#"{{"seq":1,"ms":5,"kind":"{kind}"{more}}}"#));

        let what = batch.expect(kind).events.remove(0).what;
        assert_eq!((what.kind(), super::words(kind)), (kind, words));
        assert_eq!(what.question().is_empty(), more.is_empty(), "{kind}");
        assert_eq!(what.data().is_empty(), kind != "block", "{kind}");
    }
}

#[test]
fn what_is_no_event_of_this_page_is_none() {
    let long = "x".repeat(DATA);
    let heavy =
        format!(r#"{{"seq":1,"ms":1,"kind":"block","question":"shelf","data":{{"a":"{long}"}}}}"#);
    for hostile in [
        // Numbers that are none.
        r#"{"seq":0,"ms":1,"kind":"shown"}"#,
        r#"{"seq":-1,"ms":1,"kind":"shown"}"#,
        r#"{"seq":1001,"ms":1,"kind":"shown"}"#,
        r#"{"seq":99999999999999999999,"ms":1,"kind":"shown"}"#,
        r#"{"seq":1.5,"ms":1,"kind":"shown"}"#,
        r#"{"seq":"1","ms":1,"kind":"shown"}"#,
        r#"{"seq":1,"ms":-1,"kind":"shown"}"#,
        r#"{"seq":1,"ms":86400001,"kind":"shown"}"#,
        // Kinds that are none, or say too much or too little.
        r#"{"seq":1,"ms":1,"kind":"Shown"}"#,
        r#"{"seq":1,"ms":1,"kind":""}"#,
        r#"{"seq":1,"ms":1}"#,
        r#"{"seq":1,"ms":1,"kind":"changed"}"#,
        r#"{"seq":1,"ms":1,"kind":"shown","question":"age"}"#,
        r#"{"seq":1,"ms":1,"kind":"changed","question":"other"}"#,
        r#"{"seq":1,"ms":1,"kind":"changed","question":"age","data":{"value":44}}"#,
        r#"{"seq":1,"ms":1,"kind":"changed","question":"age","value":44}"#,
        // Blocks that say nothing of their own, or more than they may.
        r#"{"seq":1,"ms":1,"kind":"block","question":"age","data":{}}"#,
        r#"{"seq":1,"ms":1,"kind":"block","question":"shelf"}"#,
        r#"{"seq":1,"ms":1,"kind":"block","question":"shelf","data":"x"}"#,
        &heavy,
    ] {
        assert_eq!(read(hostile), None, "{hostile}");
    }
}

#[test]
fn a_batch_has_the_shape_of_one_visit_and_an_end() {
    let event = r#"{"seq":1,"ms":1,"kind":"shown"}"#;
    assert_eq!(read("").map(|batch| batch.events.len()), Some(0));
    assert!(read(&vec![event; AT_ONCE].join(",")).is_some());
    assert!(read(&vec![event; AT_ONCE + 1].join(",")).is_none());
    for visit in ["", "x", "../../etc/passwd"] {
        let sent = Sent {
            visit: visit.to_owned(),
            page: "first".to_owned(),
            turn: 0,
            events: Vec::new(),
        };
        assert_eq!(Batch::of(sent, &Asked(Vec::new())), None, "{visit}");
    }
}
