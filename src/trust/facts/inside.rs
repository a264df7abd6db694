//! What only the open installation tells: its people, its trail, its keys.

use super::copies::Copies;
use crate::base::Time;
use crate::operate;
use crate::site::Site;
use crate::store;
use crate::tls::Strictness;
use crate::trust::hosting::Hosting;
use crate::trust::sql;
use crate::web::UserId;

#[derive(Clone, Debug)]
pub struct Inside {
    /// When the first workspace was made; `None`: nobody has set it up.
    pub founded: Option<Time>,
    pub certificate: Certificate,
    pub keys: Vec<Key>,
    /// Where the instance key lies, and whether that is a file of ours.
    pub key_place: (String, bool),
    pub strictness: Strictness,
    pub accounts: Vec<Account>,
    pub places: Vec<Place>,
    pub programs: Vec<Program>,
    pub visits: Vec<Visit>,
    /// Policies that were taken away lately: table and when.
    pub policies_removed: Vec<(String, Time)>,
    pub trail: Trail,
    /// What is looked at once a day.
    pub long: Vec<Long>,
    /// The end of the last period that was reviewed, and when it was signed.
    pub reviewed: Option<(Time, Time)>,
    pub hosting: Vec<Hosting>,
    pub copies: Copies,
    /// The last jump of the clock, in milliseconds.
    pub jump: Option<(Time, i64)>,
}

#[derive(Clone, Debug)]
pub struct Certificate {
    pub until: Time,
    pub is_ours: bool,
    /// `ECDSA 256`.
    pub key: String,
    pub is_weak: bool,
    pub names: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Key {
    pub title: String,
    pub since: Option<Time>,
    pub fault: Option<String>,
}

/// Somebody who may sign in.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: UserId,
    pub email: String,
    pub created: Time,
    /// When they last came in.
    pub entered: Option<Time>,
    pub is_operator: bool,
    /// An admin of some workspace.
    pub is_admin: bool,
    pub has_factor: bool,
}

/// A workspace's rules.
#[derive(Clone, Debug)]
pub struct Place {
    pub name: String,
    /// Minutes until a session locks, hours until it ends.
    pub idle: i64,
    pub longest: i64,
    /// Roles that must have a second factor, besides admins and operators.
    pub factor_roles: Vec<String>,
    /// Two people publish an app, and agree to a stay.
    pub four_eyes: bool,
}

impl Place {
    /// People of that role must have a second factor there.
    pub(in crate::trust) fn asks(&self, role: &str) -> bool {
        self.factor_roles.iter().any(|known| known == role)
    }
}

/// A key of a program that works.
#[derive(Clone, Debug)]
pub struct Program {
    pub name: String,
    pub has_networks: bool,
    pub created: Time,
    pub expires: Time,
    pub used: Option<Time>,
}

/// A stay of an operator that is open now.
#[derive(Clone, Debug)]
pub struct Visit {
    pub who: String,
    pub place: String,
    pub ends: Time,
}

#[derive(Clone, Debug)]
pub struct Trail {
    pub days: i64,
    /// The newest record, and the newest that is signed: number and time.
    pub head: Option<(i64, Time)>,
    pub signed: Option<(i64, Time)>,
    pub targets: Vec<Target>,
}

/// Where records are sent.
#[derive(Clone, Debug)]
pub struct Target {
    pub name: String,
    pub sent: Option<Time>,
    pub fault: Option<String>,
    pub waiting: i64,
    /// The oldest record that waits.
    pub since: Option<Time>,
}

/// What a look that takes long found, and when.
#[derive(Clone, Debug)]
pub struct Long {
    pub name: String,
    pub at: Time,
    pub is_fine: bool,
    pub said: String,
}

impl Inside {
    pub(super) async fn of(site: &Site) -> Result<Inside, store::Error> {
        let now = site.clock.now();
        let keys = match operate::keys(site).await {
            Ok(keys) => keys.list,
            Err(operate::Error::Store(error)) => return Err(error),
            Err(other) => return Err(std::io::Error::other(other).into()),
        };
        let (shown, key_place) = (site.certificates.shown(), site.keyring.place());
        let certificate = Certificate {
            until: shown.until,
            is_ours: shown.is_ours,
            is_weak: shown.is_weak,
            key: shown.key,
            names: shown.names,
        };
        let keys = keys.into_iter().map(|key| Key {
            title: key.title,
            since: key.since,
            fault: key.fault,
        });
        let keys = keys.collect();
        let (strictness, copies) = (site.strict.now(), Copies::of(site).await?);
        site.system
            .read(move |conn| {
                let places = sql::places(conn)?;
                Ok(Inside {
                    founded: sql::founded(conn)?,
                    certificate,
                    keys,
                    key_place,
                    strictness,
                    accounts: sql::accounts(conn)?,
                    places,
                    programs: sql::programs(conn, now)?,
                    visits: sql::visits(conn, now)?,
                    policies_removed: sql::policies_removed(conn, now.plus(-30 * Time::DAY))?,
                    trail: sql::trail(conn)?,
                    long: sql::long_looks(conn)?,
                    reviewed: sql::reviewed(conn)?,
                    hosting: sql::hosting(conn)?,
                    copies,
                    jump: sql::last_jump(conn)?,
                })
            })
            .await
    }

    /// What the daily look of that name found.
    pub fn long(&self, name: &str) -> Option<&Long> {
        self.long.iter().find(|long| long.name == name)
    }
}
