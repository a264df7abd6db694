//! Surveys: written, published, closed, invited to, and their data taken.

use super::Row;

/// A survey file.
const FILE: &str = "file:wave.toml:format = 1
id = \"wave\"
title = \"Wave\"
langs = [\"en\"]
[[page]]
id = \"p\"
[[page.ask]]
id = \"q\"
type = \"text\"
text = \"Q?\"
";

/// Another text, as the editor sends it.
const TEXT: &str = "draft_at={survey_draft}&text=format+%3D+1%0Aid+%3D+%22brand%22%0Atitle+%3D+%22Brands%22%0Alangs+%3D+%5B%22en%22%5D%0A%5Bentry.pid%5D%0Aunique+%3D+true%0A%5B%5Bpage%5D%5D%0Aid+%3D+%22p%22%0A%5B%5Bpage.ask%5D%5D%0Aid+%3D+%22q%22%0Atype+%3D+%22text%22%0Atext+%3D+%22Q%3F%22%0A";

/// A picture of one point, all of whose bytes are letters to somebody.
const PICTURE: &str = "file:Pack.webp:RIFF\u{16}\0\0\0WEBPVP8L\u{a}\0\0\0/\0\0\0\0point";

pub(super) const ROWS: &[Row] = &[
    (
        "ada",
        "POST /surveys/new",
        "title=Brand",
        &["survey.made diff"],
    ),
    ("ada", "POST /surveys/import", FILE, &["survey.made diff"]),
    (
        "ada",
        "POST /surveys/brand/edit",
        TEXT,
        &["survey.draft_saved diff"],
    ),
    // The same text once more changes nothing.
    ("ada", "POST /surveys/brand/edit", TEXT, &[]),
    (
        "ada",
        "POST /surveys/brand/publish",
        "note=First&draft_at={survey_draft}",
        &["survey.published diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/assets",
        PICTURE,
        &["survey.asset_added"],
    ),
    // The same picture once more changes nothing.
    ("ada", "POST /surveys/brand/assets", PICTURE, &[]),
    (
        "ada",
        "POST /surveys/brand/assets/remove",
        "name=pack.webp",
        &["survey.asset_removed"],
    ),
    (
        "ada",
        "POST /surveys/brand/close",
        "",
        &["survey.closed diff"],
    ),
    ("ada", "POST /surveys/brand/close", "", &[]),
    (
        "ada",
        "POST /surveys/brand/reopen",
        "",
        &["survey.reopened diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/questions",
        "do=add+question+p&kind=single&draft_at={survey_draft}",
        &["survey.draft_saved diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/questions",
        "do=undo&draft_at={survey_draft}",
        &["survey.draft_saved diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/questions",
        "do=add+list&draft_at={survey_draft}",
        &["survey.draft_saved diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/questions",
        "do=add+quota&draft_at={survey_draft}",
        &["survey.draft_saved diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/questions/q",
        "text.en=Why%3F&draft_at={survey_draft}",
        &["survey.draft_saved diff"],
    ),
    // What is there already changes nothing.
    (
        "ada",
        "POST /surveys/brand/questions/q",
        "text.en=Why%3F&draft_at={survey_draft}",
        &[],
    ),
    (
        "ada",
        "POST /surveys/brand/pages/p",
        "title.en=First&draft_at={survey_draft}",
        &["survey.draft_saved diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/settings",
        "privacy.en=Kept+here&draft_at={survey_draft}",
        &["survey.draft_saved diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/lists/list1",
        "items.1.text.en=Other&draft_at={survey_draft}",
        &["survey.draft_saved diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/quotas/quota1",
        "target=5000&draft_at={survey_draft}",
        &["survey.draft_saved diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/exits/complete",
        "text.en=Thanks&draft_at={survey_draft}",
        &["survey.draft_saved diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/links",
        "name=Panel&exits=",
        &["survey.link_made"],
    ),
    (
        "ada",
        "POST /surveys/brand/links/{survey_link}/shut",
        "",
        &["survey.link_shut diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/links/{survey_link}/open",
        "",
        &["survey.link_opened diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/links/{survey_link}/exits",
        "exits=complete+https%3A%2F%2Fpanel.example%2Fend",
        &["survey.exits_set diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/links/people",
        "file:people.csv:name\nGrace\nLin\n",
        &["survey.links_made rows"],
    ),
    (
        "ada",
        "POST /surveys/brand/invitations/people",
        "file:people.csv:name,email\nGrace,grace@example.net\n",
        &["survey.people_listed rows"],
    ),
    (
        "ada",
        "POST /surveys/brand/invitations/letters",
        "invitation-subject-en=Hi&invitation-text-en=%24%7Blink%7D&most=2&gap=3",
        &["survey.letters_changed diff"],
    ),
    // There is no server for mail: it does not leave.
    (
        "ada",
        "POST /surveys/brand/invitations/letters",
        "invitation-subject-en=Hi&invitation-text-en=%24%7Blink%7D&most=2&gap=3&test=invitation:en",
        &["survey.letter_tested failed"],
    ),
    (
        "ada",
        "POST /surveys/brand/invitations/links",
        "",
        &["survey.links_taken rows"],
    ),
    (
        "ada",
        "POST /surveys/brand/suppliers/hmac-sha256",
        "name=panel_a&secret=opensesame-opensesame",
        &["supplier.set"],
    ),
    (
        "ada",
        "POST /surveys/brand/suppliers/remove",
        "name=panel_a",
        &["supplier.removed"],
    ),
    (
        "ada",
        "POST /surveys/brand/links/postbacks",
        "",
        &["survey.postbacks_retried rows"],
    ),
    (
        "ada",
        "POST /surveys/brand/webhooks",
        "name=Warehouse&address=https%3A%2F%2F192.0.2.1%2Fhook&event=survey.closed&on=1",
        &["webhook.added diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/webhooks/{webhook}",
        "name=Warehouse&address=https%3A%2F%2F192.0.2.1%2Fhook&event=survey.published&on=1",
        &["webhook.changed diff"],
    ),
    // The same once more changes nothing.
    (
        "ada",
        "POST /surveys/brand/webhooks/{webhook}",
        "name=Warehouse&address=https%3A%2F%2F192.0.2.1%2Fhook&event=survey.published&on=1",
        &[],
    ),
    (
        "ada",
        "POST /surveys/brand/webhooks/{webhook}/secret",
        "",
        &["webhook.secret_renewed"],
    ),
    // Nobody is called that the configuration file does not name.
    (
        "ada",
        "POST /surveys/brand/webhooks/{webhook}/test",
        "",
        &["webhook.tested failed"],
    ),
    (
        "ada",
        "POST /surveys/brand/webhooks/{webhook}/again",
        "",
        &["webhook.retried"],
    ),
    (
        "ada",
        "POST /surveys/brand/webhooks/{webhook}/remove",
        "",
        &["webhook.removed"],
    ),
    (
        "ada",
        "POST /surveys/brand/calls/secrets",
        "name=crm&secret=opensesame",
        &["call.secret_set"],
    ),
    (
        "ada",
        "POST /surveys/brand/calls/secrets/remove",
        "name=crm",
        &["call.secret_removed"],
    ),
    (
        "ada",
        "POST /surveys/brand/calls/authority",
        "ca=",
        &["call.authority_set"],
    ),
    (
        "ada",
        "GET /surveys/brand/exports/sav",
        "",
        &["responses.exported"],
    ),
    (
        "ada",
        "POST /surveys/brand/deliveries",
        "name=W&format=csv&to=place&address=davs%3A%2F%2Fada%40127.0.0.1%3A9%2Fin&secret=opensesame&clear=yes&pattern=%7Bsurvey%7D-%7Btime%7D",
        &["delivery.set diff"],
    ),
    (
        "ada",
        "POST /surveys/brand/deliveries/{delivery}",
        "name=Weekly&format=csv&to=place&address=davs%3A%2F%2Fada%40127.0.0.1%3A9%2Fin&clear=yes&pattern=%7Bsurvey%7D-%7Btime%7D",
        &["delivery.set diff"],
    ),
    // Nobody allowed that machine.
    (
        "ada",
        "POST /surveys/brand/deliveries/{delivery}/try",
        "",
        &["delivery.tried failed"],
    ),
    (
        "ada",
        "POST /surveys/brand/deliveries/{delivery}/deliver",
        "",
        &["delivery.asked"],
    ),
    (
        "ada",
        "POST /surveys/brand/delivered/{delivered}/withdraw",
        "",
        &["delivery.withdrawn"],
    ),
    (
        "ada",
        "POST /surveys/brand/deliveries/{delivery}/remove",
        "",
        &["delivery.removed diff"],
    ),
    (
        "ada",
        "GET /surveys/brand/responses",
        "",
        &["responses.viewed"],
    ),
    (
        "ada",
        "POST /account/keys",
        "name=R&apps=survey%3Abrand",
        &["key.made diff"],
    ),
    (
        "program",
        "GET /api/v1/surveys/brand/responses",
        "",
        &["responses.read program rows", "key.used program"],
    ),
    (
        "program",
        "POST /api",
        r#"{"event_type": "survey_data_request", "action": "get_survey_summary",
            "data": {"target": {"survey_id": "brand", "respondent_id": "7"}}}"#,
        &["responses.read program rows"],
    ),
    (
        "program",
        "GET /api/v1/surveys/brand/events",
        "",
        &["events.read program rows"],
    ),
    (
        "ada",
        "POST /surveys/brand/keeping/hold",
        "reason=Dispute+7",
        &["survey.held diff"],
    ),
    (
        "ada",
        "POST /confirm-it-is-you",
        "code={code}&then=%2F&kept=",
        &["session.confirmed"],
    ),
    (
        "ada",
        "POST /surveys/brand/keeping/release",
        "",
        &["survey.released diff"],
    ),
    ("nobody", "POST /s/brand", "lang=en", &[]),
    (
        "ada",
        "POST /surveys/brand/keeping/erase",
        "respondent=1",
        &["respondent.erased rows"],
    ),
    (
        "program",
        "GET /api/v1/surveys/brand/response?pid=7",
        "",
        &["responses.read program rows", "page.missed program failed"],
    ),
];
