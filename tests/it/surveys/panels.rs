//! Suppliers at the door and at the end: who is let in, who is turned away and counted,
//! where they go, and what the supplier's server is told.

use std::sync::{Arc, Mutex};

use onsight::base::Time;
use onsight::surveys::running::{self, Surveys, tell};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::stage::{ID, Stage};

pub(super) const SIMPLE: &str = r#"format = 1
id = "simple"
title = "Simple"
[[page]]
id = "one"
[[page.ask]]
id = "age"
type = "number"
text = "Age?"
[[page]]
id = "two"
[[page.ask]]
id = "why"
type = "text"
text = "Why?"
[[page.leave]]
id = "young"
outcome = "screenout"
when = "${age} < 18"
"#;

const KEY: &str = "ZZ6VkORqV25iSWOVb5cwZ03zpns";

/// Counted here once more, from what the documents of the supplier say.
fn lucid(address: &str) -> String {
    let key = aws_lc_rs::hmac::Key::new(
        aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        KEY.as_bytes(),
    );
    let tag = aws_lc_rs::hmac::sign(&key, format!("{address}&").as_bytes());
    let tag = data_encoding::BASE64URL_NOPAD.encode(tag.as_ref());
    format!("{address}&hash={tag}")
}

/// The query of a link that Lucid signed, as this server is called in tests.
fn entry(query: &str) -> String {
    let whole = lucid(&format!("https://localhost/s/cereals?{query}"));
    whole.split_once('?').unwrap().1.to_owned()
}

/// Answers both pages. Gives the address they leave for.
async fn answer(stage: &Stage, way: &str, age: &str) -> String {
    for form in [&*format!("age={age}"), "why=Because"] {
        let page = stage.stranger.get(way).await;
        if page.status == 303 {
            break;
        }
        let sent = stage.send(way, &page, form).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
    }
    stage.stranger.get(way).await.location().to_owned()
}

async fn refused(stage: &Stage, query: &str) -> (u16, u16) {
    let door = format!("/s/{}?{query}", stage.slug);
    let seen = stage.stranger.get(&door).await;
    let sent = stage.stranger.post(&door, "lang=en").await;
    for answer in [&seen, &sent] {
        assert_eq!(answer.location(), "", "{query} is sent somewhere");
    }
    (seen.status.as_u16(), sent.status.as_u16())
}

pub(super) fn counted(stage: &Stage) -> Vec<String> {
    stage.texts(
        "select source || ' ' || link || ' ' || reason || ' ' || times from refusal
         order by source, link, reason",
        None,
    )
}

fn respondents(stage: &Stage) -> String {
    let count = "select cast(count(*) as text) from respondent";
    stage.texts(count, None).remove(0)
}

#[tokio::test]
async fn a_signed_link_of_a_marketplace_goes_there_and_back() {
    let stage = Stage::of(SIMPLE).await;
    stage.supplier("cint_de", ("lucid", KEY), "").await;
    stage.link(2, "cint_de", ("{}", "{}")).await;

    let way = stage.begin(&entry("list=2&RID=r-1")).await;
    let page = stage.stranger.get(&way).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("form-action 'self' https://samplicio.us;"),
        "{policy}"
    );
    let end = answer(&stage, &way, "40").await;
    assert_eq!(
        end,
        lucid("https://samplicio.us/s/ClientCallBack.aspx?RIS=10&RID=r-1")
    );
    let way = stage.begin(&entry("list=2&RID=r-2")).await;
    let end = answer(&stage, &way, "12").await;
    assert_eq!(
        end,
        lucid("https://samplicio.us/s/ClientCallBack.aspx?RIS=20&RID=r-2")
    );
    // The same respondent once more is a duplicate, and goes back as one.
    let again = format!("/s/cereals?{}", entry("list=2&RID=r-1"));
    let again = stage.stranger.post(&again, "lang=en").await;
    assert_eq!(
        again.location(),
        lucid("https://samplicio.us/s/ClientCallBack.aspx?RIS=30&RID=r-1")
    );
    assert_eq!(counted(&stage), ["cint_de link-2 before 1"]);
}

