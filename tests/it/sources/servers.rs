//! Real servers on loopback, started once for all tests and gone with them.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use crate::companion::Certified;
use crate::support::{Answer, TestSite, Visitor};

pub(crate) struct Server {
    pub(crate) kind: &'static str,
    pub(crate) port: u16,
    pub(crate) password: &'static str,
    pub(crate) canary: &'static str,
    pub(crate) certified: Certified,
    /// It goes when this is closed, as it is when the process ends.
    _talk: ChildStdin,
    _child: Child,
}

impl Server {
    pub(crate) fn postgres() -> &'static Server {
        static KEPT: OnceLock<Server> = OnceLock::new();
        KEPT.get_or_init(|| {
            let words = ("pg-PASSWORT-kanarie", "ROW-KANARIE-PG");
            Server::start(("postgres", "postgres"), words)
        })
    }

    pub(crate) fn mariadb() -> &'static Server {
        static KEPT: OnceLock<Server> = OnceLock::new();
        KEPT.get_or_init(|| {
            let words = ("my-PASSWORT-kanarie", "ROW-KANARIE-MY");
            Server::start(("mysql", "mariadb"), words)
        })
    }

    pub(crate) fn both() -> [&'static Server; 2] {
        [Server::postgres(), Server::mariadb()]
    }

    fn start(
        (kind, program): (&'static str, &str),
        (password, canary): (&'static str, &'static str),
    ) -> Server {
        let certified = Certified::new();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut child = Command::new("tests/it/sources/server.sh")
            .args([program, &port.to_string()])
            .args([&certified.cert, &certified.key])
            .arg(format!("tests/it/sources/{program}.sql"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut ears = BufReader::new(child.stdout.take().unwrap());
        ears.read_line(&mut said).unwrap();
        assert_eq!(said, "ready\n", "{program}: tests/run installs it by apt");
        Server {
            kind,
            port,
            password,
            canary,
            certified,
            _talk: child.stdin.take().unwrap(),
            _child: child,
        }
    }

    /// What its own program says to that, asked as that account; MariaDB's as its owner.
    pub(crate) fn tell(&self, user: &str, sql: &str) -> String {
        let port = self.port.to_string();
        let mut command = if self.kind == "postgres" {
            let mut command = Command::new("psql");
            command.args([
                "-XAtc",
                sql,
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-U",
                user,
                "shop",
            ]);
            command.env("PGPASSWORD", self.password);
            command
        } else {
            let mut command = Command::new("mariadb");
            command.args(["--no-defaults", "-NBe", sql, "-h", "127.0.0.1", "-P", &port]);
            command.args(["-u", "owner", "-powner"]);
            command
        };
        let told = command.output().unwrap();
        assert!(told.status.success(), "{told:?}");
        String::from_utf8_lossy(&told.stdout).into_owned()
    }

    /// How many run that text there.
    pub(crate) fn running(&self, text: &str) -> usize {
        let sql = if self.kind == "postgres" {
            "select query from pg_stat_activity where state = 'active'"
        } else {
            "select info from information_schema.processlist where command <> 'Sleep'"
        };
        self.tell("reader", sql).matches(text).count()
    }

    /// The server closes all connections of that account.
    pub(crate) fn close(&self, user: &str) {
        let sql = if self.kind == "postgres" {
            format!(
                "select pg_terminate_backend(pid) from pg_stat_activity \
                 where usename = '{user}' and pid <> pg_backend_pid()"
            )
        } else {
            format!("kill user {user}@'127.0.0.1'")
        };
        self.tell(user, &sql);
    }

    /// A site that may call it, with its admin.
    pub(crate) async fn site(&self) -> (TestSite, Visitor) {
        let site = TestSite::calling(vec![format!("127.0.0.1:{}", self.port)]);
        let admin = site.found("Northgate", "ada@example.org").await;
        (site, admin)
    }

    /// The form that connects it, with its authority pinned.
    pub(crate) fn form(&self, changes: &[(&str, &str)]) -> String {
        let port = self.port.to_string();
        let mut fields = vec![
            ("name", "Shop"),
            ("kind", self.kind),
            ("host", "127.0.0.1"),
            ("port", &*port),
            ("database", "shop"),
            ("user", "reader"),
            ("password", self.password),
            ("tls", "ca"),
            ("ca", &*self.certified.ca),
            ("reason", ""),
        ];
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        form(&fields)
    }

    /// Connects it: the path of its page.
    pub(crate) async fn connect(&self, admin: &Visitor, changes: &[(&str, &str)]) -> String {
        let added = admin.post("/sources", &self.form(changes)).await;
        assert_eq!(added.status, 303, "{}", added.text);
        added.location().to_owned()
    }
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// The desk of one who asks that database.
pub(crate) async fn run(visitor: &Visitor, place: &str, sql: &str) -> Answer {
    let fields = [("source", id(place)), ("sql", sql)];
    visitor.post("/queries/run", &form(&fields)).await
}

/// The same as CSV, for its exact values.
pub(crate) async fn csv(visitor: &Visitor, place: &str, sql: &str) -> String {
    let fields = [("source", id(place)), ("sql", sql)];
    let answer = visitor.post("/queries/export", &form(&fields)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text.replace("\r\n", "\n")
}

pub(crate) fn id(place: &str) -> &str {
    place.rsplit('/').next().unwrap()
}
