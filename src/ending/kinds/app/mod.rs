//! An app: its draft, its versions, and who may do what with it. Its tables are
//! things of their own. The views people keep of it lie in the workspace's file.

mod sql;

use super::{Bars, Home, Kind, Place, is_it, look_now, uses};
use crate::base::Time;
use crate::ending::model::{Counts, Ending, Error, Preview, TableUse, Thing};
use crate::ending::sql::{Kept, delete, forget_kept, holding, kept_places, park, restore, tried};
use crate::site::Site;
use crate::store::{ToSql, Transaction};
use crate::web::Right;

/// How far back somebody's use of an app counts as lately.
const LATELY: i64 = 30;

pub(super) struct App;

pub(super) static KIND: App = App;

/// What holds something of an app, besides the app itself.
fn places(tx: &Transaction<'_>) -> Result<Vec<String>, Error> {
    let mut places = holding(tx, &["workspace", "app"])?;
    places.push("app".to_owned());
    Ok(places)
}

/// The condition by which a table's rows are of one app.
fn of_app(place: &str) -> &'static str {
    match place {
        "app" => "workspace = :workspace and id = :app",
        _ => "workspace = :workspace and app = :app",
    }
}

impl Kind for App {
    fn name(&self) -> &'static str {
        "app"
    }

    fn noun(&self) -> &'static str {
        "app"
    }

    fn method(&self) -> &'static str {
        "Taken out of the accounts database, whose freed pages are overwritten with zeros"
    }

    fn home(&self) -> Home {
        Home::System
    }

    fn lies_in_both(&self) -> bool {
        true
    }

    fn right(&self) -> Right {
        Right::Build
    }

    fn bars(&self) -> Bars {
        Bars::Sharing
    }

    fn page(&self, object: &str) -> String {
        format!("/edit/{object}/settings")
    }

    fn all(&self, place: &Place<'_>) -> Result<Vec<Thing>, Error> {
        Ok(sql::apps(place.system, place.workspace)?)
    }

    fn preview(&self, place: &Place<'_>, thing: &Thing) -> Result<Preview, Error> {
        let (conn, of) = (place.system, (place.workspace, thing.object.as_str()));
        let since = place.now.0.div_euclid(Time::DAY) - LATELY;
        let used = sql::used(conn, of, since)?.into_iter();
        let used = used.map(|(name, day)| (name, Time(day * Time::DAY)));
        let keys = sql::keys(conn, of)?.into_iter();
        let mut goes = sql::parts(conn, of)?;
        if let Some(data) = place.data {
            goes.push(("Views people keep", sql::views(data, thing)?));
        }
        Ok(Preview {
            goes,
            used: used.collect(),
            breaks: keys.map(|name| ("Key of a program", name)).collect(),
            tables: tables(place, thing)?,
        })
    }

    fn hide(&self, tx: &Transaction<'_>, one: &Ending) -> Result<bool, Error> {
        let apps = sql::apps(tx, one.workspace)?;
        if !apps.iter().any(|thing| is_it(one, thing)) {
            return Ok(false);
        }
        let values: &[(&str, &dyn ToSql)] =
            &[(":workspace", &one.workspace), (":app", &one.object)];
        let places = places(tx)?;
        for place in &places {
            park(tx, (Kept::System, one.id), place, (of_app(place), values))?;
        }
        tried(places, |place| delete(tx, place, (of_app(place), values)))?;
        Ok(true)
    }

    fn restore(&self, tx: &Transaction<'_>, one: &Ending) -> Result<bool, Error> {
        if sql::exists(tx, one.workspace, &one.object)? {
            return Err(Error::Replaced {
                kind: "app",
                name: one.object.clone(),
            });
        }
        let kept = (Kept::System, one.id);
        let places = kept_places(tx, Kept::System, one.id)?;
        let places = places.into_iter().map(|(place, _)| place).collect();
        tried(places, |place| restore(tx, kept, place))?;
        forget_kept(tx, kept, None)?;
        Ok(true)
    }

    fn destroy(&self, tx: &Transaction<'_>, one: &Ending) -> Result<Counts, Error> {
        self.hide(tx, one)?;
        let mut counts = Counts::new();
        for (place, rows) in kept_places(tx, Kept::System, one.id)? {
            let word = match place.as_str() {
                "app" => "apps",
                "app_version" => "versions",
                "app_step" => "earlier drafts",
                "app_share" => "shares",
                "publish_request" => "requests to publish",
                "app_opening" => "days of use",
                "app_mine" => "stars and last openings",
                _ => continue,
            };
            counts.insert(word.to_owned(), rows);
        }
        forget_kept(tx, (Kept::System, one.id), None)?;
        Ok(counts)
    }

    fn destroy_there(&self, tx: &Transaction<'_>, one: &Ending) -> Result<Counts, Error> {
        let mut gone = 0;
        for thing in sql::kept(tx, &one.object)? {
            if is_it(one, &thing) {
                sql::let_go(tx, &thing)?;
                gone += sql::forget_views(tx, &thing)?;
            }
        }
        let counts = [("views".to_owned(), gone)].into_iter();
        Ok(counts.filter(|(_, gone)| *gone > 0).collect())
    }

    fn remains(&self, site: &Site, one: &Ending) -> Result<Option<String>, Error> {
        look_now(site, one.workspace, |place| {
            if let Some(data) = place.data {
                let kept = sql::kept(data, &one.object)?;
                if kept.iter().any(|thing| is_it(one, thing)) {
                    return Ok(Some("views of the app".to_owned()));
                }
            }
            let apps = sql::apps(place.system, place.workspace)?;
            let is_there = apps.iter().any(|thing| is_it(one, thing))
                || !kept_places(place.system, Kept::System, one.id)?.is_empty();
            Ok(is_there.then(|| "rows of the app".to_owned()))
        })
    }
}

/// The tables the app works with, and who else works with each.
fn tables(place: &Place<'_>, thing: &Thing) -> Result<Vec<TableUse>, Error> {
    let Some(data) = place.data else {
        return Ok(Vec::new());
    };
    let texts = sql::texts(place.system, place.workspace)?;
    let own = texts.iter().filter(|text| text.app == thing.object);
    let own: Vec<_> = own.filter_map(|text| uses::of_app(&text.text)).flatten().collect();
    let mut tables = Vec::new();
    for table in super::table::all(data)? {
        if !own.contains(&table.object) {
            continue;
        }
        let others = texts.iter().filter(|text| {
            text.app != thing.object && uses::app_uses(&text.text, &table.object)
        });
        let mut others: Vec<_> = others.map(|text| text.title.clone()).collect();
        others.dedup();
        tables.push(TableUse {
            rows: super::table::rows(data, &table.object)?,
            others,
            thing: table,
        });
    }
    Ok(tables)
}

/// The titles of the apps that work with a table.
pub(super) fn that_use(place: &Place<'_>, table: &str) -> Result<Vec<String>, Error> {
    let texts = sql::texts(place.system, place.workspace)?;
    let using = texts.iter().filter(|text| uses::app_uses(&text.text, table));
    let mut titles: Vec<_> = using.map(|text| text.title.clone()).collect();
    titles.dedup();
    Ok(titles)
}