#[tokio::test]
async fn whoever_tampers_with_a_link_is_turned_away_and_counted_by_reason() {
    let stage = Stage::of(SIMPLE).await;
    stage.supplier("cint_de", ("lucid", KEY), "").await;
    stage.link(2, "cint_de", ("{}", "{}")).await;
    stage.link(3, "gone", ("{}", "{}")).await;
    let good = entry("list=2&RID=r-1");

    for bad in [
        good.replace("r-1", "r-2"),
        "list=2&RID=r-1".to_owned(),
        entry("list=2&RID="),
        entry("list=9&RID=r-1"),
        entry("list=3&RID=r-1"),
        format!("{good}&RID=r-9"),
        "k=nobody&RID=r-1".to_owned(),
    ] {
        assert_eq!(refused(&stage, &bad).await, (403, 403), "{bad}");
    }

    assert_eq!(respondents(&stage), "0");
    assert_eq!(
        counted(&stage),
        [
            "  no-link 4",
            " link-3 no-secret 2",
            "cint_de link-2 missing 2",
            "cint_de link-2 tampered 2",
            "cint_de link-2 unsigned 4",
        ]
    );
    let board = stage.ada().get(&format!("/surveys/{ID}")).await;
    for words in [
        "Turned away at the door",
        "cint_de: Wave 1",
        "The signature does not fit the link",
        "The link is not signed",
    ] {
        assert!(board.text.contains(words), "{words}: {}", board.text);
    }
    // The good one is as good as before.
    stage.begin(&good).await;
}

#[tokio::test]
async fn a_closed_survey_signs_nothing_that_came_unsigned() {
    let stage = Stage::of(SIMPLE).await;
    stage.supplier("cint_de", ("lucid", KEY), "").await;
    stage.link(2, "cint_de", ("{}", "{}")).await;
    stage.set_state("closed").await;
    let back = |id: &str| {
        lucid(&format!(
            "https://samplicio.us/s/ClientCallBack.aspx?RIS=40&RID={id}"
        ))
    };

    for (query, end) in [
        (entry("list=2&RID=r-1"), back("r-1")),
        ("list=2&RID=r-1".to_owned(), back("")),
        (entry("list=2&RID=r-1").replace("r-1", "r-2"), back("")),
    ] {
        let door = format!("/s/cereals?{query}");
        let sent = stage.stranger.get(&door).await;
        assert_eq!(sent.location(), end, "{query}");
    }

    assert_eq!(counted(&stage), ["cint_de link-2 closed 3"]);
}

#[tokio::test]
async fn a_signed_link_without_a_name_in_it_lets_in_one() {
    let text = SIMPLE.replace(
        "[[page]]\nid = \"one\"",
        "[entry.wave]\nsign = \"hmac-sha256:panel\"\n[[page]]\nid = \"one\"",
    );
    let stage = Stage::of(&text).await;
    stage
        .supplier("panel", ("hmac-sha256", "0123456789abcdef"), "")
        .await;
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"0123456789abcdef");
    let tag = aws_lc_rs::hmac::sign(&key, b"wave=3&n=17");
    let hex = data_encoding::HEXLOWER.encode(tag.as_ref());
    let link = format!("wave=3&n=17&sig={hex}");

    let first = stage.begin(&link).await;
    // The button pressed twice: nothing was sent yet, so nobody is lost.
    let way = stage.begin(&link).await;
    assert_eq!(stage.stranger.get(&first).await.status, 404);
    let page = stage.stranger.get(&way).await;
    stage.send(&way, &page, "age=40").await;

    // The same signature in other letters is the same link.
    let upper = format!("wave=3&n=17&sig={}", hex.to_uppercase());
    for again in [link, upper] {
        let door = format!("/s/cereals?{again}");
        let replayed = stage.stranger.post(&door, "lang=en").await;
        assert_eq!(replayed.status, 403, "{}", replayed.text);
        assert_eq!(replayed.location(), "");
    }

    assert_eq!(respondents(&stage), "1");
    assert_eq!(counted(&stage), ["  replayed 2"]);
    assert_eq!(stage.stranger.get(&way).await.status, 200);
}

