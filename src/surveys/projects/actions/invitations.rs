//! People invited by mail: whom, what they are written, and rounds confirmed and stopped.
//! Records count people and name nobody.

use serde_json::{Value, json};

use super::links::link_id;
use crate::base::Time;
use crate::journal::{self, Entry};
use crate::mail;
use crate::site::Site;
use crate::store::{Connection, Db, Transaction, project_file};
use crate::surveys::keeping::Of;
use crate::surveys::letters::{
    Kind, Round, RoundId, Said, Settings, State, drop_letters, keep_people, sql as letters,
};
use crate::surveys::projects::invited::Invited;
use crate::surveys::projects::model::{Author, Error, Project, State as Standing};
use crate::surveys::projects::sql::{self, End, NewLink};
use crate::surveys::running::token;
use crate::web::WorkspaceId;

/// How far ahead a round may be confirmed.
const AHEAD: i64 = 366 * Time::DAY;

/// What came of a list.
#[derive(Clone, Copy, Debug)]
pub(in crate::surveys::projects) struct Listed {
    pub(in crate::surveys::projects) new: usize,
    /// Their addresses were there already.
    pub(in crate::surveys::projects) known: usize,
}

fn of(author: &Author, survey: &str) -> Of {
    Of {
        workspace: author.workspace,
        survey: survey.to_owned(),
    }
}

fn refused<T>(words: impl Into<String>) -> Result<T, Error> {
    Err(Error::Refused(words.into()))
}

/// The file of a survey's answers, in which addresses lie.
fn file(site: &Site, project: &Project, workspace: WorkspaceId) -> Result<Db, Error> {
    if project.version.is_none() {
        return refused("publish the survey first: addresses are kept in the file of its answers");
    }
    Ok(site.files.open(&project_file(workspace, &project.id))?)
}

async fn find(site: &Site, author: &Author, survey: &str) -> Result<(Project, Db), Error> {
    let (workspace, id) = (author.workspace, survey.to_owned());
    let project = { &site.system }.read(move |conn| sql::find(conn, workspace, &id));
    let project = project.await?;
    let db = file(site, &project, workspace)?;
    Ok((project, db))
}

/// Makes a link without a key for everybody of a list whose address is new, then keeps the
/// addresses in the file of the answers. Two files share no transaction: cut off between,
/// there are links that open nothing, and the list can be sent once more.
pub(in crate::surveys::projects) async fn invite_by_mail(
    site: &Site,
    author: &Author,
    survey: &str,
    list: Vec<Invited>,
) -> Result<Listed, Error> {
    let (project, db) = find(site, author, survey).await?;
    let there = db.read(letters::addresses).await?;
    let all = list.len();
    let new: Vec<Invited> = { list.into_iter() }
        .filter(|one| !there.contains(&one.address.to_ascii_lowercase()))
        .collect();
    let listed = Listed {
        new: new.len(),
        known: all - new.len(),
    };
    let (now, author, place) = (site.clock.now(), author.clone(), of(author, &project.id));
    let keep = move |tx: &Transaction<'_>| {
        let mut people = Vec::with_capacity(new.len());
        for (at, one) in new.into_iter().enumerate() {
            let id = link_id(now);
            add_link(tx, &place, (&id, at, &one), (now, &author))?;
            people.push(letters::NewInvitee {
                link: id,
                address: one.address,
                name: one.name,
                lang: one.lang,
            });
        }
        if letters::settings(tx, &place)?.is_none() {
            let fresh = Settings::default();
            letters::keep_settings(tx, &place, &fresh, (now, &author.actor.name))?;
        }
        let entry = Entry::new(now, &author.actor, "survey.people_listed", &*place.survey);
        let detail = json!({ "rows": people.len(), "known": listed.known });
        journal::record(tx, &entry.with(detail))?;
        Ok::<_, Error>(people)
    };
    let people = site.system.write(keep).await?;
    keep_people(&db, people, now).await?;
    Ok(listed)
}

