//! Alerts from what happened to who is told: the inbox, a webhook with its
//! signature, and what each kind of person may see and do.

use std::sync::Arc;

use aws_lc_rs::hmac;
use onsight::alerts::{self, Alert, Reader, Severity};
use onsight::base::Time;
use onsight::people;
use onsight::web::{Role, WorkspaceId};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::support::{Answer, TestSite, Visitor};

fn alert(key: &str, severity: Severity, workspace: Option<WorkspaceId>) -> Alert {
    Alert {
        key: key.to_owned(),
        severity,
        title: format!("Title of {key}"),
        text: "What happened <b>and</b> what to do.".to_owned(),
        workspace,
    }
}

async fn raise(site: &TestSite, key: &str, severity: Severity, workspace: Option<WorkspaceId>) {
    alerts::raise(site.site(), alert(key, severity, workspace))
        .await
        .unwrap();
}

/// The path of the alert that a page links to.
fn path_of(page: &Answer, home: &str) -> String {
    let id = page.between(&format!("class=\"row-link\" href=\"{home}/"), "\"");
    assert_eq!(id.len(), 32, "{}", page.text);
    format!("{home}/{id}")
}

async fn journal(site: &TestSite, action: &str) -> Vec<String> {
    let action = action.to_owned();
    site.site()
        .system
        .read(move |conn| {
            let mut list = conn.prepare(
                "select object || ' ' || diff || ' ' || detail from journal
                 where action = ?1 order by id",
            )?;
            let rows = list.query_map([&action], |row| row.get(0))?;
            Ok::<_, onsight::store::Error>(rows.collect::<Result<_, _>>()?)
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn an_alert_is_seen_taken_noted_and_settled_and_each_is_told() {
    let (site, admin) = TestSite::new().await;
    raise(&site, "backup.late:nas", Severity::Critical, None).await;
    let inbox = admin.get("/alerts/instance").await;
    assert!(
        inbox.text.contains("Title of backup.late:nas"),
        "{}",
        inbox.text
    );
    let path = path_of(&inbox, "/alerts/instance");
    let page = admin.get(&path).await;
    assert!(
        page.text.contains("&lt;b&gt;") || page.text.contains("&#60;b&#62;"),
        "{}",
        page.text
    );

    let members = people::members_of(
        site.site(),
        people::first_workspace(site.site()).await.unwrap(),
    );
    let ada = members.await.unwrap()[0].id;
    let form = format!("state=acknowledged&assignee={ada}&note=I+look");
    let taken = admin.post(&path, &form).await;
    assert_eq!(taken.status, 303, "{}", taken.text);
    let page = admin.get(&path).await;
    assert!(
        page.text.contains(">I look<") && page.text.contains("Open again"),
        "{}",
        page.text
    );
    let settled = admin
        .post(&path, &format!("state=settled&assignee={ada}&note=Done"))
        .await;
    assert_eq!(settled.location(), "/alerts/instance");
    let again = admin.post(&path, "state=open").await;
    assert_eq!(again.status, 409, "{}", again.text);

    let inbox = admin.get("/alerts/instance").await;
    assert!(
        inbox.text.contains("Nothing needs attention"),
        "{}",
        inbox.text
    );
    let all = admin.get("/alerts/instance?state=all").await;
    assert!(all.text.contains("Title of backup.late:nas"));
    assert_eq!(journal(&site, "alert.raised").await.len(), 1);
    let line = &journal(&site, "alert.acknowledged").await[0];
    assert!(
        line.contains("[\"open\",\"acknowledged\"]") && line.contains("I look"),
        "{line}"
    );
    assert_eq!(journal(&site, "alert.settled").await.len(), 1);
}

#[tokio::test]
async fn an_admin_sees_and_handles_those_of_the_own_workspace_only() {
    let (site, ada) = TestSite::new().await;
    let north = people::first_workspace(site.site()).await.unwrap();
    site.site().clock.advance(1);
    let eve = site.found("Southgate", "eve@example.org").await;
    let bob = site.member("bob@example.org", Role::User).await;
    raise(&site, "disk.low", Severity::Warning, None).await;
    raise(&site, "export.mass:x", Severity::Warning, Some(north)).await;

    let hers = ada.get("/alerts").await;
    assert!(
        hers.text.contains("Title of export.mass:x"),
        "{}",
        hers.text
    );
    assert!(
        !hers.text.contains("disk.low"),
        "the server is not hers alone"
    );
    let path = path_of(&hers, "/alerts");
    assert_eq!(ada.get(&path).await.status, 200);
    let others = eve.get("/alerts").await;
    assert!(!others.text.contains("export.mass"), "{}", others.text);
    assert_eq!(eve.get(&path).await.status, 404);
    assert_eq!(eve.post(&path, "state=settled").await.status, 404);
    assert_eq!(bob.get("/alerts").await.status, 403);
    assert_eq!(bob.get(&path).await.status, 403);
    assert_eq!(bob.get("/alerts/instance").await.status, 403);

    let members = people::members_of(site.site(), north).await.unwrap();
    let bob = members.iter().find(|one| one.email == "bob@example.org");
    let given = format!("assignee={}", bob.unwrap().id);
    let refused = ada.post(&path, &given).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let called = ada.post(&path, "state=false_alarm&note=a+test").await;
    assert_eq!(called.status, 303, "{}", called.text);
    raise(&site, "export.mass:x", Severity::Warning, Some(north)).await;
    let page = ada.get("/alerts").await;
    assert!(
        page.text.contains("Nothing needs attention"),
        "{}",
        page.text
    );
}

#[tokio::test]
async fn the_rail_counts_what_nobody_has_looked_at() {
    let (site, admin) = TestSite::new().await;
    let badge = "<span class=\"badge bad\">2<span class=\"hidden-text\"> open";
    raise(&site, "a.b", Severity::Info, None).await;
    raise(&site, "c.d", Severity::Info, None).await;
    site.site().clock.advance(3 * Time::SECOND);

    assert!(admin.get("/account").await.text.contains(badge));
    alerts::settle(site.site(), "a.b").await.unwrap();
    site.site().clock.advance(3 * Time::SECOND);
    assert!(!admin.get("/account").await.text.contains(badge));
}

/// A webhook on this machine: what it is sent, and what it answers.
struct Hook {
    url: String,
    ca: String,
    port: u16,
    sent: mpsc::UnboundedReceiver<(String, String)>,
}

impl Hook {
    /// Answers with these statuses, the last again and again.
    async fn open(statuses: &'static [u16]) -> Hook {
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
        let (tell, sent) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            for turn in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let message = request(&mut stream).await;
                // Before the answer: whoever has that finds the message told.
                if tell.send(message).is_err() {
                    return;
                }
                let status = statuses[turn.min(statuses.len() - 1)];
                let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
                let _ = stream.shutdown().await;
            }
        });
        Hook {
            url: format!("https://127.0.0.1:{port}/services/path-secret"),
            ca: cert.pem(),
            port,
            sent,
        }
    }

    /// Has a site tell it from that severity on. Gives the secret.
    async fn join(&self, admin: &Visitor, severity: &str) -> String {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("place", &self.url)
            .append_pair("severity", severity)
            .append_pair("ca", &self.ca)
            .finish();
        let added = admin.post("/alerts/delivery", &form).await;
        assert_eq!(added.status, 200, "{}", added.text);
        added.between("id=\"secret\">", "<").to_owned()
    }

    fn last(&mut self) -> Option<(String, Value)> {
        let (head, body) = self.sent.try_recv().ok()?;
        Some((head, serde_json::from_str(&body).unwrap()))
    }
}