#[tokio::test]
async fn who_brings_the_number_of_another_sees_nothing_of_their_answers() {
    let unique = |more: &str| {
        SIMPLE.replace(
            "[[page]]\nid = \"one\"",
            &format!("[entry.pid]\nunique = true\n{more}\n[[page]]\nid = \"one\""),
        )
    };
    let stage = Stage::of(&unique("")).await;
    let way = stage.begin("pid=7").await;
    let page = stage.stranger.get(&way).await;
    stage.send(&way, &page, "age=41").await;

    let other = stage.stranger.post("/s/cereals?pid=7", "lang=en").await;

    assert_eq!(other.status, 409, "{}", other.text);
    assert_eq!(other.location(), "");
    // The first one is not disturbed.
    let page = stage.stranger.get(&way).await;
    assert!(page.text.contains("value=\"two\""), "{}", page.text);
    // Where the author allows it, whoever comes again goes on.
    let stage = Stage::of(&unique("resume = true")).await;
    let way = stage.begin("pid=7").await;
    let page = stage.stranger.get(&way).await;
    stage.send(&way, &page, "age=41").await;
    let again = stage.begin("pid=7").await;
    let page = stage.stranger.get(&again).await;
    assert!(page.text.contains("value=\"two\""), "{}", page.text);
}

#[tokio::test]
async fn two_suppliers_may_have_the_same_number_for_two_people() {
    let stage = Stage::of(SIMPLE).await;
    stage.supplier("dynata_a", ("dynata", "66213"), "").await;
    stage.supplier("dynata_b", ("dynata", "66213"), "").await;
    stage.link(1, "dynata_a", ("{}", "{}")).await;
    stage.link(2, "dynata_b", ("{}", "{}")).await;

    let one = stage.begin("list=1&pid=1070000026&k2=59931&psid=a**").await;
    let two = stage.begin("list=2&pid=1070000026&k2=59931&psid=a**").await;

    let ended = answer(&stage, &one, "40").await;
    assert_eq!(
        ended,
        "https://api.dynata.com/respondent/exit?rst=1&psid=a**&med=70847911661607"
    );
    let ended = answer(&stage, &two, "12").await;
    assert_eq!(
        ended,
        "https://api.dynata.com/respondent/exit?rst=2&psid=a**"
    );
    assert_eq!(respondents(&stage), "2");
}

/// A supplier's server, which answers with one status after the other.
pub(super) struct Sink {
    pub(super) port: u16,
    pub(super) ca: String,
    heads: Arc<Mutex<Vec<String>>>,
    /// Somebody was heard.
    came: Arc<Notify>,
}

impl Sink {
    pub(super) async fn open(statuses: &'static [u16]) -> Sink {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let cert = params.self_signed(&key).unwrap();
        let config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![cert.der().clone()],
                rustls::pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heads = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&heads);
        let came = Arc::<Notify>::default();
        let comes = Arc::clone(&came);
        tokio::spawn(async move {
            for turn in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let mut stream = acceptor.accept(stream).await.unwrap();
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.unwrap());
                }
                kept.lock().unwrap().push(String::from_utf8(head).unwrap());
                comes.notify_one();
                let status = statuses[turn.min(statuses.len() - 1)];
                let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
                let _ = stream.shutdown().await;
            }
        });
        Sink {
            port,
            ca: cert.pem(),
            heads,
            came,
        }
    }

    pub(super) fn heard(&self) -> Vec<String> {
        let heads = self.heads.lock().unwrap();
        let lines = heads.iter().map(|head| head.lines().next().unwrap());
        lines.map(str::to_owned).collect()
    }

    pub(super) fn postbacks(&self) -> String {
        format!(
            r#"{{"complete":"https://127.0.0.1:{}/s2s?t={{transaction_id}}&st={{code}}"}}"#,
            self.port
        )
    }
}

