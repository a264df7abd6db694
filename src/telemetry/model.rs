//! The usage report: everything it can say, and nothing it cannot. What is
//! counted becomes a bucket here, and a bucket has a name of ours.

use aws_lc_rs::rand;
use serde::{Serialize, Serializer};

use crate::base::Time;
use crate::{egress, journal, store};

use super::features::Feature;

/// The form of the report; a new or changed key raises it.
const SCHEMA: u32 = 1;
/// Bytes a report may have.
pub const MOST: usize = 4096;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("a report would have {0} bytes, and {MOST} are the most: nothing was sent")]
    TooLarge(usize),
    #[error("usage reports are off")]
    Off,
    #[error("that is no name of an instance")]
    BadInstance,
    #[error("{0}")]
    BadFile(&'static str),
    #[error(transparent)]
    Egress(#[from] egress::Error),
    #[error("the certificate of the authority cannot be read: {path}: {source}")]
    Ca {
        path: String,
        source: std::io::Error,
    },
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// What a report calls this instance: random, made when reports are agreed to,
/// deleted when they no longer are, and connected with nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceId(String);

impl InstanceId {
    pub fn random() -> Result<InstanceId, store::Error> {
        let mut bytes = [0; 16];
        rand::fill(&mut bytes).map_err(|_unspecified| store::Error::NoRandomness)?;
        Ok(InstanceId(journal::hex(&bytes)))
    }

    /// 32 hexadecimal digits.
    pub fn parse(text: &str) -> Result<InstanceId, Error> {
        let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if text.len() == 32 && text.chars().all(is_digit) {
            Ok(InstanceId(text.to_owned()))
        } else {
            Err(Error::BadInstance)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How many of something, roughly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Count(&'static str);

impl Count {
    pub(super) fn of(number: u64) -> Count {
        Count(match number {
            0 => "0",
            1 => "1",
            2..=5 => "2-5",
            6..=20 => "6-20",
            21..=100 => "21-100",
            101..=500 => "101-500",
            501..=2_000 => "501-2000",
            _ => "more",
        })
    }

    pub(super) fn of_rows(number: u64) -> Count {
        Count(match number {
            0 => "0",
            1..=1_000 => "1-1000",
            1_001..=10_000 => "1001-10000",
            10_001..=100_000 => "10001-100000",
            100_001..=1_000_000 => "100001-1000000",
            1_000_001..=10_000_000 => "1000001-10000000",
            _ => "more",
        })
    }

    /// For how long it has been running; `None`: it is not known.
    pub(super) fn of_time(milliseconds: Option<i64>) -> Count {
        Count(match milliseconds {
            None => "unknown",
            Some(..Time::HOUR) => "under an hour",
            Some(..Time::DAY) => "under a day",
            Some(time) if time < 7 * Time::DAY => "under a week",
            Some(time) if time < 30 * Time::DAY => "under 30 days",
            Some(_) => "30 days or more",
        })
    }
}

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

/// What it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Platform {
    pub(super) os: &'static str,
    pub(super) arch: &'static str,
    pub(super) installed_as: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Counts {
    pub(super) workspaces: Count,
    pub(super) people: Count,
    pub(super) apps: Count,
    pub(super) tables: Count,
    pub(super) rows: Count,
}

/// The whole of what may be told. There is no field here that could hold a word
/// somebody typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    pub(super) schema: u32,
    #[serde(serialize_with = "as_text")]
    pub(super) instance: InstanceId,
    /// `2026-W47`
    pub(super) week: String,
    pub(super) version: &'static str,
    pub(super) platform: Platform,
    pub(super) uptime: Count,
    pub(super) counts: Counts,
    pub(super) features: Vec<Feature>,
}

fn as_text<S: Serializer>(instance: &InstanceId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(instance.as_str())
}

/// What the database knows, before it becomes buckets.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) workspaces: u64,
    pub(super) people: u64,
    pub(super) apps: u64,
    pub(super) tables: u64,
    pub(super) rows: u64,
    pub(super) acts: Vec<String>,
    pub(super) started: Option<Time>,
}

impl Report {
    pub(super) fn of(known: &Known, instance: InstanceId, platform: Platform, now: Time) -> Report {
        let uptime = known.started.map(|started| now.0 - started.0);
        Report {
            schema: SCHEMA,
            instance,
            week: now.timestamp().strftime("%G-W%V").to_string(),
            version: env!("CARGO_PKG_VERSION"),
            platform,
            uptime: Count::of_time(uptime),
            counts: Counts {
                workspaces: Count::of(known.workspaces),
                people: Count::of(known.people),
                apps: Count::of(known.apps),
                tables: Count::of(known.tables),
                rows: Count::of_rows(known.rows),
            },
            features: super::features::shown_by(&known.acts),
        }
    }

    pub(super) fn instance(&self) -> &InstanceId {
        &self.instance
    }

    /// The very bytes that are shown, sent and kept.
    pub fn bytes(&self) -> Result<String, Error> {
        let text = serde_json::to_string_pretty(self)?;
        if text.len() > MOST {
            return Err(Error::TooLarge(text.len()));
        }
        Ok(text)
    }
}

/// What was decided about reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// `Some` while they are agreed to.
    pub instance: Option<InstanceId>,
    pub decided: Time,
    pub decided_by: String,
}

/// A report that left, or set out to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub id: i64,
    pub at: Time,
    /// It went into a file to be carried by hand.
    pub is_file: bool,
    pub endpoint: String,
    pub body: String,
    pub sha256: String,
    pub status: Option<i64>,
    /// `None`: it is not known whether it arrived.
    pub answer: Option<String>,
}

impl Sent {
    pub fn arrived(&self) -> bool {
        self.is_file
            || self
                .status
                .is_some_and(|status| (200..300).contains(&status))
    }
}

/// How reports stand.
#[derive(Clone, Debug)]
pub struct State {
    /// `None`: nobody decided yet, which means no.
    pub choice: Option<Choice>,
    pub sent: Vec<Sent>,
}

impl State {
    pub fn instance(&self) -> Option<&InstanceId> {
        self.choice.as_ref()?.instance.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Platform = Platform {
        os: "linux",
        arch: "x86_64",
        installed_as: "package",
    };

    fn instance() -> InstanceId {
        InstanceId::parse("00112233445566778899aabbccddeeff").unwrap()
    }

    #[test]
    fn the_bytes_of_a_report() {
        let known = Known {
            workspaces: 3,
            people: 41,
            apps: 7,
            tables: 12,
            rows: 250_000,
            acts: vec!["table.imported".to_owned(), "policy.saved".to_owned()],
            started: Some(Time(1_799_000_000_000)),
        };
        let report = Report::of(&known, instance(), HERE, Time(1_800_000_000_000));
        // A key that is new here is a new promise: docs/telemetry.md and the
        // number of the schema change with it.
        insta::assert_snapshot!(report.bytes().unwrap(), @r#"
        {
          "schema": 1,
          "instance": "00112233445566778899aabbccddeeff",
          "week": "2027-W02",
          "version": "0.1.0",
          "platform": {
            "os": "linux",
            "arch": "x86_64",
            "installed_as": "package"
          },
          "uptime": "under 30 days",
          "counts": {
            "workspaces": "2-5",
            "people": "21-100",
            "apps": "6-20",
            "tables": "6-20",
            "rows": "100001-1000000"
          },
          "features": [
            "imports",
            "table_policies"
          ]
        }
        "#);
    }

    #[test]
    fn the_largest_report_there_can_be_is_small_enough() {
        let acts = super::super::features::FEATURES.iter();
        let known = Known {
            workspaces: u64::MAX,
            people: u64::MAX,
            apps: u64::MAX,
            tables: u64::MAX,
            rows: 10_000_000,
            acts: acts
                .flat_map(|(_, acts)| *acts)
                .map(|&act| act.to_owned())
                .collect(),
            started: Some(Time(0)),
        };
        let report = Report::of(&known, instance(), HERE, Time(i64::MAX / 2));
        assert_eq!(
            report.features.len(),
            super::super::features::FEATURES.len()
        );
        assert!(report.bytes().unwrap().len() < MOST / 2);
    }

    #[test]
    fn a_count_tells_only_how_many_there_are_roughly() {
        let told: Vec<_> = [0, 1, 2, 5, 6, 20, 21, 100, 500, 501, 2_000, 2_001]
            .map(|number| Count::of(number).0)
            .into();
        assert_eq!(
            told,
            [
                "0", "1", "2-5", "2-5", "6-20", "6-20", "21-100", "21-100", "101-500", "501-2000",
                "501-2000", "more"
            ]
        );
        assert_eq!(Count::of_rows(1_000_001).0, "1000001-10000000");
        assert_eq!(Count::of_time(Some(-5)).0, "under an hour");
        assert_eq!(Count::of_time(Some(30 * Time::DAY)).0, "30 days or more");
        assert_eq!(Count::of_time(None).0, "unknown");
    }

    #[test]
    fn an_instance_is_32_digits_and_nothing_else() {
        let one = InstanceId::random().unwrap();
        assert_ne!(one, InstanceId::random().unwrap());
        assert_eq!(InstanceId::parse(one.as_str()).unwrap(), one);
        for wrong in [
            "",
            "0011",
            "ada@example.org",
            "00112233445566778899AABBCCDDEEFF",
            "00112233445566778899aabbccddeeg\u{0}",
        ] {
            assert!(InstanceId::parse(wrong).is_err(), "{wrong}");
        }
    }
}
