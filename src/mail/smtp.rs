//! The conversation with the server for mail, step by step, so that whoever
//! sets it up learns which step failed.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::letter::one_line;
use super::server::{Security, Server};
use super::wire::Wire;
use crate::base::{Secret, text};
use crate::egress::{self, Egress, Host, Purpose, Trust};

/// For one step, answer included.
const STEP: Duration = Duration::from_secs(30);
/// Letters of the server's own words that are kept.
const WORDS: usize = 300;
/// Bytes an answer before TLS may have.
const ANSWER: usize = 8 << 10;

/// A step on the way of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Name,
    Connect,
    Tls,
    Hello,
    SignIn,
    Sender,
    Recipient,
    Message,
}

impl Step {
    pub(super) const ALL: [Step; 8] = [
        Step::Name,
        Step::Connect,
        Step::Tls,
        Step::Hello,
        Step::SignIn,
        Step::Sender,
        Step::Recipient,
        Step::Message,
    ];

    pub(super) fn title(self) -> &'static str {
        match self {
            Step::Name => "The name is known",
            Step::Connect => "A connection",
            Step::Tls => "TLS",
            Step::Hello => "It speaks SMTP",
            Step::SignIn => "Sign-in",
            Step::Sender => "It takes the sender",
            Step::Recipient => "It takes the recipient",
            Step::Message => "It takes the letter",
        }
    }

    /// As a sentence about a failure begins.
    fn word(self) -> &'static str {
        match self {
            Step::Name => "name",
            Step::Connect => "connect",
            Step::Tls => "TLS",
            Step::Hello => "greeting",
            Step::SignIn => "sign-in",
            Step::Sender => "sender refused",
            Step::Recipient => "recipient refused",
            Step::Message => "letter refused",
        }
    }
}

/// Where it ended, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) step: Step,
    pub(super) why: String,
    /// The server will not take this letter at another time either.
    pub(super) is_final: bool,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.step.word(), self.why)
    }
}

impl Trouble {
    fn at(step: Step, why: impl fmt::Display) -> Trouble {
        let why = one_line(&why.to_string());
        Trouble {
            step,
            why: text::shorten(&why, WORDS).into_owned(),
            is_final: false,
        }
    }

    fn of_egress(error: &egress::Error) -> Trouble {
        let step = match error {
            egress::Error::UnknownName { .. }
            | egress::Error::NoNames(_)
            | egress::Error::BadHost(_) => Step::Name,
            egress::Error::Untrusted { .. } | egress::Error::BadCa(_) => Step::Tls,
            _ => Step::Connect,
        };
        Trouble::at(step, error)
    }

    fn of_smtp(step: Step, error: &lettre::transport::smtp::Error) -> Trouble {
        // A server may repeat what it was sent: of a sign-in only its number is kept.
        let code = error.status().map(|code| code.to_string());
        let why = match (step, code) {
            (Step::SignIn, Some(code)) => format!("the server answered {code}"),
            (Step::SignIn, None) if error.is_client() => {
                "the server offers no way to sign in with a password".to_owned()
            }
            (Step::SignIn, None) => "the connection broke".to_owned(),
            _ => error.to_string(),
        };
        let is_about_letter = matches!(step, Step::Recipient | Step::Message);
        Trouble {
            is_final: is_about_letter && error.is_permanent(),
            ..Trouble::at(step, why)
        }
    }

    fn late(step: Step) -> Trouble {
        Trouble::at(step, format!("no answer for {} seconds", STEP.as_secs()))
    }

    /// Whether other letters over this connection are in the same trouble.
    pub(super) fn is_general(&self) -> bool {
        !matches!(self.step, Step::Recipient | Step::Message)
    }
}

/// A connection that is ready to take letters.
pub(super) struct Session {
    connection: AsyncSmtpConnection,
    from: Address,
}

