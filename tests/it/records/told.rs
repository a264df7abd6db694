//! What a record must say, by who did it and what it is about.

use onsight::base::Time;
use onsight::journal::Past;
use serde_json::Value;

/// Passwords that the rows type: they stand in no record.
const TYPED: [&str; 4] = ["battery", "hunter2", "Overnight", "sesame"];

/// What else a row may say of a record. Usual is a person with a session in a
/// workspace, whose act worked, changed no definition and touched no counted row.
const WORDS: [(&str, &str); 11] = [
    (
        "door",
        "their account is known, their session is not open yet",
    ),
    ("stranger", "nobody knows who they are"),
    ("program", "it holds a key"),
    ("console", "it was done on the server"),
    ("system", "it was done by the server"),
    ("refused", "they may not, or not now"),
    ("failed", "it was tried and did not work"),
    (
        "diff",
        "it says what was changed of a definition or setting",
    ),
    ("rows", "it says how many rows it was"),
    ("nowhere", "it is of no workspace"),
    ("grant", "it was done under a break-glass grant"),
];

#[derive(Debug)]
pub(super) struct Saying<'a> {
    pub(super) action: &'a str,
    words: Vec<&'a str>,
}

impl<'a> Saying<'a> {
    pub(super) fn read(leaf: &'a str) -> Saying<'a> {
        let mut words = leaf.split(' ');
        let action = words.next().unwrap_or_default();
        let words: Vec<_> = words.collect();
        for word in &words {
            let is_known = WORDS.iter().any(|(known, _)| known == word);
            assert!(is_known, "{leaf}: {word} is none of {WORDS:?}");
        }
        Saying { action, words }
    }

    fn says(&self, word: &str) -> bool {
        self.words.contains(&word)
    }

    /// The first of these that it says.
    fn one_of(&self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().copied().find(|word| self.says(word))
    }

    /// What is wrong with the record, as it was written at `now`.
    pub(super) fn fault(&self, past: &Past, now: Time) -> Option<String> {
        let result = self.one_of(&["refused", "failed"]).unwrap_or("ok");
        let mut wrong = Vec::new();
        let mut must = |is_so: bool, what: &str| {
            if !is_so {
                wrong.push(what.to_owned());
            }
        };
        must(past.version == 3, "form");
        must(past.at == now.0 || self.says("system"), "time");
        must(past.action == self.action, "action");
        must(past.result == result, "result");
        must(past.reason.is_empty() == (result == "ok"), "reason");
        let object = [&past.kind, &past.object_id, &past.object, &past.actor_name];
        must(object.iter().all(|field| !field.is_empty()), "object");
        must(
            past.workspace.is_empty() == self.says("nowhere"),
            "workspace",
        );
        must(past.grant.is_empty() != self.says("grant"), "grant");
        must(past.row_count.is_some() == self.says("rows"), "row count");
        must(is_change(&past.diff) == self.says("diff"), "diff");
        for what in self.actor(past) {
            must(false, what);
        }
        let all = serde_json::to_string(past).unwrap_or_default();
        must(!TYPED.iter().any(|word| all.contains(word)), "a secret");
        (!wrong.is_empty()).then(|| format!("{}: {past:#?}", wrong.join(", ")))
    }

    /// What it does not say of who did it, and where they sat.
    fn actor(&self, past: &Past) -> Vec<&'static str> {
        let by = self.one_of(&["stranger", "program", "console", "system"]);
        let (kind, via) = match by {
            None => ("person", "web"),
            Some("stranger") if past.action.starts_with("key.") => ("stranger", "api"),
            Some("stranger") => ("stranger", "web"),
            Some("program") => ("key", "api"),
            Some("console") => ("console", "command line"),
            Some(_) => ("system", "system"),
        };
        let is_known = matches!(kind, "person" | "key");
        let is_away = matches!(kind, "console" | "system");
        let has_session = is_known && !self.says("door");
        let browser = [&past.address, &past.device, &past.browser, &past.system];
        let checks = [
            (past.actor_kind == kind, "kind of actor"),
            (past.via == via, "door"),
            (past.actor.is_some() == is_known, "id of actor"),
            (past.email.is_empty() != is_known, "e-mail"),
            (past.session.is_empty() != has_session, "session"),
            (past.method.is_empty() != is_known, "method"),
            (past.request.is_empty() == is_away, "request"),
            (
                is_away || browser.iter().all(|field| !field.is_empty()),
                "browser and address",
            ),
            (is_away || past.device == "desktop", "device"),
            (past.method != "session", "how they came in"),
        ];
        let unmet = checks.into_iter().filter(|(is_met, _)| !is_met);
        unmet.map(|(_, what)| what).collect()
    }
}

/// A diff that names a field, with two sides that differ or hide a secret.
fn is_change(diff: &str) -> bool {
    let Ok(Value::Object(fields)) = serde_json::from_str(diff) else {
        return false;
    };
    let is_pair = |value: &Value| {
        let pair = value.as_array().filter(|pair| pair.len() == 2);
        pair.is_some_and(|pair| pair[0] != pair[1] || pair[0] == "•••")
    };
    !fields.is_empty() && fields.values().all(is_pair)
}

#[test]
fn a_record_that_lacks_something_is_found_out() {
    let mut value = serde_json::to_value(Past::default()).unwrap();
    let names = [
        "actor",
        "actor_name",
        "email",
        "workspace",
        "address",
        "device",
        "browser",
        "system",
        "session",
        "method",
        "request",
        "kind",
        "object_id",
        "object",
    ];
    for name in names {
        value[name] = "desktop".into();
    }
    let others = [
        ("actor_kind", "person"),
        ("via", "web"),
        ("action", "member.role_changed"),
        ("result", "ok"),
        ("diff", "{\"role\":[\"user\",\"builder\"]}"),
    ];
    for (name, said) in others {
        value[name] = said.into();
    }
    (value["version"], value["at"]) = (3.into(), 7.into());
    let fault = |value: &Value, now| {
        let past: Past = serde_json::from_value(value.clone()).unwrap();
        Saying::read("member.role_changed diff").fault(&past, Time(now))
    };
    assert_eq!(fault(&value, 7), None);
    assert!(fault(&value, 8).is_some(), "another time");
    for name in names.into_iter().filter(|name| *name != "actor") {
        let mut lacking = value.clone();
        lacking[name] = "".into();
        assert!(fault(&lacking, 7).is_some(), "{name}");
    }
    for (name, said) in [
        ("actor", Value::Null),
        ("diff", "null".into()),
        ("diff", "{}".into()),
        ("diff", "{\"role\":[\"user\",\"user\"]}".into()),
        ("diff", "{\"role\":\"user\"}".into()),
        ("row_count", 3.into()),
        ("grant", "g".into()),
        ("result", "refused".into()),
        ("reason", "no".into()),
        ("detail", "{\"password\":\"hunter2\"}".into()),
    ] {
        let mut wrong = value.clone();
        wrong[name] = said;
        assert!(fault(&wrong, 7).is_some(), "{wrong}");
    }
}
