//! Everybody, and what they prove who they are with.

use super::{About, Packing, Part};
use crate::base::Time;
use crate::store::Error;
use crate::trust::pack::Out;
use crate::trust::sql::{self, Person};
use crate::trust::table::table;

pub(super) static KIND: Part = Part {
    about: About {
        title: "People with their roles and second factors",
        for_workspace: true,
        for_support: false,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(packing: &Packing, out: &mut Out) -> Result<(), Error> {
    let (workspace, now) = (packing.purpose.workspace(), packing.site.clock.now());
    let people = packing
        .site
        .system
        .read(move |conn| sql::people(conn, workspace, now))
        .await?;
    let text = table(HEADING, people.iter().map(line));
    Ok(out.file("people.csv", KIND.about.title, &text).await?)
}

const HEADING: [&str; 12] = [
    "email",
    "name",
    "roles",
    "operator",
    "disabled",
    "created",
    "last_sign_in",
    "password",
    "authenticator_app_since",
    "passkeys",
    "recovery_codes_left",
    "program_keys",
];

fn line(one: &Person) -> [String; 12] {
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let time = |time: Option<Time>| time.map(Time::rfc3339).unwrap_or_default();
    [
        one.email.clone(),
        one.name.clone(),
        one.roles.clone(),
        yes(one.is_operator),
        yes(one.is_disabled),
        one.created.rfc3339(),
        time(one.entered),
        yes(one.has_password),
        time(one.app),
        one.passkeys.to_string(),
        one.codes.to_string(),
        one.keys.to_string(),
    ]
}
