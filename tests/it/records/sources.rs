//! The actions that the sources record, read from the sources.

use std::collections::BTreeMap;

use crate::house_rules::sources;

/// What only another test can drive: the action, the file, the test in it.
pub(super) const ELSEWHERE: &[(&str, &str, &str)] = &[
    (
        "audit.overflowed",
        "src/journal/notes.rs",
        "fn a_flood_is_told_of_when_the_others_are_written",
    ),
    (
        "import.cancelled",
        "tests/it/imports.rs",
        "fn a_cancelled_import_leaves_nothing",
    ),
    (
        "table.unmade",
        "src/apps/templates/tests.rs",
        "fn an_app_that_cannot_be_kept_leaves_no_table_behind",
    ),
    (
        "alert.told",
        "tests/it/alerts.rs",
        "fn a_webhook_gets_a_signed_message_once_an_hour_and_at_once_when_it_gets_worse",
    ),
    (
        "alert.delivered",
        "tests/it/alerts.rs",
        "fn a_webhook_gets_a_signed_message_once_an_hour_and_at_once_when_it_gets_worse",
    ),
    (
        "alert.undelivered",
        "tests/it/alerts.rs",
        "fn a_webhook_that_takes_nothing_is_asked_again_later_and_shown",
    ),
    (
        "alert_target.added",
        "tests/it/alerts.rs",
        "fn a_test_says_how_it_went_and_a_removed_target_is_told_no_more",
    ),
    (
        "alert_target.tested",
        "tests/it/alerts.rs",
        "fn a_test_says_how_it_went_and_a_removed_target_is_told_no_more",
    ),
    (
        "alert_target.removed",
        "tests/it/alerts.rs",
        "fn a_test_says_how_it_went_and_a_removed_target_is_told_no_more",
    ),
    (
        "mail_server.changed",
        "tests/it/mail.rs",
        "fn the_password_is_nowhere_in_the_journal_and_goes_to_no_other_server",
    ),
    (
        "mail_server.tested",
        "tests/it/mail.rs",
        "fn each_way_to_fail_is_told_by_its_step",
    ),
    (
        "app.query_sent",
        "tests/it/sources/apps.rs",
        "fn a_form_that_is_sent_twice_changes_once_and_each_step_is_written_down",
    ),
    (
        "app.query_refused",
        "tests/it/sources/apps.rs",
        "fn a_form_that_is_sent_twice_changes_once_and_each_step_is_written_down",
    ),
    (
        "app.source_chosen",
        "tests/it/sources/apps.rs",
        "fn a_name_stands_for_the_database_that_was_chosen_and_for_no_other_workspace_s",
    ),
    (
        "letter.written",
        "tests/it/mail.rs",
        "fn an_invitation_arrives_under_tls_and_its_text_is_gone_afterwards",
    ),
    (
        "letter.sent",
        "tests/it/mail.rs",
        "fn an_invitation_arrives_under_tls_and_its_text_is_gone_afterwards",
    ),
    (
        "letter.failed",
        "tests/it/mail.rs",
        "fn one_letter_that_is_refused_holds_up_no_other",
    ),
    (
        "letter.resent",
        "tests/it/mail.rs",
        "fn one_letter_that_is_refused_holds_up_no_other",
    ),
    (
        "letter.discarded",
        "tests/it/mail.rs",
        "fn one_letter_that_is_refused_holds_up_no_other",
    ),
    (
        "survey.asset_replaced",
        "tests/it/surveys/pictures.rs",
        "fn what_was_published_keeps_its_pictures",
    ),
    (
        "data.return_asked",
        "tests/it/ending/archives.rs",
        "fn an_archive_holds_all_there_is_and_its_link_opens_once",
    ),
    (
        "data.return_made",
        "tests/it/ending/archives.rs",
        "fn an_archive_holds_all_there_is_and_its_link_opens_once",
    ),
    (
        "data.return_link_made",
        "tests/it/ending/archives.rs",
        "fn an_archive_holds_all_there_is_and_its_link_opens_once",
    ),
    (
        "data.return_taken",
        "tests/it/ending/archives.rs",
        "fn an_archive_holds_all_there_is_and_its_link_opens_once",
    ),
    (
        "data.return_removed",
        "tests/it/ending/archives.rs",
        "fn an_archive_is_there_for_a_day",
    ),
    (
        "respondent.erased_again",
        "tests/it/keeping/erased.rs",
        "fn an_older_copy_does_not_bring_them_back",
    ),
    (
        "survey.round_confirmed",
        "tests/it/invitations.rs",
        "fn addresses_are_in_the_file_of_the_answers_and_nowhere_else",
    ),
    (
        "survey.round_begun",
        "tests/it/invitations.rs",
        "fn addresses_are_in_the_file_of_the_answers_and_nowhere_else",
    ),
    (
        "survey.round_over",
        "tests/it/invitations.rs",
        "fn addresses_are_in_the_file_of_the_answers_and_nowhere_else",
    ),
    (
        "survey.round_stopped",
        "tests/it/invitations/again.rs",
        "fn a_reminder_for_a_day_leaves_on_that_day_and_can_be_stopped_before",
    ),
    (
        "delivery.made",
        "tests/it/deliveries/links.rs",
        "fn a_link_opens_once_what_somebody_would_have_saved",
    ),
    (
        "delivery.link_made",
        "tests/it/deliveries/links.rs",
        "fn a_link_opens_once_what_somebody_would_have_saved",
    ),
    (
        "delivery.taken",
        "tests/it/deliveries/links.rs",
        "fn a_link_opens_once_what_somebody_would_have_saved",
    ),
    (
        "delivery.expired",
        "tests/it/deliveries/links.rs",
        "fn a_link_is_good_for_its_days_and_who_took_it_first_stays_noted",
    ),
    (
        "delivery.arrived",
        "tests/it/deliveries/places.rs",
        "fn a_file_goes_over_ssh()",
    ),
    (
        "delivery.failed",
        "tests/it/deliveries/schedules.rs",
        "fn a_schedule_stops_when_who_set_it_up_may_not_export_any_more",
    ),
    (
        "delivery.stopped",
        "tests/it/deliveries/schedules.rs",
        "fn a_schedule_stops_when_who_set_it_up_may_not_export_any_more",
    ),
    (
        "webhook.turned_off",
        "tests/it/webhooks/gone.rs",
        "fn a_server_that_wants_no_more_is_told_no_more_until_somebody_turns_it_on",
    ),
    (
        "survey.answers_deleted",
        "tests/it/keeping/rules.rs",
        "fn answers_are_deleted_on_their_day_and_not_before",
    ),
    (
        "survey.anonymised",
        "tests/it/keeping/rules.rs",
        "fn answers_become_nobodys_and_stay",
    ),
    (
        "app.destroyed",
        "tests/it/ending/destroyed.rs",
        "fn at_the_end_of_the_day_nothing_of_it_is_anywhere",
    ),
    (
        "certificate.signed",
        "tests/it/ending/destroyed.rs",
        "fn at_the_end_of_the_day_nothing_of_it_is_anywhere",
    ),
    (
        "tombstone.set",
        "tests/it/ending/destroyed.rs",
        "fn at_the_end_of_the_day_nothing_of_it_is_anywhere",
    ),
    (
        "tombstone.brought",
        "tests/it/ending/destroyed.rs",
        "fn an_older_copy_does_not_bring_it_back",
    ),
    (
        "app.came_back",
        "tests/it/ending/destroyed.rs",
        "fn an_older_copy_does_not_bring_it_back",
    ),
    (
        "backup.failed",
        "tests/it/backup.rs",
        "fn a_place_that_is_gone_degrades_and_two_fail_and_both_are_told",
    ),
    (
        "backup.copy_lost",
        "tests/it/backup.rs",
        "fn one_flipped_byte_fails_the_restore_test_loudly",
    ),
    (
        "instance.restored",
        "tests/it/backup.rs",
        "fn a_point_made_while_people_write_is_put_back_on_a_bare_machine",
    ),
    (
        "workspace.restored",
        "tests/it/backup.rs",
        "fn one_workspace_goes_back_while_the_others_stay",
    ),
    (
        "workspace.definitions_restored",
        "tests/it/backup.rs",
        "fn one_workspace_goes_back_while_the_others_stay",
    ),
    (
        "telemetry.sending",
        "tests/it/telemetry.rs",
        "fn the_collector_gets_the_very_bytes_that_were_shown_and_nothing_before_or_after",
    ),
    (
        "telemetry.sent",
        "tests/it/telemetry.rs",
        "fn the_collector_gets_the_very_bytes_that_were_shown_and_nothing_before_or_after",
    ),
    ("server.started", "tests/it/metrics.rs", "server.started"),
    (
        "finding.changed",
        "tests/it/trust.rs",
        "fn a_record_that_was_changed_turns_the_page_red_and_raises_an_alert",
    ),
    (
        "trust.looked",
        "tests/it/trust.rs",
        "fn our_own_surface_and_chain_are_looked_at_and_found_whole",
    ),
    (
        "source.added",
        "tests/it/sources/tried.rs",
        "fn only_admins_connect_and_everything_is_recorded_without_the_password",
    ),
    (
        "source.changed",
        "tests/it/sources/tried.rs",
        "fn only_admins_connect_and_everything_is_recorded_without_the_password",
    ),
    (
        "source.tested",
        "tests/it/sources/tried.rs",
        "fn only_admins_connect_and_everything_is_recorded_without_the_password",
    ),
    (
        "source.deleted",
        "tests/it/sources/tried.rs",
        "fn only_admins_connect_and_everything_is_recorded_without_the_password",
    ),
];

