//! The server for mail: entered, tried step by step, removed.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::mail::form::{Draft, filled};
use crate::mail::server::{Kept, Security};
use crate::mail::smtp::{Step, Trouble};
use crate::mail::{actions, message, sql};
use crate::site::Site;
use crate::web::{Again, Done, Faults, Fields, Page, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "mail/server.html")]
struct ServerPage {
    shell: Shell,
    fields: Fields,
    faults: Faults,
    kept: Option<Kept>,
    securities: [Security; 3],
    /// What a trial just now gave, step by step.
    steps: Vec<Line>,
}

/// A step of a trial.
struct Line {
    step: Step,
    /// `fine`, `not used`, `failed`, `not reached`.
    went: &'static str,
    text: String,
}

impl Line {
    fn badge(&self) -> &'static str {
        match self.went {
            "fine" => "good",
            "failed" => "bad",
            _ => "",
        }
    }
}

impl ServerPage {
    fn value(&self, field: &str) -> &str {
        self.fields.get(field).unwrap_or_default()
    }

    fn fault(&self, field: &str) -> &str {
        self.faults.at(field).unwrap_or_default()
    }

    fn errors(&self) -> Vec<(&str, &str)> {
        self.faults.iter().collect()
    }

    /// Words under the field for the password.
    fn password_help(&self) -> &'static str {
        match &self.kept {
            Some(kept) if kept.sealed.is_some() => {
                "One is kept, sealed for this server; empty leaves it. Another host, port, security, user or authority forgets it."
            }
            _ => "Kept sealed, never shown again.",
        }
    }
}

async fn page(site: &Site, viewer: &Viewer) -> Result<ServerPage> {
    let kept = site.system.read(sql::server).await?;
    let fields = match &kept {
        Some(kept) => filled(&kept.server),
        None => Fields::parse("port=587&security=starttls&from_name=Onsight&per_hour=500"),
    };
    Ok(ServerPage {
        shell: Shell::of(viewer, "alerts"),
        fields: fields.with("to", Some(&viewer.person.email)),
        faults: Faults::default(),
        kept,
        securities: Security::ALL,
        steps: Vec::new(),
    })
}

pub(super) async fn show(State(site): State<Site>, viewer: Viewer) -> Result<Response> {
    Ok(Page(page(&site, &viewer).await?).into_response())
}

/// Saves the server, or tries it when that button was pressed.
pub(super) async fn save(
    State(site): State<Site>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Response> {
    let is_trial = fields.get("try").is_some();
    let to = fields.get("to").unwrap_or_default().trim().to_owned();
    let draft = Draft::parse(&fields).and_then(|draft| {
        if is_trial && !message::is_address(&to) {
            return Err(Faults::of("to", "write one e-mail address"));
        }
        Ok(draft)
    });
    // What was typed stays, except the password: that never goes back.
    let fields = fields.with("password", None);
    let draft = match draft {
        Ok(draft) => draft,
        Err(faults) => {
            let page = page(&site, &viewer).await?;
            let again = ServerPage {
                fields,
                faults,
                ..page
            };
            return Ok(Again(again).into_response());
        }
    };
    if is_trial {
        let steps = trial(&site, &viewer, &draft, &to).await?;
        let page = page(&site, &viewer).await?;
        let shown = ServerPage {
            fields,
            steps,
            ..page
        };
        return Ok(Page(shown).into_response());
    }
    let host = draft.server.host.clone();
    let lacks_password = actions::save(&site, &viewer, draft).await?;
    let said = if lacks_password {
        format!("{host} is kept; enter the password again, it was given for another server")
    } else {
        format!("Letters leave by {host} from now on")
    };
    Ok(Done::to("/mail/server").saying(said).into_response())
}

async fn trial(site: &Site, viewer: &Viewer, draft: &Draft, to: &str) -> Result<Vec<Line>> {
    let password = actions::password_for(site, draft).await?;
    let tried = actions::try_out(site, &draft.server, password.as_ref(), to).await;
    let fault = tried.as_ref().err().map(ToString::to_string);
    actions::tested(site, viewer, (draft.server.host.clone(), fault)).await?;
    Ok(lines(draft, tried.as_ref().err()))
}

fn lines(draft: &Draft, trouble: Option<&Trouble>) -> Vec<Line> {
    let is_used = |step: Step| match step {
        Step::Tls => draft.server.security != Security::Plain,
        Step::SignIn => !draft.server.user.is_empty(),
        _ => true,
    };
    let mut has_failed = false;
    let mut lines = Vec::new();
    for step in Step::ALL {
        let here = trouble.filter(|trouble| trouble.step == step);
        let (went, text) = match here {
            Some(trouble) => ("failed", trouble.why.clone()),
            None if has_failed => ("not reached", String::new()),
            None if is_used(step) => ("fine", String::new()),
            None => ("not used", String::new()),
        };
        has_failed |= here.is_some();
        lines.push(Line { step, went, text });
    }
    lines
}

pub(super) async fn stop(State(site): State<Site>, viewer: Viewer) -> Result<Done> {
    actions::stop(&site, &viewer).await?;
    Ok(Done::to("/mail/server").saying("No letters leave from now on"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_shows_how_far_it_came() {
        let fields = Fields::parse(
            "host=mail.corp&port=587&security=starttls&user=&password=&from=a%40b.example&from_name=&reason=&ca=",
        );
        let draft = Draft::parse(&fields).unwrap();
        let trouble = Trouble {
            step: Step::Sender,
            why: "not from you".to_owned(),
            is_final: false,
        };
        let went: Vec<_> = lines(&draft, Some(&trouble))
            .iter()
            .map(|line| line.went)
            .collect();
        assert_eq!(
            went,
            [
                "fine",
                "fine",
                "fine",
                "fine",
                "not used",
                "failed",
                "not reached",
                "not reached"
            ]
        );
        assert!(lines(&draft, None).iter().all(|line| line.went != "failed"));
    }
}
