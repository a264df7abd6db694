//! A test message: one step after the other, and which of them failed.

use super::body::trial;
use super::handing::{Went, hand_over, said};
use super::model::{Hook, MessageId};
use super::sealing::{key, open};
use crate::egress::{Client, Egress, Error, Purpose, Trust};
use crate::site::Site;

/// A step of a test.
#[derive(Clone, Debug)]
pub(in crate::surveys) struct Step {
    pub(in crate::surveys) title: &'static str,
    pub(in crate::surveys) is_well: bool,
    pub(in crate::surveys) text: String,
}

struct Steps<'a> {
    hook: &'a Hook,
    all: Vec<Step>,
}

impl Steps<'_> {
    fn say(&mut self, title: &'static str, is_well: bool, text: &str) {
        let text = said(text, self.hook);
        self.all.push(Step {
            title,
            is_well,
            text,
        });
    }

    /// Notes an error under that title.
    fn take<T>(&mut self, title: &'static str, tried: Result<T, Error>) -> Option<T> {
        tried
            .map_err(|error| self.say(title, false, &error.to_string()))
            .ok()
    }
}

/// Sends a message that says of itself that it is a test. The steps that were made; the
/// last one failed, or all went well.
pub(in crate::surveys) async fn try_out(site: &Site, hook: &Hook) -> Vec<Step> {
    let mut steps = Steps {
        hook,
        all: Vec::new(),
    };
    // A step that fails has said so; there is nothing after it.
    let _ = walk(site, hook, &mut steps).await;
    steps.all
}

async fn walk(site: &Site, hook: &Hook, steps: &mut Steps<'_>) -> Option<()> {
    let egress = &site.egress;
    let (host, port) = steps.take("Name", Egress::place(&hook.address))?;
    let found = egress.route(&host, port, Purpose::Linked).await;
    let found = steps.take("Name", found)?;
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    steps.say("Name", true, &format!("{host} is {}", found.join(", ")));
    let trust = Trust::new(&hook.ca).and_then(|trust| trust.client());
    let client = steps.take("Certificate", trust)?;
    let stream = egress.connect(&host, port, Purpose::Linked).await;
    let stream = steps.take("Connection", stream)?;
    steps.say("Connection", true, "it answers at that port");
    let secured = egress.secure(stream, &host, &client).await;
    if secured.is_err() {
        certificate(steps, &client);
    }
    steps.take("Certificate", secured)?;
    steps.say("Certificate", true, "it is trusted");
    answer(site, (hook, &client), steps).await
}

/// What it showed, for whoever has to put it right.
fn certificate(steps: &mut Steps<'_>, client: &Client) {
    if let Some(shown) = client.presented() {
        let until = shown.until.rfc3339();
        let text = format!(
            "it shows {}, signed by {}, good until {}",
            shown.subject,
            shown.issuer,
            &until[..10]
        );
        steps.say("Certificate", false, &text);
    }
}

async fn answer(
    site: &Site,
    (hook, client): (&Hook, &Client),
    steps: &mut Steps<'_>,
) -> Option<()> {
    let now = site.clock.now();
    let secrets = key(site).ok().and_then(|key| open(&key, hook, now));
    let Some(secrets) = secrets else {
        let text = "its secret cannot be opened; make another one";
        steps.say("Secret", false, text);
        return None;
    };
    let id = MessageId::new(now);
    let body = trial(hook, (&id.to_string(), now));
    match hand_over(site, client, (hook, &secrets), (id, body)).await {
        Went::Taken => steps.say("Answer", true, "it took the message"),
        Went::Gone => steps.say("Answer", false, "it answered 410: it wants no messages"),
        Went::Failed(fault) => steps.say("Answer", false, &fault.why),
    }
    Some(())
}
