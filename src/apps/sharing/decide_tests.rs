//! Claims about who may do what, by table.

use super::super::model::Lists;
use super::*;
use crate::apps::format::Access;

fn lists(open: &[&str], edit: &[&str], publish: &[&str]) -> Lists {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let access = Access {
        open: owned(open),
        edit: owned(edit),
        publish: owned(publish),
    };
    Lists::of_file(&access).unwrap()
}

fn rules(file: Lists, page: Lists) -> Rules {
    Rules {
        file: Some(file),
        page,
    }
}

/// `oep`, with a dash for what they may not.
fn may(role: Role, email: &str, groups: &[&str], rules: &Rules) -> String {
    let groups: Vec<String> = groups.iter().map(|name| (*name).to_owned()).collect();
    let who = Asking {
        role,
        email,
        groups: &groups,
    };
    let letters = Act::ALL.map(|act| {
        let letter = act.name().chars().next().unwrap();
        let decision = decide(&who, act, rules);
        // The last rule decides, and none before it.
        let (last, before) = decision.steps.split_last().unwrap();
        assert_eq!(last.verdict == Verdict::Gives, decision.is_given);
        assert!(before.iter().all(|step| step.verdict == Verdict::GoesOn));
        if decision.is_given { letter } else { '-' }
    });
    letters.iter().collect()
}

const ADA: &str = "ada@example.org";

#[test]
fn where_nobody_is_named_the_role_decides() {
    let rules = rules(Lists::default(), Lists::default());
    for (role, expected) in [
        (Role::Admin, "oep"),
        (Role::Builder, "oep"),
        (Role::User, "o--"),
        (Role::Auditor, "---"),
    ] {
        assert_eq!(may(role, ADA, &[], &rules), expected, "{}", role.name());
    }
}

/// Who may open, edit, publish by the file, by the page; role, groups; what they may.
type Row<'a> = (
    [&'a [&'a str]; 3],
    [&'a [&'a str]; 3],
    Role,
    &'a [&'a str],
    &'a str,
);

#[test]
fn who_is_named_in_the_file_or_on_the_page_may() {
    let builder = Role::Builder;
    let none: &[&str] = &[];
    let sales: &[&str] = &["sales"];
    let g: &[&str] = &["group:sales"];
    let o: &[&str] = &["group:ops"];
    let me: &[&str] = &["person:ada@example.org"];
    let other: &[&str] = &["person:eve@example.org"];
    let table: [Row<'_>; 16] = [
        ([g, none, none], [none; 3], Role::User, none, "---"),
        ([g, none, none], [none; 3], Role::User, sales, "o--"),
        ([g, none, none], [none; 3], builder, none, "oep"),
        ([g, o, none], [none; 3], builder, none, "---"),
        ([g, o, none], [none; 3], builder, &["ops"], "oep"),
        ([g, o, none], [none; 3], builder, sales, "o--"),
        ([none; 3], [o, none, none], Role::User, none, "---"),
        (
            [g, none, none],
            [o, none, none],
            Role::User,
            &["ops"],
            "o--",
        ),
        ([g, none, none], [o, none, none], Role::User, sales, "o--"),
        ([other, other, none], [none, me, none], builder, none, "oep"),
        ([none, other, none], [none; 3], builder, none, "o--"),
        ([none, none, other], [none; 3], builder, none, "oe-"),
        ([other, other, me], [none; 3], builder, none, "o-p"),
        ([none, me, me], [none; 3], Role::User, none, "o--"),
        ([other; 3], [other; 3], Role::Admin, none, "oep"),
        ([me; 3], [me; 3], Role::Auditor, sales, "---"),
    ];
    for (at, (file, page, role, groups, expected)) in table.into_iter().enumerate() {
        let [open, edit, publish] = file;
        let file = lists(open, edit, publish);
        let [open, edit, publish] = page;
        let rules = rules(file, lists(open, edit, publish));
        assert_eq!(may(role, ADA, groups, &rules), expected, "row {at}");
    }
}

#[test]
fn a_group_is_not_a_person_and_not_a_role() {
    let by_role = rules(
        lists(&["role:builder"], &["role:builder"], &[]),
        Lists::default(),
    );
    assert_eq!(may(Role::User, ADA, &["builder"], &by_role), "---");
    assert_eq!(may(Role::Builder, ADA, &[], &by_role), "oep");
    let by_group = rules(
        lists(&["group:ada@example.org"], &[], &[]),
        Lists::default(),
    );
    assert_eq!(may(Role::User, ADA, &[], &by_group), "---");
}

#[test]
fn a_name_that_is_gone_is_nobody() {
    let mut page = Lists::default();
    page.open.push(Name::Group(String::new()));
    let rules = rules(Lists::default(), page);
    assert_eq!(may(Role::User, ADA, &[], &rules), "---");
}

#[test]
fn an_app_that_cannot_be_read_is_the_admins() {
    let rules = Rules {
        file: None,
        page: lists(&["role:user"], &["role:builder"], &[]),
    };
    assert_eq!(may(Role::Builder, ADA, &[], &rules), "---");
    assert_eq!(may(Role::User, ADA, &[], &rules), "---");
    assert_eq!(may(Role::Admin, ADA, &[], &rules), "oep");
}

#[test]
fn each_rule_is_told_in_order() {
    let rules = rules(
        lists(&["group:sales"], &["group:ops"], &[]),
        lists(&["person:eve@example.org"], &[], &[]),
    );
    let who = Asking {
        role: Role::Builder,
        email: ADA,
        groups: &[],
    };

    let told = |act| {
        let decision = decide(&who, act, &rules);
        let lines = decision
            .steps
            .iter()
            .map(|step| format!("{}: {}", step.verdict.word(), step.looked_at));
        lines.collect::<Vec<_>>().join("\n")
    };

    insta::assert_snapshot!(told(Act::Open), @"
    goes on: The role builder may open apps.
    goes on: Not an admin, so the app's lists decide.
    goes on: The file of the version in use says who may open, and does not name them.
    goes on: The sharing page says who may open, and does not name them.
    goes on: They may not edit it either.
    goes on: They may not publish it either.
    refused: Others may open it, and no list names them.
    ");
    insta::assert_snapshot!(told(Act::Publish), @"
    goes on: The role builder may edit apps, tables and queries.
    goes on: Not an admin, so the app's lists decide.
    goes on: The file of the version in use names nobody to publish it.
    goes on: The sharing page names nobody to publish it.
    goes on: No list says who may publish it, so whoever may edit it may. The rules of editing follow.
    goes on: The role builder may edit apps, tables and queries.
    goes on: Not an admin, so the app's lists decide.
    goes on: The file of the version in use says who may edit, and does not name them.
    goes on: The sharing page names nobody to edit it.
    refused: Others may edit it, and no list names them.
    ");
}

#[test]
fn tables_and_queries_go_by_the_role_alone() {
    for (role, expected) in [
        (Role::Admin, true),
        (Role::Builder, true),
        (Role::User, false),
        (Role::Auditor, false),
    ] {
        let who = Asking {
            role,
            email: ADA,
            groups: &["sales".to_owned()],
        };
        assert_eq!(decide_right(&who, Right::Build).is_given, expected);
    }
}
