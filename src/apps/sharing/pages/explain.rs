//! Why a member may do something, or may not.

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use crate::apps::Apps;
use crate::apps::library;
use crate::apps::sharing::decide::{Decision, Verdict, decide, decide_right};
use crate::apps::sharing::kept::rules;
use crate::apps::sharing::model::{Act, Asking};
use crate::data;
use crate::people::{self, Profile};
use crate::web::{Error, Page, Result, Right, Shell, UserId};
use crate::workspaces::Member;

#[derive(Template)]
#[template(path = "sharing/explain.html")]
pub(super) struct Explain {
    shell: Shell,
    profile: Profile,
    /// What can be asked about, by kind: address word and title.
    kinds: Vec<(&'static str, Vec<(String, String)>)>,
    object: String,
    answers: Vec<Answer>,
}

struct Answer {
    question: String,
    is_given: bool,
    /// What was looked at, the word for what it said, and its class.
    steps: Vec<(String, &'static str, &'static str)>,
}

impl Answer {
    fn of(question: String, decision: &Decision) -> Answer {
        let steps = decision.steps.iter().map(|step| {
            let class = match step.verdict {
                Verdict::Gives => "good",
                Verdict::Refuses => "bad",
                Verdict::GoesOn => "",
            };
            (step.looked_at.to_string(), step.verdict.word(), class)
        });
        Answer {
            question,
            is_given: decision.is_given,
            steps: steps.collect(),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    object: String,
}

pub(super) async fn show(
    State(apps): State<Apps>,
    member: Member,
    Path(user): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Page<Explain>> {
    let user = UserId::parse(&user).ok_or(Error::NotFound)?;
    let profile = people::profile(apps.site(), member.workspace, user).await?;
    let kinds = kinds(&apps, &member).await?;
    let answers = if asked.object.is_empty() {
        Vec::new()
    } else {
        let all = kinds.iter().flat_map(|(_, objects)| objects);
        let mut known = all.filter(|(word, _)| *word == asked.object);
        let (word, title) = known.next().ok_or(Error::NotFound)?;
        answers(&apps, &member, &profile, (word, title)).await?
    };
    Ok(Page(Explain {
        shell: Shell::of(&member.viewer, "members"),
        profile,
        kinds,
        object: asked.object,
        answers,
    }))
}

async fn kinds(apps: &Apps, member: &Member) -> Result<Vec<(&'static str, Vec<(String, String)>)>> {
    let workspace = member.workspace;
    let listed = apps
        .site()
        .system
        .read(move |conn| library::sql::list(conn, workspace))
        .await?;
    let catalog = apps.data.catalog(workspace, &member.db).await?;
    let queries = data::query_names(&apps.data, workspace).await?;
    let apps = listed.into_iter();
    let tables = catalog.tables.iter();
    Ok(vec![
        (
            "Apps",
            apps.map(|app| (format!("app:{}", app.id), app.title))
                .collect(),
        ),
        (
            "Tables",
            tables
                .map(|table| (format!("table:{}", table.name), table.title.clone()))
                .collect(),
        ),
        (
            "Saved queries",
            queries
                .into_iter()
                .map(|name| (format!("query:{name}"), name))
                .collect(),
        ),
    ])
}

async fn answers(
    apps: &Apps,
    member: &Member,
    profile: &Profile,
    (word, title): (&str, &str),
) -> Result<Vec<Answer>> {
    let groups: Vec<String> = profile
        .groups
        .iter()
        .map(|(_, name)| name.clone())
        .collect();
    let asking = Asking {
        role: profile.member.role,
        email: &profile.member.email,
        groups: &groups,
    };
    let Some(app) = word.strip_prefix("app:") else {
        let question = format!("Work with {title}");
        let decision = decide_right(&asking, Right::Build);
        return Ok(vec![Answer::of(question, &decision)]);
    };
    let rules = rules(apps, member.workspace, app).await?;
    let answers = Act::ALL.map(|act| {
        let verb = match act {
            Act::Open => "Open",
            Act::Edit => "Edit",
            Act::Publish => "Publish",
        };
        Answer::of(format!("{verb} {title}"), &decide(&asking, act, &rules))
    });
    Ok(answers.into_iter().collect())
}