fn add_link(
    tx: &Transaction<'_>,
    of: &Of,
    (id, at, one): (&str, usize, &Invited),
    (now, author): (Time, &Author),
) -> Result<(), Error> {
    let nothing = || Value::Object(serde_json::Map::new());
    // Where nobody has a name the line stands for it: an address would leave its file.
    let name = match &*one.name {
        "" => format!("No. {}", at + 1),
        name => name.to_owned(),
    };
    let new = NewLink {
        id,
        kind: "personal",
        name: &name,
        key_hash: None,
        entry: &one.entry.to_string(),
        end: &End {
            exits: nothing(),
            postbacks: nothing(),
        },
        supplier: "",
        list: None,
        at: now,
        by: &author.actor.name,
    };
    Ok(sql::insert_link(tx, of.workspace, &of.survey, &new)?)
}

/// Keeps what the survey says in its letters. The texts are in the record.
pub(in crate::surveys::projects) async fn keep_letters(
    site: &Site,
    author: &Author,
    survey: &str,
    new: Settings,
) -> Result<(), Error> {
    let (now, author, survey) = (site.clock.now(), author.clone(), survey.to_owned());
    let done = site.system.write(move |tx| {
        sql::find(tx, author.workspace, &survey)?;
        let of = of(&author, &survey);
        let before = letters::settings(tx, &of)?.unwrap_or_default();
        letters::keep_settings(tx, &of, &new, (now, &author.actor.name))?;
        let entry = Entry::new(now, &author.actor, "survey.letters_changed", &*survey);
        let (before, after) = (json!(before), json!(new));
        journal::record(tx, &entry.changed(&before, &after))?;
        Ok(())
    });
    done.await
}

/// Says that somebody sent a letter to themselves, and whether it left.
pub(in crate::surveys::projects) async fn tested(
    site: &Site,
    author: &Author,
    survey: &str,
    (kind, lang, has_left): (Kind, &str, bool),
) -> Result<(), Error> {
    let (now, author, survey) = (site.clock.now(), author.clone(), survey.to_owned());
    let detail = json!({ "kind": kind.name(), "lang": lang });
    let done = site.system.write(move |tx| {
        let entry = Entry::new(now, &author.actor, "survey.letter_tested", &*survey);
        let entry = if has_left {
            entry
        } else {
            entry.failed("the server for mail did not take it")
        };
        journal::record(tx, &entry.with(detail))?;
        Ok(())
    });
    done.await
}

/// A round to be.
pub(in crate::surveys::projects) struct Wanted {
    pub(in crate::surveys::projects) kind: Kind,
    /// None: at once.
    pub(in crate::surveys::projects) due: Option<Time>,
    /// How many people it would go to, as the page said.
    pub(in crate::surveys::projects) seen: u64,
    pub(in crate::surveys::projects) origin: String,
    /// The first language of the survey.
    pub(in crate::surveys::projects) lang: String,
}

/// Confirms a round. Its letters are made, and leave, in the background.
pub(in crate::surveys::projects) async fn confirm_round(
    site: &Site,
    author: &Author,
    survey: &str,
    wanted: Wanted,
) -> Result<(), Error> {
    let (project, db) = find(site, author, survey).await?;
    let now = site.clock.now();
    may_confirm(site, &project, &wanted, now).await?;
    let place = of(author, &project.id);
    let read = {
        let place = place.clone();
        move |conn: &Connection| letters::settings(conn, &place)
    };
    let settings = site.system.read(read).await?.unwrap_or_default();
    let wordings = settings.of(wanted.kind).clone();
    if wordings
        .get(&wanted.lang)
        .is_none_or(|one| one.text.is_empty())
    {
        let kind = wanted.kind.name();
        return refused(format!("write the {kind} first, under Letters"));
    }
    let whom = letters::Eligible {
        kind: wanted.kind,
        rules: settings.rules,
        now,
    };
    let rows = db.read(move |conn| letters::eligible(conn, whom)).await?;
    is_as_seen(rows, &wanted)?;
    let round = Round {
        of: place,
        id: RoundId::new(now),
        kind: wanted.kind,
        said: Said {
            wordings,
            lang: wanted.lang,
            reply_to: settings.reply_to,
            rules: settings.rules,
            origin: wanted.origin,
        },
        due: wanted.due.unwrap_or(now),
        state: State::Waiting,
        letters: 0,
        why: String::new(),
        made: now,
        by: author.actor.name.clone(),
    };
    keep_round(site, author, (round, rows)).await
}

