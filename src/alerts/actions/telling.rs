//! Tells those who asked for it: what is due becomes letters in the queue for
//! mail and messages in the queue for webhooks.

use serde_json::json;

use crate::alerts::model::{Kept, about};
use crate::alerts::target::{MessageId, Target, Way};
use crate::alerts::{sql, webhook};
use crate::base::Time;
use crate::journal::{self, Actor, Entry};
use crate::mail::{self, Kind, Letter, Recipient, Words};
use crate::site::Site;
use crate::store::Error;

/// Tells of every alert that is due. Gives how many those were.
pub async fn tell(site: &Site) -> Result<usize, Error> {
    let now = site.clock.now();
    let find = |conn: &crate::store::Connection| {
        let targets = sql::targets(conn)?;
        let open = if targets.is_empty() {
            Vec::new()
        } else {
            sql::open(conn)?
        };
        Ok::<_, Error>((targets, open))
    };
    let (targets, open) = site.system.read(find).await?;
    let due: Vec<Kept> = open.into_iter().filter(|kept| kept.is_due(now)).collect();
    let mut told = 0;
    for kept in due {
        let meant = |target: &&Target| target.severity <= kept.alert.severity;
        let targets: Vec<&Target> = targets.iter().filter(meant).collect();
        if targets.is_empty() {
            continue;
        }
        write(site, &kept, &targets, now).await?;
        told += 1;
    }
    Ok(told)
}

/// Letters first: should the process end in between, they come twice rather
/// than never.
async fn write(site: &Site, kept: &Kept, targets: &[&Target], now: Time) -> Result<(), Error> {
    let by_mail = targets.iter().filter(|target| target.way == Way::Mail);
    let letters: Vec<Letter> = by_mail.map(|target| letter(site, kept, target)).collect();
    let count = letters.len();
    if let Err(error) = mail::send(site, letters).await {
        tracing::error!("letters about an alert could not be written: {error}");
    }
    let body = webhook::body(&kept.alert_said(site), now).to_string();
    let hooks = targets.iter().filter(|target| target.way == Way::Webhook);
    let hooks: Vec<_> = hooks.map(|target| target.id).collect();
    let (id, severity) = (kept.id, kept.alert.severity);
    let (title, key) = (kept.alert.title.clone(), kept.alert.key.clone());
    site.system
        .write(move |tx| {
            for target in &hooks {
                let message = MessageId::new(now);
                sql::add_message(tx, message, (*target, Some(id)), &body, now)?;
            }
            sql::told(tx, id, severity, now)?;
            let entry = Entry::new(now, &Actor::system(), "alert.told", title);
            let entry = entry.on("alert", id.to_string());
            let detail = json!({ "alert": key, "letters": count, "webhooks": hooks.len() });
            journal::record(tx, &entry.with(detail))
        })
        .await
}

/// Where people reach the site; empty when nobody said so.
pub(super) fn origin(site: &Site) -> String {
    let url = site.config.edges.url.as_ref();
    url.map(|url| url.origin().to_owned()).unwrap_or_default()
}

fn letter(site: &Site, kept: &Kept, target: &Target) -> Letter {
    let (alert, origin) = (&kept.alert, origin(site));
    let mut paragraphs = vec![alert.title.clone(), alert.text.clone()];
    if !kept.workspace_name.is_empty() {
        paragraphs.push(format!("Workspace: {}", kept.workspace_name));
    }
    paragraphs.push(format!(
        "Severity: {}. First seen {}, last {}, {} times.",
        alert.severity.name(),
        kept.first.rfc3339(),
        kept.last.rfc3339(),
        kept.count
    ));
    let mut foot = vec![
        "The same alert is sent once an hour at the most, until somebody acknowledges it."
            .to_owned(),
    ];
    if let Some(page) = about(&alert.key, false).filter(|_| !origin.is_empty()) {
        foot.push(format!("What it is about: {origin}{page}"));
    }
    let page = format!("{origin}/alerts/instance/{}", kept.id);
    Letter {
        kind: Kind::Alert,
        to: Recipient::at(&*target.place),
        subject: format!("[{}] {}", alert.severity.name(), alert.title),
        words: Words {
            paragraphs,
            link: (!origin.is_empty()).then(|| ("Open the alert".to_owned(), page)),
            foot,
        },
    }
}

impl Kept {
    /// As a webhook gets it.
    fn alert_said(&self, site: &Site) -> serde_json::Value {
        let alert = &self.alert;
        let workspace = alert
            .workspace
            .map(|id| json!({ "id": id.to_string(), "name": self.workspace_name }));
        let origin = origin(site);
        let page = format!("{origin}/alerts/instance/{}", self.id);
        json!({
            "id": self.id.to_string(),
            "key": alert.key,
            "severity": alert.severity.name(),
            "title": alert.title,
            "text": alert.text,
            "workspace": workspace,
            "state": self.state.name(),
            "count": self.count,
            "first": self.first.rfc3339(),
            "last": self.last.rfc3339(),
            "page": (!origin.is_empty()).then_some(page),
        })
    }
}