/// Forms after which everything is as it was, and why they leave no record.
pub(super) const CHANGE_NOTHING: &[(&str, &str)] = &[
    ("/account/passkeys", "passkey.test.mjs: it takes a device"),
    ("/account/passkeys/begin", "asks the device"),
    ("/sign-in/passkey/begin", "asks the device"),
    ("/audit/sign", "the signature is its own proof"),
    (
        "/s/{slug}/r/{token}",
        "answers are data: they lie in the file of their project",
    ),
    (
        "/s/{slug}/r/{token}/files",
        "answers are data: they lie in the file of their project",
    ),
    (
        "/s/{slug}/live",
        "what a page notes is data: it lies in the file of its project",
    ),
    (
        "/s/{slug}/stop",
        "who wants no letters is data: it lies in the file of their project",
    ),
    (
        "/surveys/{survey}/keeping/find",
        "what is known of somebody is compared and kept nowhere",
    ),
    ("/data/import/{upload}/look", "a file is looked at"),
    (
        "/apps/import/json",
        "definitions are looked at: what would become of them is shown",
    ),
    ("/data/import/{upload}/check", "a file is looked at"),
    ("/edit/{app}/check", "a text is looked at"),
    ("/edit/{app}/preview", "a text is looked at"),
    ("/members/import", "a list is looked at"),
    ("/queries/check", "a statement is looked at"),
    ("/surveys/{survey}/check", "a text is looked at"),
    ("/surveys/{survey}/preview", "a test counts for nothing"),
    ("/surveys/{survey}/try", "a test counts for nothing"),
    ("/surveys/{survey}/try/go", "a test counts for nothing"),
    ("/surveys/{survey}/try/answer", "a test counts for nothing"),
    ("/surveys/{survey}/host", "a test counts for nothing"),
    ("/queries/params", "a statement is looked at"),
    ("/queries/plan", "a statement is looked at"),
];