/// Head and body of a request with a length.
async fn request(stream: &mut (impl AsyncReadExt + Unpin)) -> (String, String) {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(bytes).unwrap().to_lowercase();
    let length = head.split("content-length: ").nth(1).unwrap();
    let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    (head, String::from_utf8(body).unwrap())
}

/// Counted here once more from what the page says.
fn is_signed(head: &str, body: &str, secret: &str) -> bool {
    let line = head.split("x-onsight-signature: ").nth(1).unwrap();
    let line = line.split("\r\n").next().unwrap();
    let (time, tag) = line.split_once(",v1=").unwrap();
    let time = time.strip_prefix("t=").unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let counted = hmac::sign(&key, format!("{time}.{body}").as_bytes());
    onsight::journal::hex(counted.as_ref()) == tag
}

async fn round(site: &TestSite) {
    alerts::tell(site.site()).await.unwrap();
    alerts::hand_over(site.site()).await.unwrap();
}

#[tokio::test]
async fn a_webhook_gets_a_signed_message_once_an_hour_and_at_once_when_it_gets_worse() {
    let mut hook = Hook::open(&[200]).await;
    let site = TestSite::calling(vec![format!("127.0.0.1:{}", hook.port)]);
    let admin = site.found("Northgate", "ada@example.org").await;
    let secret = hook.join(&admin, "warning").await;
    assert!(secret.len() >= 40, "{secret}");

    raise(&site, "note.worthy", Severity::Info, None).await;
    raise(&site, "disk.low", Severity::Warning, None).await;
    round(&site).await;

    let (head, body) = hook.sent.try_recv().unwrap();
    assert!(is_signed(&head, &body, &secret), "{head}{body}");
    assert!(!is_signed(&head, &format!("{body} "), &secret));
    let said: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(said["alert"]["key"], "disk.low");
    assert_eq!(said["alert"]["severity"], "warning");
    assert!(hook.last().is_none(), "the other is not bad enough");

    for _ in 0..5 {
        raise(&site, "disk.low", Severity::Warning, None).await;
        round(&site).await;
    }
    assert!(hook.last().is_none(), "quiet for an hour");
    raise(&site, "disk.low", Severity::Critical, None).await;
    round(&site).await;
    assert_eq!(hook.last().unwrap().1["alert"]["severity"], "critical");
    let page = admin.get("/alerts/delivery").await;
    assert!(page.text.contains("https://127.0.0.1:"), "{}", page.text);
    assert!(
        !page.text.contains(&secret) && !page.text.contains("path-secret"),
        "{}",
        page.text
    );
    site.site().clock.advance(Time::HOUR);
    round(&site).await;
    assert!(hook.last().is_none(), "nothing new");
    raise(&site, "disk.low", Severity::Warning, None).await;
    round(&site).await;
    assert_eq!(hook.last().unwrap().1["alert"]["count"], 8);

    for action in ["alert_target.added", "alert.delivered", "alert.told"] {
        let lines = journal(&site, action).await.join("\n");
        assert!(!lines.is_empty(), "{action}");
        assert!(
            !lines.contains(&secret) && !lines.contains("path-secret"),
            "{lines}"
        );
    }
}

