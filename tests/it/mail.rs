//! Letters leave by a real server for mail, sealed on the way, and what it says
//! of each is kept.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdin, ChildStdout, Command};

use onsight::base::Time;
use onsight::mail::{self, Kind, Letter, Recipient, Words};
use onsight::web::Role;
use serde_json::{Value, json};

use crate::companion::{self, Certified, python};
use crate::support::{TestSite, Visitor};

/// A server for mail on this machine, by aiosmtpd.
pub(crate) struct Sink {
    child: Child,
    _stdin: ChildStdin,
    lines: BufReader<ChildStdout>,
    pub(crate) port: u16,
    certified: Certified,
}

impl Sink {
    pub(crate) fn start(want: Value) -> Sink {
        let certified = Certified::new();
        let mut want = want;
        want["cert"] = certified.cert.to_str().unwrap().into();
        want["key"] = certified.key.to_str().unwrap().into();
        let mut command = Command::new(python("ONSIGHT_SMTPD", "aiosmtpd-1.4.6"));
        command.args(["tests/it/mail/sink.py", &want.to_string()]);
        let mut child = companion::start(&mut command, "aiosmtpd==1.4.6");
        let stdin = child.stdin.take().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        let said: Value = serde_json::from_str(&first).unwrap();
        Sink {
            child,
            _stdin: stdin,
            lines,
            port: u16::try_from(said["port"].as_u64().unwrap()).unwrap(),
            certified,
        }
    }

