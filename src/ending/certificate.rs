//! The paper that says what was destroyed: no content, no names, signed with
//! the key that signs the audit chain.

use serde_json::{Value, json};

use super::model::Ending;
use super::sql::Certified;
use crate::journal::{Signer, hex, is_signed, sha256};
use crate::store::Scrubbed;

/// What is signed begins with this and a zero.
const PURPOSE: &[u8] = b"onsight deletion certificate\0";

fn message(record: &str) -> Vec<u8> {
    [PURPOSE, record.as_bytes()].concat()
}

/// Signs that the thing is gone.
pub(super) fn sign(signer: &Signer, one: &Ending, method: &str, how: Scrubbed) -> Certified {
    let pages = match how {
        Scrubbed::Anew => "the database was written anew and its log emptied",
        Scrubbed::Overwritten => {
            "freed pages and all unused bytes of pages were overwritten and the log emptied"
        }
        Scrubbed::Freed => "freed pages were overwritten and the log emptied",
    };
    let record = json!({
        "format": "onsight deletion certificate 1",
        "certificate": one.id.to_string(),
        "kind": one.kind,
        "workspace": one.workspace.to_string(),
        "hash": one.hash,
        "with": one.parent.map(|parent| parent.to_string()),
        "asked": one.asked.rfc3339(),
        "asked_by": one.asked_by,
        "due": one.due.rfc3339(),
        "destroyed": one.ended.unwrap_or(one.due).rfc3339(),
        "went": one.counts,
        "method": [method, pages],
        "verified": "looked for again after that, and not found",
        "key": hex(&signer.public()),
    });
    let record = record.to_string();
    Certified {
        ending: one.id,
        workspace: one.workspace,
        digest: sha256(record.as_bytes()),
        signature: signer.sign(&message(&record)),
        record,
    }
}

impl Certified {
    /// The signature is this instance's.
    pub(super) fn fits(&self, public: &[u8]) -> bool {
        is_signed(public, &message(&self.record), &self.signature)
    }

    /// What a program reads.
    pub(super) fn to_json(&self, public: &[u8]) -> Value {
        json!({
            "certificate": self.facts(),
            "signed": self.record,
            "sha256": hex(&self.digest),
            "signature": hex(&self.signature),
            "key": hex(public),
        })
    }

    /// What it says.
    pub(super) fn facts(&self) -> Value {
        serde_json::from_str(&self.record).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Time;
    use crate::ending::model::{Counts, EndingId, State};
    use crate::store::{Key, Keyring};
    use crate::web::WorkspaceId;

    fn ending() -> Ending {
        let now = Time(1_800_000_000_000);
        Ending {
            id: EndingId::new(now),
            kind: "table".to_owned(),
            workspace: WorkspaceId::new(now),
            object: "canary_name".to_owned(),
            title: "Canary title".to_owned(),
            hash: "ab".to_owned(),
            parent: None,
            state: State::Cleared,
            asked: now,
            asked_by: String::new(),
            asked_by_name: "Canary person".to_owned(),
            due: now,
            late: now,
            fault: None,
            counts: Counts::from([("rows".to_owned(), 7)]),
            ended: Some(now),
        }
    }

    #[test]
    fn a_certificate_names_nothing_and_one_changed_letter_breaks_it() {
        let folder = tempfile::tempdir().unwrap();
        let keyring =
            Keyring::open(&folder.path().join("keyring.db"), &Key::random().unwrap()).unwrap();
        let ours = Signer::of(&keyring).unwrap();

        let signed = sign(&ours, &ending(), "method", Scrubbed::Anew);

        assert!(signed.fits(&ours.public()));
        assert!(
            !signed.record.to_lowercase().contains("canary"),
            "{}",
            signed.record
        );
        assert_eq!(signed.facts()["went"]["rows"], 7);
        let forged = Certified {
            record: signed.record.replace("\"rows\":7", "\"rows\":8"),
            ..signed.clone()
        };
        assert!(!forged.fits(&ours.public()));
        assert!(!signed.fits(&ours.public()[..31]));
    }
}
