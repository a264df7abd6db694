//! What is decided once about deleting and returning.

use serde_json::json;

use crate::ending::model::{Error, LONGEST_UNDO};
use crate::ending::sql;
use crate::journal::{self, Actor, Entry};
use crate::site::Site;
use crate::web::Faults;

/// What was decided for the instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ending) struct Settings {
    /// Hours in which something that was deleted can be had back.
    pub(in crate::ending) undo: i64,
    /// Whom to ask about data protection, as people read it.
    pub(in crate::ending) contact: String,
}

impl Settings {
    pub(in crate::ending) fn parse(undo: &str, contact: &str) -> Result<Settings, Faults> {
        let mut faults = Faults::default();
        let hours = undo.trim().parse::<i64>().ok();
        let hours = hours.filter(|hours| (0..=LONGEST_UNDO).contains(hours));
        if hours.is_none() {
            faults.add("undo", "write whole hours from 0 to 23");
        }
        let contact = contact.trim();
        if contact.chars().count() > 300 {
            faults.add("contact", "use at most 300 characters");
        }
        match hours {
            Some(undo) if faults.is_empty() => Ok(Settings {
                undo,
                contact: contact.to_owned(),
            }),
            _ => Err(faults),
        }
    }
}

pub(in crate::ending) async fn settings(site: &Site) -> Result<Settings, Error> {
    site.system
        .read(|conn| {
            let undo = sql::setting(conn, "undo")?.and_then(|hours| hours.parse().ok());
            Ok(Settings {
                undo: undo.unwrap_or(LONGEST_UNDO),
                contact: sql::setting(conn, "contact")?.unwrap_or_default(),
            })
        })
        .await
}

pub(in crate::ending) async fn settle(
    site: &Site,
    actor: Actor,
    new: Settings,
) -> Result<(), Error> {
    let (now, before) = (site.clock.now(), settings(site).await?);
    site.system
        .write(move |tx| {
            sql::keep_setting(tx, "undo", &new.undo.to_string())?;
            sql::keep_setting(tx, "contact", &new.contact)?;
            let said = |of: &Settings| json!({ "undo_hours": of.undo, "contact": of.contact });
            let entry = Entry::new(now, &actor, "deletion.settings_changed", "instance");
            journal::record(tx, &entry.changed(&said(&before), &said(&new)))?;
            Ok(())
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undo_window_is_less_than_a_day() {
        for hours in ["0", "23", " 7 "] {
            assert!(Settings::parse(hours, "").is_ok(), "{hours}");
        }
        for hours in ["24", "-1", "", "1.5", "a"] {
            assert!(
                Settings::parse(hours, "").unwrap_err().at("undo").is_some(),
                "{hours}"
            );
        }
        assert!(Settings::parse("1", &"x".repeat(301)).is_err());
    }
}
