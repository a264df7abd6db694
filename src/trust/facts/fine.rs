//! An instance that keeps every promise, for tests to break one thing of.

use super::{
    Account, Certificate, Copies, Disk, Facts, Host, Inside, Key, Long, Machine, Place, Points,
    Process, Program, Reports, Target, Test, Trail,
};
use crate::base::{Networks, Time};
use crate::config::{Config, Edges, Said, Url};
use crate::tls::Strictness;
use crate::trust::checks::Check;
use crate::trust::finding::{Finding, Level};
use crate::trust::hosting::{Hosting, Kind};
use crate::web::UserId;

pub(in crate::trust) const NOON: Time = Time(1_800_000_000_000);
const DAY: i64 = Time::DAY;

fn ago(days: i64) -> Time {
    NOON.plus(-days * DAY)
}

/// Everything as it should be.
pub(in crate::trust) fn facts() -> Facts {
    let config = Config {
        edges: Edges {
            admin_listen: Some(([10, 8, 0, 1], 8444).into()),
            gate: gate("10.0.0.0/8"),
            admin_gate: gate("10.8.0.0/24"),
            url: Url::parse("https://apps.corp.example"),
            security_contact: Some("mailto:security@corp.example".to_owned()),
            ..Edges::default()
        },
        ..Config::of(&[Said::default()]).unwrap()
    };
    Facts {
        now: NOON,
        host: host(&config),
        config,
        inside: Ok(inside()),
    }
}

fn gate(networks: &str) -> crate::config::Gate {
    crate::config::Gate {
        allow: Networks::parse(networks).unwrap(),
        client_ca: None,
    }
}

fn host(config: &Config) -> Host {
    Host {
        process: Some(Process {
            id: 7,
            listens: Some(vec![config.listen, ([10, 8, 0, 1], 8444).into()]),
            no_new_privileges: true,
            is_filtered: true,
            capabilities: 0,
            is_root: false,
            dumps: false,
            confinement: "onsight (enforce)".to_owned(),
        }),
        machine: Machine {
            clock: Some("chrony"),
            has_aes: Some(true),
            image: Some(ago(2)),
            ..Machine::default()
        },
        disks: vec![Disk {
            path: "/var/lib/onsight".into(),
            free: 60 << 30,
            size: 100 << 30,
        }],
        faults: Vec::new(),
    }
}

fn inside() -> Inside {
    Inside {
        founded: Some(ago(200)),
        certificate: Certificate {
            until: ago(-60),
            is_ours: false,
            key: "ECDSA 256".to_owned(),
            is_weak: false,
            names: vec!["apps.corp.example".to_owned()],
        },
        keys: vec![Key {
            title: "Instance key".to_owned(),
            since: Some(ago(100)),
            fault: None,
        }],
        key_place: ("systemd credential onsight.key".to_owned(), false),
        strictness: Strictness::Host,
        accounts: vec![
            account("ada@example.org", true),
            account("bob@example.org", false),
        ],
        places: vec![northgate()],
        programs: vec![Program {
            name: "Excel".to_owned(),
            has_networks: true,
            created: ago(10),
            expires: ago(-80),
            used: Some(ago(1)),
        }],
        visits: Vec::new(),
        policies_removed: Vec::new(),
        trail: Trail {
            days: 365,
            head: Some((40, ago(0))),
            signed: Some((40, ago(0))),
            targets: vec![Target {
                name: "syslog".to_owned(),
                sent: Some(ago(0)),
                fault: None,
                waiting: 0,
                since: None,
            }],
        },
        long: ["chain", "surface"].map(long).into(),
        reviewed: Some((ago(20), ago(20))),
        hosting: vec![Hosting::test(
            Kind::Certificate,
            "ISO 27001",
            Some(ago(-200)),
        )],
        copies: copies(),
        jump: None,
    }
}

fn northgate() -> Place {
    Place {
        name: "Northgate".to_owned(),
        idle: 15,
        longest: 12,
        factor_roles: ["builder", "user", "auditor"].map(str::to_owned).into(),
        four_eyes: true,
    }
}

fn copies() -> Copies {
    Copies {
        points: Points {
            is_on: true,
            holders: 1,
            destinations: 2,
            newest: Some(NOON.plus(-Time::HOUR)),
            oldest: Some(ago(7)),
            ..Points::default()
        },
        test: Test {
            proved: Some(ago(10)),
            ..Test::default()
        },
        reports: Reports {
            is_on: Some(false),
            sent: 0,
        },
        ..Copies::default()
    }
}

fn long(name: &str) -> Long {
    Long {
        name: name.to_owned(),
        at: NOON.plus(-Time::HOUR),
        is_fine: true,
        said: "whole".to_owned(),
    }
}

pub(in crate::trust) fn account(email: &str, is_operator: bool) -> Account {
    Account {
        id: UserId::new(NOON),
        email: email.to_owned(),
        created: ago(150),
        entered: Some(ago(3)),
        is_operator,
        is_admin: is_operator,
        has_factor: true,
    }
}

/// What a check says when that was done to an instance on which it is green.
pub(in crate::trust) fn after(check: &dyn Check, change: impl FnOnce(&mut Facts)) -> Finding {
    let mut facts = facts();
    let before = check.look(&facts);
    assert_eq!(before.level, Level::Green, "{before:?}");
    change(&mut facts);
    let after = check.look(&facts);
    assert_eq!(
        after.level == Level::Green,
        after.todo.is_empty(),
        "{after:?}"
    );
    after
}

/// The same, for a change of what is inside.
pub(in crate::trust) fn within(check: &dyn Check, change: impl FnOnce(&mut Inside)) -> Finding {
    after(check, |facts| change(facts.inside.as_mut().unwrap()))
}
