//! What can be done about who an app is shared with.

use serde_json::json;

use super::decide::decide;
use super::kept::rules;
use super::model::{Act, Asking, Rules};
use super::sql::{self, Subject};
use crate::apps::format::Name;
use crate::apps::library;
use crate::apps::{Apps, Error};
use crate::journal::{self, Entry};
use crate::web::Viewer;

/// A list that is to be: whom it names, by id and by name.
pub(super) struct Wanted {
    pub(super) act: Act,
    pub(super) names: Vec<(Subject, Name)>,
}

/// Puts these names in place of the ones the page had for that act.
pub(super) async fn share(
    apps: &Apps,
    who: &Viewer,
    app: &str,
    wanted: Wanted,
) -> Result<(), Error> {
    let workspace = who.person.workspace;
    let old = rules(apps, workspace, app).await?;
    let mut new = Rules::clone(&old);
    *new.page.of_mut(wanted.act) = wanted.names.iter().map(|(_, name)| name.clone()).collect();
    if !decide(&Asking::of(&who.person), Act::Publish, &new).is_given {
        return Err(Error::Refused(
            "nothing was changed: you would lose this page yourself; name yourself or a group you are in, or ask an admin to do it"
                .to_owned(),
        ));
    }
    let (now, actor, name) = (apps.site().clock.now(), who.actor(), app.to_owned());
    apps.site()
        .system
        .write(move |tx| {
            if !library::sql::exists(tx, workspace, &name)? {
                return Err(Error::Missing);
            }
            let before = sql::lists(tx, workspace, &name)?;
            sql::drop_list(tx, workspace, &name, wanted.act)?;
            for (subject, _) in &wanted.names {
                sql::add(tx, (workspace, &name, wanted.act), *subject, now)?;
            }
            let after = sql::lists(tx, workspace, &name)?;
            let told =
                |names: &[Name]| -> Vec<String> { names.iter().map(ToString::to_string).collect() };
            let act = wanted.act.name();
            let entry = Entry::new(now, &actor, "app.shared", name);
            let entry = entry.changed(
                &json!({ (act): told(before.of(wanted.act)) }),
                &json!({ (act): told(after.of(wanted.act)) }),
            );
            journal::record(tx, &entry)?;
            Ok(())
        })
        .await?;
    apps.changed(workspace, app);
    Ok(())
}