    /// The next letter it was sent.
    pub(crate) fn letter(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// The form that names it.
    pub(crate) fn form(&self, changes: &[(&str, &str)]) -> String {
        let port = self.port.to_string();
        let mut fields = vec![
            ("host", "127.0.0.1"),
            ("port", &port),
            ("security", "starttls"),
            ("ca", &self.certified.ca),
            ("user", ""),
            ("password", ""),
            ("from", "onsight@corp.example"),
            ("from_name", "Onsight"),
            ("reason", ""),
            ("to", "ada@example.org"),
        ];
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A site that may call the sink, and its admin.
async fn site_beside(sink: &Sink) -> (TestSite, Visitor) {
    let site = TestSite::calling(vec![format!("127.0.0.1:{}", sink.port)]);
    let admin = site.found("Northgate", "ada@example.org").await;
    (site, admin)
}

async fn set_up(sink: &Sink, changes: &[(&str, &str)]) -> (TestSite, Visitor) {
    let (site, admin) = site_beside(sink).await;
    let saved = admin.post("/mail/server", &sink.form(changes)).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    (site, admin)
}

fn notice(to: &str) -> Letter {
    Letter {
        kind: Kind::Notice,
        to: Recipient::at(to),
        subject: "Good news".to_owned(),
        words: Words {
            paragraphs: vec!["All is well.".to_owned()],
            ..Words::default()
        },
    }
}

async fn write(site: &TestSite, to: &str) {
    assert!(mail::send(site.site(), vec![notice(to)]).await.unwrap());
}

/// State, tries and whether what it said is still there, of each letter.
async fn queue(site: &TestSite) -> Vec<(String, String, bool)> {
    site.site()
        .system
        .read(|conn| {
            let mut list = conn
                .prepare("select address, state, body is not null from letter order by address")?;
            let rows = list.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            Ok::<_, onsight::store::Error>(rows.collect::<Result<_, _>>()?)
        })
        .await
        .unwrap()
}

fn is(address: &str, state: &str, has_body: bool) -> (String, String, bool) {
    (address.to_owned(), state.to_owned(), has_body)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_arrives_under_tls_and_its_text_is_gone_afterwards() {
    let mut sink = Sink::start(json!({ "user": "onsight", "password": "hunter2" }));
    let changes = [("user", "onsight"), ("password", "hunter2")];
    let (site, admin) = set_up(&sink, &changes).await;

    let name = "name=Bob%0d%0aBcc:%20eve@evil.example";
    let invited = admin
        .post(
            "/members",
            &format!("email=bob@example.org&{name}&role=user"),
        )
        .await;

    assert!(
        invited.text.contains("on its way by mail"),
        "{}",
        invited.text
    );
    assert_eq!(mail::deliver(site.site()).await.unwrap(), 1);
    let letter = sink.letter();
    assert_eq!(letter["to"], json!(["bob@example.org"]));
    assert_eq!(letter["from"], "onsight@corp.example");
    assert_eq!(
        (&letter["tls"], &letter["user"]),
        (&json!(true), &json!("onsight"))
    );
    let text = letter["text"].as_str().unwrap();
    for line in ["Auto-Submitted: auto-generated", "Message-ID: <", "Date: "] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let head = text.split("\r\n\r\n").next().unwrap();
    assert!(!head.contains("\nBcc:"), "{head}");
    // Long lines are folded with a `=` at the end.
    let plain = text.replace("=\r\n", "");
    assert!(plain.contains(&invited.link()), "{plain}");
    assert_eq!(queue(&site).await, [is("bob@example.org", "sent", false)]);
    let page = admin.get("/mail").await;
    assert!(page.text.contains("bob@example.org"), "{}", page.text);
    let server = admin.get("/mail/server").await;
    assert!(!server.text.contains("hunter2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_is_nowhere_in_the_journal_and_goes_to_no_other_server() {
    let sink = Sink::start(json!({ "user": "onsight", "password": "hunter2" }));
    let changes = [("user", "onsight"), ("password", "hunter2")];
    let (site, admin) = set_up(&sink, &changes).await;

    let moved = [("user", "onsight"), ("host", "mail.corp")];
    let saved = admin.post("/mail/server", &sink.form(&moved)).await;

    assert_eq!(saved.status, 303, "{}", saved.text);
    let (kept, journal): (Option<Vec<u8>>, String) = site
        .site()
        .system
        .read(|conn| {
            let sql = "select (select password from mail_server),
                (select group_concat(detail || diff || reason) from journal)";
            Ok::<_, onsight::store::Error>(
                conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?,
            )
        })
        .await
        .unwrap();
    assert!(kept.is_none(), "it was given for another host");
    assert!(!journal.contains("hunter2"));
    assert!(journal.contains("mail.corp"), "the change is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_fail_is_told_by_its_step() {
    let sink = Sink::start(json!({
        "user": "onsight",
        "password": "hunter2",
        "refuse_sender": "eve@corp.example",
        "refuse_recipient": "nobody@example.org",
    }));
    let (site, admin) = site_beside(&sink).await;
    let fine = [("user", "onsight"), ("password", "hunter2"), ("try", "1")];
    let stranger = Sink::start(json!({}));
    for (step, change) in [
        ("", ("reason", "")),
        ("The name is known", ("host", "nobody.invalid")),
        ("A connection", ("port", "1")),
        ("TLS", ("ca", &*stranger.certified.ca)),
        ("Sign-in", ("password", "wrong")),
        ("It takes the sender", ("from", "eve@corp.example")),
        ("It takes the recipient", ("to", "nobody@example.org")),
    ] {
        let changes = [&fine[..], &[change]].concat();
        let tried = admin.post("/mail/server", &sink.form(&changes)).await;

        assert_eq!(tried.status, 200, "{}", tried.text);
        assert!(!tried.text.contains("hunter2"));
        let failed = format!("<dt>{step}</dt><dd><span class=\"badge bad\">failed</span>");
        let is_fine = step.is_empty();
        assert_eq!(
            tried.text.contains(&failed),
            !is_fine,
            "{step}: {}",
            tried.text
        );
        assert_eq!(tried.text.contains(">failed<"), !is_fine, "{step}");
    }
    assert!(queue(&site).await.is_empty(), "a test is not queued");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_offers_no_tls_gets_nothing() {
    let sink = Sink::start(json!({ "security": "plain" }));
    let (site, admin) = set_up(&sink, &[]).await;
    write(&site, "bob@example.org").await;

    assert_eq!(mail::deliver(site.site()).await.unwrap(), 0);

    let page = admin.get("/mail").await;
    assert!(
        page.text.contains("nothing is sent in the clear"),
        "{}",
        page.text
    );
    assert_eq!(queue(&site).await, [is("bob@example.org", "waiting", true)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_tls_there_has_to_be_a_reason_and_tls_from_the_start_works() {
    let mut plain = Sink::start(json!({ "security": "plain" }));
    let (site, admin) = site_beside(&plain).await;
    let unsaid = plain.form(&[("security", "plain")]);
    assert_eq!(admin.post("/mail/server", &unsaid).await.status, 422);
    let said = [
        ("security", "plain"),
        ("reason", "the relay is on this machine"),
    ];
    let saved = admin.post("/mail/server", &plain.form(&said)).await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    write(&site, "bob@example.org").await;
    assert_eq!(mail::deliver(site.site()).await.unwrap(), 1);
    assert_eq!(plain.letter()["tls"], false);

    let mut implicit = Sink::start(json!({ "security": "implicit" }));
    let (site, _) = set_up(&implicit, &[("security", "implicit")]).await;
    write(&site, "bob@example.org").await;
    assert_eq!(mail::deliver(site.site()).await.unwrap(), 1);
    assert_eq!(implicit.letter()["tls"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_letter_that_is_refused_holds_up_no_other() {
    let mut sink = Sink::start(json!({ "refuse_recipient": "nobody@example.org" }));
    let (site, admin) = set_up(&sink, &[]).await;
    for to in ["a@example.org", "nobody@example.org", "z@example.org"] {
        write(&site, to).await;
    }

    assert_eq!(mail::deliver(site.site()).await.unwrap(), 2);

    let to = [sink.letter(), sink.letter()].map(|letter| letter["to"][0].clone());
    assert!(to.contains(&json!("a@example.org")) && to.contains(&json!("z@example.org")));
    assert_eq!(
        queue(&site).await,
        [
            is("a@example.org", "sent", false),
            is("nobody@example.org", "failed", true),
            is("z@example.org", "sent", false),
        ]
    );
    let page = admin.get("/mail?state=failed").await;
    assert!(page.text.contains("no such person"), "{}", page.text);
    let id = page.between("/mail/letters/", "/resend").to_owned();
    let again = admin.post(&format!("/mail/letters/{id}/resend"), "").await;
    assert_eq!(again.status, 303, "{}", again.text);
    assert_eq!(queue(&site).await[1].1, "waiting");
    let gone = admin.post(&format!("/mail/letters/{id}/discard"), "").await;
    assert_eq!(gone.status, 303, "{}", gone.text);
    assert_eq!(
        queue(&site).await[1],
        is("nobody@example.org", "discarded", false)
    );
    let over = admin.post(&format!("/mail/letters/{id}/resend"), "").await;
    assert_eq!(over.status, 409, "{}", over.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_now_is_tried_later_and_given_up_after_a_day() {
    let mut sink = Sink::start(json!({ "fail_first": 1 }));
    let (site, _) = set_up(&sink, &[]).await;
    write(&site, "bob@example.org").await;
    assert_eq!(mail::deliver(site.site()).await.unwrap(), 0);
    assert_eq!(mail::deliver(site.site()).await.unwrap(), 0, "not at once");
    site.site().clock.advance(Time::MINUTE);
    assert_eq!(mail::deliver(site.site()).await.unwrap(), 1);
    assert_eq!(sink.letter()["to"][0], "bob@example.org");

    drop(sink);
    write(&site, "cyd@example.org").await;
    for _ in 0..30 {
        assert_eq!(mail::deliver(site.site()).await.unwrap(), 0);
        site.site().clock.advance(Time::HOUR);
    }
    assert_eq!(queue(&site).await[1], is("cyd@example.org", "failed", true));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_shut_out_gets_no_letter_that_waits() {
    let sink = Sink::start(json!({}));
    let (site, admin) = set_up(&sink, &[]).await;
    site.member("bob@example.org", Role::User).await;
    site.member("cyd@example.org", Role::User).await;
    for to in ["Bob@example.org", "cyd@example.org"] {
        write(&site, to).await;
    }
    let members = onsight::people::members_of(
        site.site(),
        onsight::people::first_workspace(site.site()).await.unwrap(),
    )
    .await
    .unwrap();
    let bob = members.iter().find(|one| one.email == "bob@example.org");

    let account = format!("/accounts/{}/disable", bob.unwrap().id);
    assert_eq!(admin.post(&account, "").await.status, 303);

    assert_eq!(
        queue(&site).await[0],
        is("Bob@example.org", "discarded", false)
    );
    // Who was shut out from elsewhere is noticed when the letter would leave.
    write(&site, "bob@example.org").await;
    assert_eq!(mail::deliver(site.site()).await.unwrap(), 1);
    let queue = queue(&site).await;
    assert_eq!(queue[1], is("bob@example.org", "discarded", false));
    assert_eq!(queue[2], is("cyd@example.org", "sent", false));
}

#[tokio::test]
async fn without_a_server_nothing_is_written_and_links_are_handed_over() {
    let (site, admin) = TestSite::new().await;
    let sent = mail::send(site.site(), vec![notice("bob@example.org")]).await;
    assert!(!sent.unwrap());
    let invited = admin
        .post("/members", "email=bob@example.org&name=Bob&role=user")
        .await;
    assert!(
        invited.text.contains("Hand it over yourself"),
        "{}",
        invited.text
    );
    assert!(queue(&site).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_get_a_letter_when_an_operator_comes_in() {
    let mut sink = Sink::start(json!({}));
    let (site, admin) = set_up(&sink, &[]).await;
    let op = site.operator(&admin, "op@example.org").await;
    assert_eq!(mail::deliver(site.site()).await.unwrap(), 1);
    assert_eq!(sink.letter()["to"][0], "op@example.org");
    let workspace = onsight::people::first_workspace(site.site()).await.unwrap();
    let ask = format!("/workspaces/{workspace}/break-glass");

    let asked = op
        .post(&ask, "role=user&reason=ticket+4711%3A+totals&hours=1")
        .await;

    assert_eq!(asked.status, 303, "{}", asked.text);
    assert_eq!(mail::deliver(site.site()).await.unwrap(), 1);
    let letter = sink.letter();
    assert_eq!(letter["to"][0], "ada@example.org");
    let text = letter["text"].as_str().unwrap().replace("=\r\n", "");
    assert!(text.contains("ticket 4711: totals"), "{text}");
}
