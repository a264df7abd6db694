//! What is asked before something leaves: may who is responsible still export, what does it
//! sign in with, and would it arrive.

use tokio::runtime::Handle;

use super::model::{Delivered, Delivery, Error, Whither, opened};
use super::sql;
use crate::base::Secret;
use crate::egress::Purpose;
use crate::journal::sha256;
use crate::people;
use crate::places::{self, Step, Way};
use crate::site::Site;
use crate::store;
use crate::surveys::running::Surveys;
use crate::web::{Right, UserId};

/// An error where who asked, or set the schedule up, may not export any more.
pub(super) async fn may(site: &Site, one: &Delivered) -> Result<(), Error> {
    let person = match UserId::parse(&one.user) {
        Some(user) => people::as_member(site, one.of.workspace, user).await?,
        None => None,
    };
    if person.is_some_and(|person| person.role.may(Right::Build)) {
        return Ok(());
    }
    Err(Error::NoRight(one.by.clone()))
}

/// What it signs in with, or the passphrase; nothing where it needs none.
pub(super) async fn secret(surveys: &Surveys, one: &Delivered) -> Result<Option<Secret>, Error> {
    if matches!(
        one.said.whither,
        Whither::Link {
            has_words: false,
            ..
        }
    ) {
        return Ok(None);
    }
    let (of, id) = (one.of.clone(), one.delivery);
    let found = surveys
        .site
        .system
        .read(move |conn| sql::one(conn, &of, id));
    let gone = "its settings were removed meanwhile";
    let delivery = found
        .await?
        .ok_or_else(|| Error::Refused(gone.to_owned()))?;
    let account = one.said.whither.account();
    if delivery.settings.whither.account() != account {
        let moved = "its settings name another account now: deliver it again";
        return Err(Error::Refused(moved.to_owned()));
    }
    of_account(surveys, &delivery).map(Some)
}

fn of_account(surveys: &Surveys, delivery: &Delivery) -> Result<Secret, Error> {
    let account = delivery.settings.whither.account();
    let both = account.zip(delivery.secret.as_deref());
    let (account, sealed) = both.ok_or(Error::NoSecret)?;
    let of = (&delivery.of, delivery.id);
    Ok(opened(&surveys.seal()?, of, (&account, sealed))?)
}

/// The way to a place somebody set up.
pub(super) fn way(site: &Site, pin: &str, secret: Option<Secret>) -> Way {
    Way {
        egress: site.egress.clone(),
        // A builder chose the address: only where the configuration file lets it.
        purpose: Purpose::Linked,
        secret,
        pin: pin.to_owned(),
        runtime: Handle::current(),
    }
}

/// Brings a small file there and removes it. Gives each step, and what went wrong.
pub(in crate::surveys) async fn try_it(
    surveys: &Surveys,
    delivery: &Delivery,
) -> Result<Vec<(Step, Option<String>)>, Error> {
    let Whither::Place { address, pin } = delivery.settings.whither.clone() else {
        return Ok(Vec::new());
    };
    let secret = of_account(surveys, delivery)?;
    let way = way(&surveys.site, &pin, Some(secret));
    let name = format!("onsight-test-{}.txt", delivery.id);
    let tried = tokio::task::spawn_blocking(move || places::examine(&address, &way, &name));
    Ok(tried.await.map_err(|_panicked| store::Error::Closed)?)
}

/// What a link opens now.
pub async fn found(site: &Site, link: &str) -> Result<Option<Delivered>, store::Error> {
    let (hash, now) = (sha256(link.as_bytes()), site.clock.now());
    site.system
        .read(move |conn| sql::by_link(conn, &hash, now))
        .await
}