#[tokio::test]
async fn a_webhook_that_takes_nothing_is_asked_again_later_and_shown() {
    let mut hook = Hook::open(&[500, 302, 200]).await;
    let site = TestSite::calling(vec![format!("127.0.0.1:{}", hook.port)]);
    let admin = site.found("Northgate", "ada@example.org").await;
    hook.join(&admin, "info").await;
    raise(&site, "disk.low", Severity::Warning, None).await;

    round(&site).await;
    let first = hook.last().unwrap();
    round(&site).await;
    assert!(hook.last().is_none(), "not at once");
    let page = admin.get("/alerts/delivery").await;
    assert!(page.text.contains("it answered 500"), "{}", page.text);
    site.site().clock.advance(Time::MINUTE);
    round(&site).await;
    let second = hook.last().unwrap();
    site.site().clock.advance(2 * Time::MINUTE);
    round(&site).await;
    let third = hook.last().unwrap();

    let number = |(head, _): &(String, Value)| {
        let rest = head.split("x-onsight-delivery: ").nth(1).unwrap();
        rest.split("\r\n").next().unwrap().to_owned()
    };
    assert_eq!(number(&first), number(&second));
    assert_eq!(number(&first), number(&third));
    let page = admin.get("/alerts/delivery").await;
    assert!(page.text.contains("Who is told of alerts"), "{}", page.text);
    assert!(!page.text.contains("it answered"), "{}", page.text);
    site.site().clock.advance(Time::DAY);
    round(&site).await;
    assert!(hook.last().is_none(), "it was taken");
}

