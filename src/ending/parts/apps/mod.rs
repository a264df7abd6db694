//! Every app: its text as it stands and as it was published.

mod sql;

use serde_json::json;

use super::{Given, Part, Taking, give_json, give_text};
use crate::ending::archive::Pack;
use crate::ending::model::Error;

pub(super) struct Apps;

pub(super) static KIND: Apps = Apps;

impl Part for Apps {
    fn name(&self) -> &'static str {
        "apps"
    }

    fn title(&self) -> &'static str {
        "Apps"
    }

    fn holds(&self) -> &'static str {
        "Each app's draft and every published version as TOML, byte for byte, which another Onsight takes in; with whom it is shared and the views that people keep of it as JSON"
    }

    fn give(&self, from: &Taking<'_>, to: &mut dyn Pack) -> Result<Given, Error> {
        let apps = sql::apps(from.system, from.workspace)?;
        let mut versions = 0;
        for app in &apps {
            let folder = format!("apps/{}", app.id);
            give_text(to, &format!("{folder}/draft.toml"), &app.draft)?;
            let mut published = Vec::new();
            for number in sql::versions(from.system, from.workspace, &app.id)? {
                let version = sql::version(from.system, from.workspace, (&app.id, number))?;
                let name = format!("{folder}/version-{number}.toml");
                give_text(to, &name, &version.text)?;
                published.push(json!({
                    "version": number,
                    "note": version.note,
                    "at": version.at.rfc3339(),
                    "by": version.by,
                }));
                versions += 1;
            }
            let mut views = Vec::new();
            for view in sql::views(from.data, app)? {
                let mut said = view.said;
                said["by"] = sql::email(from.system, &view.owner)?.into();
                views.push(said);
            }
            let about = json!({
                "id": app.id,
                "title": app.title,
                "in_use": app.version,
                "versions": published,
                "shared": sql::shares(from.system, from.workspace, &app.id)?,
                "views": views,
            });
            give_json(to, &format!("{folder}/about.json"), &about)?;
        }
        Ok(Given::from([("apps", apps.len() as u64), ("versions", versions)]))
    }
}
