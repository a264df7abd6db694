//! What a record must say, by who did it and what it is about.

use onsight::base::Time;
use onsight::journal::Past;
use serde_json::Value;

/// Passwords that the rows type: they stand in no record.
const TYPED: [&str; 4] = ["battery", "hunter2", "Overnight", "sesame"];

/// One word of a row for each thing that is not as usual: usual is a person with
/// a session in a workspace, whose act worked, changed no definition and touched
/// no counted row.
#[derive(Debug, Default)]
pub(super) struct Saying<'a> {
    pub(super) action: &'a str,
    /// `person`, `door` (their account is known, their session is not open yet),
    /// `stranger`, `program`, `console` or `system`.
    by: &'a str,
    result: &'a str,
    /// Which definition, role, group, limit, rule or setting was changed, and how.
    diff: bool,
    /// How many rows it was.
    rows: bool,
    /// It is of no workspace.
    nowhere: bool,
    /// It was done under a break-glass grant.
    grant: bool,
}

impl<'a> Saying<'a> {
    pub(super) fn read(leaf: &'a str) -> Saying<'a> {
        let mut words = leaf.split(' ');
        let mut saying = Saying {
            action: words.next().unwrap_or_default(),
            by: "person",
            result: "ok",
            ..Saying::default()
        };
        for word in words {
            match word {
                "door" | "stranger" | "program" | "console" | "system" => saying.by = word,
                "refused" | "failed" => saying.result = word,
                "diff" => saying.diff = true,
                "rows" => saying.rows = true,
                "nowhere" => saying.nowhere = true,
                "grant" => saying.grant = true,
                _ => panic!("{leaf}: what is “{word}”?"),
            }
        }
        saying
    }

    /// What is wrong with the record, as it was written at `now`.
    pub(super) fn fault(&self, past: &Past, now: Time) -> Option<String> {
        let mut wrong = Vec::new();
        let mut must = |is_so: bool, what: &str| {
            if !is_so {
                wrong.push(what.to_owned());
            }
        };
        must(past.version == 2, "form");
        must(past.at == now.0 || self.by == "system", "time");
        must(past.action == self.action, "action");
        must(past.result == self.result, "result");
        must(past.reason.is_empty() == (self.result == "ok"), "reason");
        let object = [&past.kind, &past.object_id, &past.object, &past.actor_name];
        must(object.iter().all(|field| !field.is_empty()), "object");
        must(past.workspace.is_empty() == self.nowhere, "workspace");
        must(past.grant.is_empty() != self.grant, "grant");
        must(past.row_count.is_some() == self.rows, "row count");
        must(is_change(&past.diff) == self.diff, "diff");
        for what in self.actor(past) {
            must(false, what);
        }
        let all = serde_json::to_string(past).unwrap_or_default();
        must(!TYPED.iter().any(|word| all.contains(word)), "a secret");
        (!wrong.is_empty()).then(|| format!("{}: {past:#?}", wrong.join(", ")))
    }

    /// What it does not say of who did it, and where they sat.
    fn actor(&self, past: &Past) -> Vec<&'static str> {
        let (kind, via) = match self.by {
            "door" => ("person", "web"),
            "stranger" if past.action.starts_with("key.") => ("stranger", "api"),
            "stranger" => ("stranger", "web"),
            "program" => ("key", "api"),
            "console" => ("console", "command line"),
            "system" => ("system", "system"),
            _ => ("person", "web"),
        };
        let is_known = matches!(kind, "person" | "key");
        let is_away = matches!(kind, "console" | "system");
        let has_session = is_known && self.by != "door";
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
    (value["version"], value["at"]) = (2.into(), 7.into());
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