/// Forms that only another test can send: the route, the file, the test in it.
pub(super) const FORMS_ELSEWHERE: &[(&str, &str, &str)] = &[
    (
        "/edit/{app}/databases",
        "tests/it/sources/apps.rs",
        "fn a_name_stands_for_the_database_that_was_chosen_and_for_no_other_workspace_s",
    ),
    (
        "/edit/{app}/uses",
        "tests/it/sources/making.rs",
        "fn an_app_asks_a_database_elsewhere_with_no_line_written",
    ),
    (
        "/edit/{app}/pages/{page}/forms",
        "tests/it/forming.rs",
        "fn a_table_becomes_a_form_with_its_queries_at_a_press",
    ),
    (
        "/edit/{app}/pages/{page}/widgets/{widget}/fields",
        "tests/it/forming.rs",
        "fn fields_move_go_and_come_back",
    ),
    (
        "/edit/{app}/pages/{page}/widgets/{widget}/fields/{field}",
        "tests/it/forming.rs",
        "fn a_field_is_chosen_asked_in_some_cases_and_worked_out",
    ),
    (
        "/edit/{app}/pages/{page}/widgets/{widget}/lists/{list}",
        "tests/it/forming.rs",
        "fn a_field_is_chosen_asked_in_some_cases_and_worked_out",
    ),
    (
        "/edit/{app}/review/tests",
        "tests/it/app_tests.rs",
        "fn a_script_gets_the_list_and_then_each_test",
    ),
    (
        "/edit/{app}/review/fix",
        "tests/it/app_review.rs",
        "fn a_fix_changes_the_text_and_nothing_else_of_it_and_is_undone",
    ),
    (
        "/sources",
        "tests/it/sources/tried.rs",
        "fn only_admins_connect_and_everything_is_recorded_without_the_password",
    ),
    (
        "/sources/{source}",
        "tests/it/sources/tried.rs",
        "fn only_admins_connect_and_everything_is_recorded_without_the_password",
    ),
    (
        "/sources/{source}/test",
        "tests/it/sources/tried.rs",
        "fn only_admins_connect_and_everything_is_recorded_without_the_password",
    ),
    (
        "/sources/{source}/delete",
        "tests/it/sources/tried.rs",
        "fn only_admins_connect_and_everything_is_recorded_without_the_password",
    ),
    (
        "/s/{slug}/r/{token}/withdraw",
        "tests/it/keeping/withdrawn.rs",
        "fn they_are_asked_once_and_everything_goes",
    ),
    (
        "/surveys/{survey}/invitations/rounds",
        "tests/it/invitations.rs",
        "fn addresses_are_in_the_file_of_the_answers_and_nowhere_else",
    ),
    (
        "/surveys/{survey}/invitations/rounds/{round}/stop",
        "tests/it/invitations/again.rs",
        "fn a_reminder_for_a_day_leaves_on_that_day_and_can_be_stopped_before",
    ),
    (
        "/surveys/{survey}/delivered/{delivered}/link",
        "tests/it/deliveries/links.rs",
        "fn a_link_opens_once_what_somebody_would_have_saved",
    ),
    (
        "/deletion/{ending}/undo",
        "tests/it/ending/destroyed.rs",
        "fn a_workspace_goes_with_its_key_and_every_row",
    ),
    (
        "/alerts/delivery",
        "tests/it/alerts.rs",
        "fn a_test_says_how_it_went_and_a_removed_target_is_told_no_more",
    ),
    (
        "/alerts/delivery/{target}/test",
        "tests/it/alerts.rs",
        "fn a_test_says_how_it_went_and_a_removed_target_is_told_no_more",
    ),
    (
        "/alerts/delivery/{target}/remove",
        "tests/it/alerts.rs",
        "fn a_test_says_how_it_went_and_a_removed_target_is_told_no_more",
    ),
    (
        "/mail/letters/{letter}/resend",
        "tests/it/mail.rs",
        "fn one_letter_that_is_refused_holds_up_no_other",
    ),
    (
        "/mail/letters/{letter}/discard",
        "tests/it/mail.rs",
        "fn one_letter_that_is_refused_holds_up_no_other",
    ),
    (
        "/mail/server",
        "tests/it/mail.rs",
        "fn each_way_to_fail_is_told_by_its_step",
    ),
    (
        "/mail/server/stop",
        "tests/it/matrix/table.rs",
        "POST /mail/server/stop",
    ),
    (
        "/delete/workspace",
        "tests/it/ending/destroyed.rs",
        "fn a_workspace_goes_with_its_key_and_every_row",
    ),
    (
        "/workspaces/{workspace}/delete",
        "tests/it/ending/destroyed.rs",
        "fn a_workspace_goes_with_its_key_and_every_row",
    ),
    (
        "/backup/clock",
        "tests/it/matrix/table.rs",
        "POST /backup/clock",
    ),
    (
        "/security/look",
        "tests/it/trust.rs",
        "fn our_own_surface_and_chain_are_looked_at_and_found_whole",
    ),
    (
        "/deletion/clock",
        "tests/it/matrix/table.rs",
        "POST /deletion/clock",
    ),
    (
        "/returns",
        "tests/it/ending/archives.rs",
        "fn an_archive_holds_all_there_is_and_its_link_opens_once",
    ),
    (
        "/returns/{return}/link",
        "tests/it/ending/archives.rs",
        "fn an_archive_holds_all_there_is_and_its_link_opens_once",
    ),
    (
        "/returns/{return}/remove",
        "tests/it/ending/archives.rs",
        "fn an_archive_is_there_for_a_day",
    ),
    (
        "/take/{link}",
        "tests/it/ending/archives.rs",
        "fn an_archive_holds_all_there_is_and_its_link_opens_once",
    ),
];