impl Session {
    /// Connects, secures the connection and signs in.
    pub(super) async fn open(
        egress: &Egress,
        server: &Server,
        password: Option<&Secret>,
        called: &str,
    ) -> Result<Session, Trouble> {
        let from = super::message::address(&server.from);
        let from = from.map_err(|why| Trouble::at(Step::Sender, why))?;
        let hello = hello(called);
        let stream = secured(egress, server, &hello).await?;
        let opened = AsyncSmtpConnection::connect_with_transport(stream, &hello);
        let mut connection = timeout(STEP, opened)
            .await
            .map_err(|_elapsed| Trouble::late(Step::Hello))?
            .map_err(|error| Trouble::of_smtp(Step::Hello, &error))?;
        if !server.user.is_empty() {
            let Some(password) = password else {
                let why = "no password is kept for this server; enter it again";
                return Err(Trouble::at(Step::SignIn, why));
            };
            let words = Credentials::new(server.user.clone(), password.reveal().to_owned());
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            timeout(STEP, connection.auth(&mechanisms, &words))
                .await
                .map_err(|_elapsed| Trouble::late(Step::SignIn))?
                .map_err(|error| Trouble::of_smtp(Step::SignIn, &error))?;
        }
        Ok(Session { connection, from })
    }

    /// Hands one letter over. After trouble with a letter the next can be sent.
    pub(super) async fn send(&mut self, to: &str, message: &[u8]) -> Result<(), Trouble> {
        let sent = self.hand_over(to, message).await;
        if sent.as_ref().is_err_and(|trouble| !trouble.is_general()) {
            self.say(Step::Hello, Rset).await?;
        }
        sent
    }

    async fn hand_over(&mut self, to: &str, message: &[u8]) -> Result<(), Trouble> {
        let never = |why: String| Trouble {
            is_final: true,
            ..Trouble::at(Step::Recipient, why)
        };
        let to = super::message::address(to).map_err(never)?;
        if !AsRef::<str>::as_ref(&to).is_ascii() {
            let why = "the address has letters that not every server on its way knows";
            return Err(never(why.to_owned()));
        }
        let from = self.from.clone();
        self.say(Step::Sender, Mail::new(Some(from), vec![]))
            .await?;
        self.say(Step::Recipient, Rcpt::new(to, vec![])).await?;
        self.say(Step::Message, Data).await?;
        timeout(STEP, self.connection.message(message))
            .await
            .map_err(|_elapsed| Trouble::late(Step::Message))?
            .map_err(|error| Trouble::of_smtp(Step::Message, &error))?;
        Ok(())
    }

    async fn say(&mut self, step: Step, command: impl fmt::Display) -> Result<(), Trouble> {
        timeout(STEP, self.connection.command(command))
            .await
            .map_err(|_elapsed| Trouble::late(step))?
            .map_err(|error| Trouble::of_smtp(step, &error))?;
        Ok(())
    }

    /// Takes leave; nobody waits for an answer.
    pub(super) async fn close(mut self) {
        let left = timeout(Duration::from_secs(2), self.connection.quit()).await;
        if !matches!(left, Ok(Ok(_))) {
            tracing::debug!("the server for mail took no leave");
        }
    }
}

/// What we call ourselves.
fn hello(called: &str) -> ClientId {
    match Host::parse(called) {
        Ok(Host::Name(name)) => ClientId::Domain(name),
        Ok(Host::Address(std::net::IpAddr::V4(v4))) => ClientId::Ipv4(v4),
        Ok(Host::Address(std::net::IpAddr::V6(v6))) => ClientId::Ipv6(v6),
        Err(_) => ClientId::Domain("localhost".to_owned()),
    }
}

async fn secured(
    egress: &Egress,
    server: &Server,
    hello: &ClientId,
) -> Result<Box<dyn AsyncTokioStream>, Trouble> {
    let (host, port) = (server.host.as_str(), server.port);
    let stream = egress.connect(host, port, Purpose::Mail).await;
    let mut stream = stream.map_err(|error| Trouble::of_egress(&error))?;
    let peer: SocketAddr = stream
        .peer_addr()
        .map_err(|error| Trouble::at(Step::Connect, error))?;
    if server.security == Security::Plain {
        return Ok(Box::new(Wire::new(stream, peer)));
    }
    let client = Trust::new(&server.ca).and_then(|trust| trust.client());
    let client = client.map_err(|error| Trouble::of_egress(&error))?;
    let is_greeted = server.security == Security::StartTls;
    if is_greeted {
        timeout(STEP, ask_for_tls(&mut stream, hello))
            .await
            .map_err(|_elapsed| Trouble::late(Step::Tls))??;
    }
    let sealed = egress.secure(stream, host, &client).await;
    // Whatever goes wrong from here on is about TLS.
    let sealed = sealed.map_err(|error| Trouble::at(Step::Tls, error))?;
    Ok(if is_greeted {
        Box::new(Wire::greeted(sealed, peer))
    } else {
        Box::new(Wire::new(sealed, peer))
    })
}