#[tokio::test]
async fn a_test_says_how_it_went_and_a_removed_target_is_told_no_more() {
    let mut hook = Hook::open(&[200, 404]).await;
    let site = TestSite::calling(vec![format!("127.0.0.1:{}", hook.port)]);
    let admin = site.found("Northgate", "ada@example.org").await;
    let secret = hook.join(&admin, "info").await;
    let page = admin.get("/alerts/delivery").await;
    let id = page.between("/alerts/delivery/", "/test").to_owned();

    let fine = admin.post(&format!("/alerts/delivery/{id}/test"), "").await;
    assert_eq!(fine.status, 303, "{}", fine.text);
    let (head, body) = hook.sent.try_recv().unwrap();
    assert!(is_signed(&head, &body, &secret) && body.contains("\"kind\":\"test\""));
    let failed = admin.post(&format!("/alerts/delivery/{id}/test"), "").await;
    assert_eq!(failed.status, 409, "{}", failed.text);
    assert!(failed.text.contains("it answered 404"), "{}", failed.text);
    hook.last();

    raise(&site, "disk.low", Severity::Critical, None).await;
    alerts::tell(site.site()).await.unwrap();
    let gone = admin
        .post(&format!("/alerts/delivery/{id}/remove"), "")
        .await;
    assert_eq!(gone.status, 303, "{}", gone.text);
    alerts::hand_over(site.site()).await.unwrap();
    assert!(hook.last().is_none());
}

#[tokio::test]
async fn a_webhook_reaches_nothing_that_egress_would_not() {
    let (_site, admin) = TestSite::new().await;
    for place in [
        "http://127.0.0.1/",
        "https://user@127.0.0.1/",
        "ftp://x.corp/",
        "x",
    ] {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("place", place)
            .append_pair("severity", "info")
            .finish();
        let refused = admin.post("/alerts/delivery", &form).await;
        assert_eq!(refused.status, 422, "{place}: {}", refused.text);
        assert!(refused.text.contains("aria-invalid"), "{place}");
    }
    let form = "place=https%3A%2F%2F127.0.0.1%3A9%2F&severity=info";
    assert_eq!(admin.post("/alerts/delivery", form).await.status, 200);
    let page = admin.get("/alerts/delivery").await;
    let id = page.between("/alerts/delivery/", "/test").to_owned();

    let tried = admin.post(&format!("/alerts/delivery/{id}/test"), "").await;

    assert_eq!(tried.status, 409);
    assert!(tried.text.contains("is not allowed"), "{}", tried.text);
}

#[tokio::test]
async fn wrong_passwords_become_one_alert_in_the_inbox() {
    let (site, admin) = TestSite::new().await;
    let mut reader = Reader::new(site.site().clone());
    site.site().carry().await.unwrap();
    reader.read().await.unwrap();
    let stranger = site.stranger();
    for _ in 0..12 {
        stranger
            .post("/sign-in", "email=ada@example.org&password=wrong&then=%2F")
            .await;
        site.site().clock.advance(Time::MINUTE);
    }
    site.site().carry().await.unwrap();
    reader.read().await.unwrap();

    let inbox = admin.get("/alerts").await;
    let said = "Somebody tries to sign in as ada@example.org";
    assert_eq!(inbox.text.matches(said).count(), 1, "{}", inbox.text);
    let page = admin.get(&path_of(&inbox, "/alerts")).await;
    assert!(
        page.text.contains("/audit?action=session."),
        "{}",
        page.text
    );
}
