//! The features a report may name: a fixed list, each with the acts in the trail
//! that say somebody used it.

use serde::Serialize;

/// One feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Feature {
    Imports,
    Queries,
    Apps,
    AppForms,
    AppSharing,
    PublishApproval,
    ViewAs,
    TablePolicies,
    Exports,
    ApiKeys,
    ApiReads,
    Groups,
    Attributes,
    SecondFactors,
    SignInMethods,
    BreakGlass,
    AccessReview,
    AuditExport,
    AuditForwarding,
    KeyChange,
    Backups,
}

/// Each feature with the acts that show its use.
pub(super) const FEATURES: [(Feature, &[&str]); 21] = [
    (Feature::Imports, &["table.imported"]),
    (Feature::Queries, &["query.saved"]),
    (Feature::Apps, &["app.published"]),
    (Feature::AppForms, &["app.query_run"]),
    (Feature::AppSharing, &["app.shared"]),
    (Feature::PublishApproval, &["app.publish_requested"]),
    (Feature::ViewAs, &["app.viewed_as"]),
    (Feature::TablePolicies, &["policy.saved"]),
    (
        Feature::Exports,
        &["rows.exported", "table.exported", "app.exported"],
    ),
    (Feature::ApiKeys, &["key.made"]),
    (Feature::ApiReads, &["api.read"]),
    (Feature::Groups, &["group.made", "group.member_added"]),
    (Feature::Attributes, &["member.attributes_changed"]),
    (Feature::SecondFactors, &["factor.added"]),
    (
        Feature::SignInMethods,
        &["sign_in_method.switched_on", "identity.linked"],
    ),
    (Feature::BreakGlass, &["grant.begun"]),
    (Feature::AccessReview, &["access.reviewed"]),
    (Feature::AuditExport, &["audit.exported"]),
    (Feature::AuditForwarding, &["forwarding.changed"]),
    (Feature::KeyChange, &["key.changed"]),
    (Feature::Backups, &["backup.made"]),
];

/// The features that these acts show, in the order of the list.
pub(super) fn shown_by(acts: &[String]) -> Vec<Feature> {
    let is_used = |names: &[&str]| acts.iter().any(|act| names.contains(&act.as_str()));
    FEATURES
        .iter()
        .filter(|(_, names)| is_used(names))
        .map(|(feature, _)| *feature)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_shows_its_feature_and_an_unknown_one_shows_nothing() {
        let acts = ["rows.exported", "salaries.leaked", "app.exported"].map(str::to_owned);
        assert_eq!(shown_by(&acts), [Feature::Exports]);
        assert!(shown_by(&[]).is_empty());
    }

    #[test]
    fn every_act_in_the_list_is_one_the_program_writes() {
        // A name that nobody writes any more would report a feature as unused.
        let mut code = String::new();
        let mut folders = vec!["src".to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.to_string_lossy().into_owned();
                if path.is_dir() {
                    folders.push(name);
                } else if path.extension().is_some_and(|ending| ending == "rs")
                    && !name.ends_with("telemetry/features.rs")
                {
                    code.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        for (feature, acts) in FEATURES {
            for act in acts {
                let (noun, verb) = act.split_once('.').unwrap();
                let is_written = code.contains(&format!("\"{act}\""))
                    || code.contains(&format!("\"{noun}.{{"))
                    || code.contains(&format!("\"{verb}\""));
                assert!(is_written, "{feature:?}: nobody writes {act}");
            }
        }
    }
}