/// Actions that no test makes happen yet, of parts that came after this table,
/// and why a row cannot.
pub(super) const OWED: &[(&str, &str)] = &[
    (
        "mail_server.removed",
        "a row needs a mail server on loopback",
    ),
    ("letters.forgotten", "letters have to be a month old"),
    (
        "clock.jumped",
        "the machine's own count cannot be set; the beat has a test of its own",
    ),
    ("instance.upgraded", "it takes two builds"),
    ("instance.went_back", "it takes two builds"),
    ("snapshot.deleted", "it takes two builds"),
];

pub(super) fn has_test(path: &str, test: &str) -> bool {
    let source = std::fs::read_to_string(path).unwrap_or_default();
    source.contains(test)
}

/// Whether an action is the one that the sources write, or of the family:
/// `app.publish_{}` and `{}.hidden` stand for many.
pub(super) fn is_one_of(action: &str, written: &str) -> bool {
    match (written.strip_suffix("{}"), written.strip_prefix("{}")) {
        (Some(begins), _) => action.starts_with(begins),
        (_, Some(ends)) => action.ends_with(ends),
        _ => action == written,
    }
}

/// Endings of files' names, which look like actions.
const FILES: [&str; 5] = [".toml", ".html", ".csv", ".txt", ".db"];

/// Every action, with a file that records it. One that is put together, such as
/// `app.publish_{}`, stands for all that begin so.
pub(super) fn actions() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let wanted = sources().filter(|path| !path.ends_with("tests.rs"));
    for path in wanted {
        let code = std::fs::read_to_string(format!("src/{path}")).unwrap();
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        if !code.contains("Entry::new(") {
            continue;
        }
        // What stands between quotation marks; what stands outside is no such word.
        let words = code.split('"').filter(|word| is_action(word));
        let words: Vec<&str> = words.collect();
        assert!(
            !words.is_empty() || path.starts_with("journal/"),
            "{path} records something, and no action stands in it"
        );
        for word in words {
            found.entry(word.to_owned()).or_insert_with(|| path.clone());
        }
    }
    found
}

/// `member.role_changed`
fn is_action(word: &str) -> bool {
    let plain = word.strip_suffix("{}").unwrap_or(word);
    let plain = plain
        .strip_prefix("{}")
        .map_or_else(|| plain.to_owned(), |ends| format!("any{ends}"));
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let is_file = FILES.iter().any(|ending| word.ends_with(ending));
    let parts = plain.split_once('.');
    !is_file && parts.is_some_and(|(noun, verb)| is_name(noun) && is_name(verb))
}

#[test]
fn an_action_is_told_from_other_words() {
    for action in ["member.role_changed", "app.publish_{}", "{}.hidden"] {
        assert!(is_action(action), "{action}");
    }
    for other in [
        "first.toml",
        "member",
        "a.b.c",
        "Member.x",
        ".x",
        "x.",
        "user add",
    ] {
        assert!(!is_action(other), "{other}");
    }
    let all = actions();
    assert!(all.len() > 100, "{all:?}");
    assert_eq!(all["session.throttled"], "people/actions/entering.rs");
    assert_eq!(all["report.viewed"], "audit/pages/notice.rs");
}