/// Who confirms letters that leave at once has seen how many they are.
fn is_as_seen(rows: u64, wanted: &Wanted) -> Result<(), Error> {
    if wanted.due.is_some() {
        return Ok(());
    }
    match wanted.seen {
        seen if rows != seen => refused(format!(
            "it would go to {rows} people now, and to {seen} when you looked; look again, then confirm"
        )),
        0 => refused("there is nobody to write to just now"),
        _ => Ok(()),
    }
}

async fn may_confirm(
    site: &Site,
    project: &Project,
    wanted: &Wanted,
    now: Time,
) -> Result<(), Error> {
    if !mail::is_on(site).await? {
        return refused("no server for mail is set up; an operator can name one");
    }
    if project.state != Standing::Live {
        return refused("the survey is not open: letters would lead to a closed door");
    }
    if wanted.origin.is_empty() {
        return refused(
            "this page was opened by an address that is not this server's: respondents would be sent to one nobody knows; have an operator set the site's address",
        );
    }
    match wanted.due {
        Some(due) if due <= now => refused("that day is over; choose one ahead, or none"),
        Some(due) if due > now.plus(AHEAD) => refused("choose a day within a year"),
        _ => Ok(()),
    }
}

async fn keep_round(
    site: &Site,
    author: &Author,
    (round, rows): (Round, u64),
) -> Result<(), Error> {
    let author = author.clone();
    let done = site.system.write(move |tx| {
        if letters::has_open(tx, &round.of, round.kind)? {
            return refused("a round of these letters is on its way already; stop it first");
        }
        letters::insert_round(tx, &round)?;
        let survey = &*round.of.survey;
        let entry = Entry::new(round.made, &author.actor, "survey.round_confirmed", survey);
        let detail = json!({
            "round": round.id, "kind": round.kind.name(), "rows": rows,
            "due": round.due.rfc3339(),
        });
        journal::record(tx, &entry.with(detail))?;
        Ok(())
    });
    done.await
}

/// Stops a round: what waits of it does not leave. Recorded before the letters go, which
/// lie in another file; cut off between, they wait for a round that is not open, and so
/// leave no more.
pub(in crate::surveys::projects) async fn stop_round(
    site: &Site,
    author: &Author,
    survey: &str,
    id: RoundId,
) -> Result<(), Error> {
    let (now, author, place) = (site.clock.now(), author.clone(), of(author, survey));
    let (why, letters_of) = ("a researcher stopped it", place.clone());
    let done = site.system.write(move |tx| {
        sql::find(tx, place.workspace, &place.survey)?;
        let round = letters::round(tx, &place, id)?.ok_or(Error::Missing)?;
        let turn = (round.state, State::Stopped);
        if !round.state.is_open()
            || !letters::set_round(tx, (&place, id), turn, (round.letters, why))?
        {
            return refused("this round is over already");
        }
        let entry = Entry::new(now, &author.actor, "survey.round_stopped", &*place.survey);
        let detail = json!({ "round": id, "kind": round.kind.name() });
        journal::record(tx, &entry.with(detail))?;
        Ok(())
    });
    done.await?;
    Ok(drop_letters(site, &letters_of, (id, why)).await?)
}

/// A fresh link for everybody who has not ended, for whoever writes to them by other
/// means: name, address, path. Links that were sent before go on working.
pub(in crate::surveys::projects) async fn take_links(
    site: &Site,
    author: &Author,
    survey: &str,
) -> Result<Vec<[String; 3]>, Error> {
    let (project, db) = find(site, author, survey).await?;
    let people = db.read(letters::still_open).await?;
    let (now, author) = (site.clock.now(), author.clone());
    let done = site.system.write(move |tx| {
        let of = of(&author, &project.id);
        let mut taken = Vec::with_capacity(people.len());
        for (link, name, address) in people {
            if letters::link_stands(tx, &of, &link)?.is_none() {
                continue;
            }
            let key = token::fresh()?;
            letters::add_key(tx, &of, (&link, &token::hash(&key)))?;
            taken.push([name, address, format!("/s/{}?k={key}", project.slug)]);
        }
        let entry = Entry::new(now, &author.actor, "survey.links_taken", &*of.survey);
        journal::record(tx, &entry.with(json!({ "rows": taken.len() })))?;
        Ok(taken)
    });
    done.await
}