pub(super) fn waiting(stage: &Stage) -> Vec<String> {
    stage.texts(
        "select state || ' ' || tries || ' ' || fault || ' ' || (address <> '') from postback
         order by id",
        None,
    )
}

/// The query of a link that `PureSpectrum` signed.
fn pure(list: i64, id: &str) -> String {
    let address = format!("https://localhost/s/cereals?list={list}&transaction_id={id}");
    let tag = aws_lc_rs::digest::digest(
        &aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY,
        format!("{address}shared secret").as_bytes(),
    );
    let hex = data_encoding::HEXLOWER.encode(tag.as_ref());
    format!("list={list}&transaction_id={id}&ps_hash={hex}")
}

/// A complete that came by `PureSpectrum`. Its entry links are signed.
pub(super) async fn complete(stage: &Stage, id: &str) {
    complete_by(stage, 1, id).await;
}

async fn complete_by(stage: &Stage, list: i64, id: &str) {
    let way = stage.begin(&pure(list, id)).await;
    let end = answer(stage, &way, "40").await;
    assert!(
        end.starts_with("https://spectrumsurveys.com/surveydone?st=21&"),
        "{end}"
    );
}

#[tokio::test]
async fn a_server_that_fails_first_is_told_later_and_nobody_waits_for_it() {
    let sink = Sink::open(&[500, 302, 200]).await;
    let stage = Stage::calling(SIMPLE, vec![format!("127.0.0.1:{}", sink.port)]).await;
    stage
        .supplier("pure", ("purespectrum", "shared secret"), &sink.ca)
        .await;
    stage.link(1, "pure", ("{}", &sink.postbacks())).await;
    let surveys = Surveys::new(stage.site.site().clone());
    let clock = &stage.site.site().clock;

    complete(&stage, "t-1").await;
    assert!(sink.heard().is_empty(), "who answers does not wait for it");
    assert_eq!(tell(&surveys, false).await.unwrap(), 0);
    assert_eq!(waiting(&stage), ["waiting 1 it answered 500 1"]);
    assert_eq!(tell(&surveys, false).await.unwrap(), 0);
    assert_eq!(sink.heard().len(), 1, "not at once again");
    let page = stage.ada().get(&format!("/surveys/{ID}/links")).await;
    assert!(page.text.contains("it answered 500"), "{}", page.text);
    clock.advance(Time::MINUTE);
    assert_eq!(tell(&surveys, false).await.unwrap(), 0);
    clock.advance(5 * Time::MINUTE);
    assert_eq!(tell(&surveys, true).await.unwrap(), 1);

    let heard = sink.heard();
    assert_eq!(heard.len(), 3);
    assert!(
        heard[0].starts_with("GET /s2s?t=t-1&st=21&ps_hash="),
        "{heard:?}"
    );
    assert_eq!((&heard[0], &heard[1]), (&heard[1], &heard[2]));
    // What told who they are is gone when it was heard.
    assert_eq!(waiting(&stage), ["sent 3  0"]);
    clock.advance(Time::DAY);
    assert_eq!(tell(&surveys, true).await.unwrap(), 0);
    assert_eq!(sink.heard().len(), 3, "it is told once");
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_and_can_be_told_by_hand() {
    let sink = Sink::open(&[503]).await;
    let stage = Stage::calling(SIMPLE, vec![format!("127.0.0.1:{}", sink.port)]).await;
    stage
        .supplier("pure", ("purespectrum", "shared secret"), &sink.ca)
        .await;
    stage.link(1, "pure", ("{}", &sink.postbacks())).await;
    let surveys = Surveys::new(stage.site.site().clone());
    complete(&stage, "t-1").await;

    for _ in 0..30 {
        tell(&surveys, true).await.unwrap();
        stage.site.site().clock.advance(Time::HOUR);
    }

    let heard = sink.heard().len();
    assert!((5..20).contains(&heard), "{heard} tries");
    assert!(
        waiting(&stage)[0].starts_with("failed "),
        "{:?}",
        waiting(&stage)
    );
    let ada = stage.site.again("ada@example.org", stage.ada()).await;
    let page = ada.get(&format!("/surveys/{ID}/links")).await;
    assert!(page.text.contains("given up"), "{}", page.text);
    let again = ada
        .post(&format!("/surveys/{ID}/links/postbacks"), "")
        .await;
    assert_eq!(again.status, 303, "{}", again.text);
    tell(&surveys, true).await.unwrap();
    assert_eq!(sink.heard().len(), heard + 1);
}

#[tokio::test]
async fn a_server_that_takes_its_time_keeps_no_other_waiting() {
    let (silent, sink) = (
        TcpListener::bind("127.0.0.1:0").await,
        Sink::open(&[200]).await,
    );
    let silent = silent.unwrap();
    let port = silent.local_addr().unwrap().port();
    let allowed = [port, sink.port].map(|port| format!("127.0.0.1:{port}"));
    let stage = Stage::calling(SIMPLE, allowed.to_vec()).await;
    stage
        .supplier("pure", ("purespectrum", "shared secret"), &sink.ca)
        .await;
    let there = sink.postbacks();
    let nowhere = there.replace(&sink.port.to_string(), &port.to_string());
    stage.link(1, "pure", ("{}", &nowhere)).await;
    stage.link(2, "pure", ("{}", &there)).await;
    complete(&stage, "t-1").await;

    let telling = tokio::spawn(running::watch(stage.site.site().clone()));
    // It takes the call, and says nothing as long as this is held.
    let held = silent.accept().await.unwrap();
    complete_by(&stage, 2, "t-2").await;
    sink.came.notified().await;

    assert!(
        waiting(&stage)[0].starts_with("waiting 0 "),
        "{:?}",
        waiting(&stage)
    );
    assert!(sink.heard()[0].contains("t=t-2"), "{:?}", sink.heard());
    telling.abort();
    drop(held);
}

#[tokio::test]
async fn what_the_configuration_does_not_allow_is_never_called() {
    let sink = Sink::open(&[200]).await;
    let stage = Stage::of(SIMPLE).await;
    stage
        .supplier("pure", ("purespectrum", "shared secret"), &sink.ca)
        .await;
    stage.link(1, "pure", ("{}", &sink.postbacks())).await;
    let surveys = Surveys::new(stage.site.site().clone());
    complete(&stage, "t-1").await;

    assert_eq!(tell(&surveys, true).await.unwrap(), 0);

    assert!(sink.heard().is_empty());
    let waiting = waiting(&stage);
    assert!(waiting[0].contains("which is not allowed"), "{waiting:?}");
    assert!(!waiting[0].contains("t-1"), "{waiting:?}");
}

#[tokio::test]
async fn a_supplier_is_set_up_on_its_page_and_its_secret_is_shown_nowhere() {
    let stage = Stage::of(SIMPLE).await;
    let (ada, links) = (stage.ada(), format!("/surveys/{ID}/links"));
    let page = ada.get(&format!("/surveys/{ID}/suppliers/lucid")).await;
    assert!(page.text.contains("[%RID%]"), "{}", page.text);

    let short = ada
        .post(
            &format!("/surveys/{ID}/suppliers/lucid"),
            "name=cint&secret=short",
        )
        .await;
    assert_eq!(short.status, 422, "{}", short.text);
    let kept = ada
        .post(
            &format!("/surveys/{ID}/suppliers/lucid"),
            &format!("name=cint&secret={KEY}&way=up-to-name&entry=oenc2&exit=&ca="),
        )
        .await;
    assert_eq!(kept.status, 303, "{}", kept.text);

    let page = ada.get(&links).await;
    assert!(page.text.contains("<code>cint</code>") && !page.text.contains(KEY));
    let exits = "complete+https%3A%2F%2Fpanel.example%2Fend%3Fr%3D%7BRID%7D";
    let made = ada
        .post(
            &links,
            &format!("name=Wave&supplier=cint&list=4&exits={exits}&postbacks="),
        )
        .await;
    assert_eq!(made.status, 200, "{}", made.text);
    let twice = ada.post(&links, "name=Wave&supplier=cint&list=4").await;
    assert_eq!(twice.status, 422, "{}", twice.text);
    assert!(
        twice
            .text
            .contains("<a href=\"#list\">another link has the number 4"),
        "{}",
        twice.text
    );
    let nobody = ada.post(&links, "name=Wave&supplier=nobody").await;
    assert!(
        nobody
            .text
            .contains("<a href=\"#supplier\">there is no supplier called `nobody`"),
        "{}",
        nobody.text
    );
    let raw = ada.get(&format!("/surveys/{ID}/suppliers/nobody")).await;
    assert_eq!(raw.status, 404);
    let gone = ada
        .post(&format!("/surveys/{ID}/suppliers/remove"), "name=cint")
        .await;
    assert_eq!(gone.status, 303);
    assert_eq!(refused(&stage, "list=4&RID=r").await, (403, 403));
    assert_eq!(
        counted(&stage),
        [format!(" {} no-secret 2", link_id(&stage).await)]
    );
}

async fn link_id(stage: &Stage) -> String {
    let system = &stage.site.site().system;
    system
        .read(|conn| {
            let id = conn.query_row("select id from survey_link", [], |row| row.get(0))?;
            Ok::<_, onsight::store::Error>(id)
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn an_anonymous_survey_keeps_no_name_of_a_supplier_and_tells_no_server() {
    let sink = Sink::open(&[200]).await;
    let anonymous = SIMPLE.replacen("format = 1\n", "format = 1\nanonymous = true\n", 1);
    let stage = Stage::calling(&anonymous, vec![format!("127.0.0.1:{}", sink.port)]).await;
    stage
        .supplier("pure", ("purespectrum", "shared secret"), &sink.ca)
        .await;
    stage.link(1, "pure", ("{}", &sink.postbacks())).await;

    complete(&stage, "t-1").await;

    assert!(waiting(&stage).is_empty());
    let kept = "select name || value from entry union all select signed from respondent where signed is not null";
    assert!(stage.texts(kept, None).is_empty());
    assert_eq!(stage.outcomes(), ["complete"]);
}

#[tokio::test]
async fn a_signed_link_lets_one_into_an_anonymous_survey_and_nothing_says_whom() {
    let anonymous = SIMPLE.replacen("format = 1\n", "format = 1\nanonymous = true\n", 1);
    let stage = Stage::of(&anonymous).await;
    let supplier = ("purespectrum", "shared secret");
    stage.supplier("pure", supplier, "").await;
    stage.link(1, "pure", ("{}", "{}")).await;
    let link = pure(1, "t-1");

    let way = stage.begin(&link).await;
    // Once more on the way, and when it is over: nobody knows any more who it was.
    let address = format!("/s/cereals?{link}");
    for _ in 0..2 {
        let replayed = stage.stranger.post(&address, "lang=en").await;
        assert_eq!(replayed.status, 403, "{}", replayed.text);
        assert_eq!(replayed.location(), "");
        answer(&stage, &way, "40").await;
    }
    // Another one is nobody's yet.
    stage.begin(&pure(1, "t-2")).await;

    assert_eq!(respondents(&stage), "2");
    assert_eq!(counted(&stage), ["pure link-1 replayed 2"]);
    assert_eq!(stage.outcomes(), ["complete"]);
    let used = stage.texts("select link from link_used", None);
    assert_eq!(used.len(), 2, "{used:?}");
    let is_hash = |used: &String| used.len() == 64 && !used.contains("t-1");
    assert!(used.iter().all(is_hash), "{used:?}");
}