/// The few words before TLS. Read byte by byte, so that nothing somebody put in
/// behind the last of them is taken for what is said under TLS.
async fn ask_for_tls(stream: &mut TcpStream, hello: &ClientId) -> Result<(), Trouble> {
    let broke = |error: io::Error| Trouble::at(Step::Hello, error);
    expect(stream, Step::Hello, 220).await?;
    let line = format!("EHLO {hello}\r\n");
    stream.write_all(line.as_bytes()).await.map_err(broke)?;
    let offers = expect(stream, Step::Hello, 250).await?;
    let has_tls = offers.lines().any(|line| {
        let offer = line.get(4..).unwrap_or_default().trim();
        offer.eq_ignore_ascii_case("STARTTLS")
    });
    if !has_tls {
        let why = "the server offers no StartTLS, or somebody on the way took the offer out; nothing is sent in the clear";
        return Err(Trouble::at(Step::Tls, why));
    }
    stream.write_all(b"STARTTLS\r\n").await.map_err(broke)?;
    expect(stream, Step::Tls, 220).await?;
    Ok(())
}

/// Reads an answer of one line or several; another number than `code` is trouble.
async fn expect(stream: &mut TcpStream, step: Step, code: u16) -> Result<String, Trouble> {
    let mut answer = Vec::new();
    let mut begin = 0;
    loop {
        let byte = stream.read_u8().await;
        answer.push(byte.map_err(|error| Trouble::at(step, error))?);
        if answer.len() > ANSWER {
            return Err(Trouble::at(step, "the answer has no end"));
        }
        if answer.ends_with(b"\n") {
            if answer.get(begin + 3) != Some(&b'-') {
                break;
            }
            begin = answer.len();
        }
    }
    let said = String::from_utf8_lossy(&answer).into_owned();
    if said.get(..3) == Some(&*code.to_string()) {
        Ok(said)
    } else {
        Err(Trouble::at(step, format!("the server said: {said}")))
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// What comes of a server that says these words and hears the rest.
    async fn asked(script: &'static [u8]) -> Result<(), Trouble> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(script).await.unwrap();
            let mut heard = Vec::new();
            let _ = stream.read_to_end(&mut heard).await;
        });
        let mut stream = TcpStream::connect(address).await.unwrap();
        let done = ask_for_tls(&mut stream, &hello("onsight.corp")).await;
        drop(stream);
        server.await.unwrap();
        done
    }

    #[tokio::test]
    async fn without_an_offer_of_tls_nothing_is_sent() {
        let fine = b"220 hi\r\n250-mail.corp\r\n250-SIZE 1000\r\n250 STARTTLS\r\n220 go\r\n";
        assert_eq!(asked(fine).await, Ok(()));
        let stripped = asked(b"220 hi\r\n250-mail.corp\r\n250 SIZE 1000\r\n").await;
        let stripped = stripped.unwrap_err();
        assert_eq!(stripped.step, Step::Tls);
        assert!(stripped.why.contains("nothing is sent in the clear"));
        for (script, step) in [
            (&b"554 go away\r\n"[..], Step::Hello),
            (b"220 hi\r\n502 what\r\n", Step::Hello),
            (b"220 hi\r\n250 STARTTLS\r\n454 not now\r\n", Step::Tls),
            (
                b"220 hi\r\n250-XSTARTTLSX\r\n250 starttls-not\r\n",
                Step::Tls,
            ),
            (b"\xff\xfe\r\n", Step::Hello),
            (b"22\r\n", Step::Hello),
        ] {
            assert_eq!(asked(script).await.unwrap_err().step, step, "{script:?}");
        }
    }

    #[tokio::test]
    async fn an_answer_without_an_end_is_given_up() {
        let long: &'static [u8] = vec![b'x'; 4 * ANSWER].leak();
        let trouble = asked(long).await.unwrap_err();
        assert!(trouble.why.contains("no end"), "{trouble}");
    }

    #[test]
    fn what_a_server_says_is_one_short_line() {
        let trouble = Trouble::at(Step::Sender, format!("no\r\n\x1b[31m{}", "x".repeat(9_000)));
        assert!(trouble.why.chars().count() <= WORDS + 1);
        assert!(!trouble.why.contains(['\r', '\n', '\x1b']));
        assert!(trouble.to_string().starts_with("sender refused: no"));
    }
}
