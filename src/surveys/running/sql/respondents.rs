//! Those who answer.

use crate::base::Time;
use crate::store::{
    Connection, Error, OptionalExtension, Row, SqlResult, Transaction, named_params,
};
use crate::surveys::format::Outcome;
use crate::surveys::personal::{Spot, Vault};
use crate::surveys::running::apart::Address;

/// One who answers, as far as they have come.
#[derive(Clone, Debug)]
pub struct Respondent {
    /// 0: their way ended, and nothing joins them to their answers.
    pub id: i64,
    pub link: String,
    pub version: i64,
    pub lang: String,
    pub seed: i64,
    pub is_test: bool,
    /// The id of the page they are at; empty before the first.
    pub page: String,
    pub turn: u32,
    pub outcome: Option<Outcome>,
    /// The way out they took.
    pub way_out: String,
    pub exit_to: Option<String>,
    pub started: Time,
}

/// Reads the columns in the order that every statement here names them in.
fn read(row: &Row<'_>) -> SqlResult<Respondent> {
    let outcome: Option<String> = row.get(8)?;
    Ok(Respondent {
        id: row.get(0)?,
        link: row.get(1)?,
        version: row.get(2)?,
        lang: row.get(3)?,
        seed: row.get(4)?,
        is_test: row.get(5)?,
        page: row.get(6)?,
        turn: row.get(7)?,
        outcome: outcome.as_deref().and_then(Outcome::named),
        way_out: row.get(9)?,
        exit_to: row.get(10)?,
        started: Time(row.get(11)?),
    })
}

pub fn by_token(conn: &Connection, hash: &[u8]) -> Result<Option<Respondent>, Error> {
    let mut find = conn.prepare_cached(
        "select id, link, version, lang, seed, is_test, page, turn, outcome, way_out, exit_to, started
         from respondent where token_hash = :hash",
    )?;
    let found = find
        .query_row(named_params! { ":hash": hash }, read)
        .optional()?;
    match found {
        None => parted(conn, hash),
        known => Ok(known),
    }
}

/// How the way at that address ended, where nothing joins it to answers: they have
/// the number 0, which is nobody's.
fn parted(conn: &Connection, hash: &[u8]) -> Result<Option<Respondent>, Error> {
    let mut find = conn.prepare_cached(
        "select 0 as id, '' as link, version, lang, 0 as seed, is_test, '' as page, 0 as turn,
                outcome, way_out, exit_to, 0 as started
         from parted where token_hash = :hash",
    )?;
    let found = find.query_row(named_params! { ":hash": hash }, read);
    Ok(found.optional()?)
}

/// Takes the address of who has ended away from their answers.
pub(in crate::surveys::running) fn part(tx: &Transaction<'_>, id: i64) -> Result<(), Error> {
    tx.prepare_cached(
        "insert into parted (token_hash, version, lang, is_test, outcome, way_out, exit_to)
         select token_hash, version, lang, is_test, outcome, way_out, exit_to
         from respondent where id = :id and outcome is not null",
    )?
    .execute(named_params! { ":id": id })?;
    tx.prepare_cached(
        "update respondent set token_hash = randomblob(32), exit_to = null where id = :id",
    )?
    .execute(named_params! { ":id": id })?;
    Ok(())
}

/// Notes that a link let somebody in. Was it not used before?
pub(in crate::surveys::running) fn use_link(
    tx: &Transaction<'_>,
    link: &str,
) -> Result<bool, Error> {
    let used = tx
        .prepare_cached(
            "insert into link_used (link) values (:link) on conflict (link) do nothing",
        )?
        .execute(named_params! { ":link": link })?;
    Ok(used == 1)
}

/// Who came from there with that value of a unique variable. A sealed value is found by
/// its mark.
pub(in crate::surveys::running) fn by_entry(
    conn: &Connection,
    (source, name): (&str, &str),
    (value, vault): (&str, Option<&Vault>),
) -> Result<Option<Respondent>, Error> {
    let mut find = conn.prepare_cached(
        "select id, link, version, lang, seed, is_test, page, turn, outcome, way_out, exit_to, started
         from respondent
         where id = coalesce(
           (select respondent from entry
            where source = :source and name = :name and value = :value
              and is_unique = 1 and sealed is null),
           (select respondent from entry
            where source = :source and name = :name and mark = :mark
              and is_unique = 1 and sealed is not null))",
    )?;
    let mark = vault.map(|vault| vault.marks().entry(name, value));
    let params = named_params! {
        ":source": source, ":name": name, ":value": value, ":mark": mark,
    };
    Ok(find.query_row(params, read).optional()?)
}

/// Who came by the same signed link.
pub(in crate::surveys::running) fn by_signed(
    conn: &Connection,
    hash: &[u8],
) -> Result<Option<Respondent>, Error> {
    let mut find = conn.prepare_cached(
        "select id, link, version, lang, seed, is_test, page, turn, outcome, way_out, exit_to, started
         from respondent where signed = :hash",
    )?;
    Ok(find
        .query_row(named_params! { ":hash": hash }, read)
        .optional()?)
}

pub(in crate::surveys::running) fn set_signed(
    tx: &Transaction<'_>,
    id: i64,
    hash: &[u8],
) -> Result<(), Error> {
    tx.prepare_cached("update respondent set signed = :hash where id = :id")?
        .execute(named_params! { ":id": id, ":hash": hash })?;
    Ok(())
}

/// Have they sent a page?
pub(in crate::surveys::running) fn has_sent(conn: &Connection, id: i64) -> Result<bool, Error> {
    let mut ask =
        conn.prepare_cached("select exists (select 1 from page_visit where respondent = :id)")?;
    Ok(ask.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

/// Who came by that link first.
pub(in crate::surveys::running) fn by_link(
    conn: &Connection,
    link: &str,
) -> Result<Option<Respondent>, Error> {
    let mut find = conn.prepare_cached(
        "select id, link, version, lang, seed, is_test, page, turn, outcome, way_out, exit_to, started
         from respondent where link = :link order by id limit 1",
    )?;
    Ok(find
        .query_row(named_params! { ":link": link }, read)
        .optional()?)
}

/// Removes what was entered in previews. Gives how many there were.
pub fn forget_tests(tx: &Transaction<'_>) -> Result<usize, Error> {
    Ok(tx
        .prepare_cached("delete from respondent where is_test = 1")?
        .execute(named_params! {})?)
}

/// Keeps somebody new. Nobody gets the number of one who was erased.
pub(in crate::surveys::running) fn add(
    tx: &Transaction<'_>,
    hash: &[u8],
    new: &Respondent,
    device: &str,
) -> Result<i64, Error> {
    Ok(tx.prepare_cached("insert into respondent (id, token_hash, link, version, lang, seed, is_test, started, seen,
                                 device)
         values (1 + max(coalesce((select max(id) from respondent), 0),
                         coalesce((select respondent from erased_last), 0)),
                 :hash, :link, :version, :lang, :seed, :test, :now, :now, :device)
         returning id")?.query_row(named_params! {
            ":hash": hash, ":link": new.link, ":version": new.version, ":lang": new.lang,
            ":seed": new.seed, ":test": new.is_test, ":now": new.started.0, ":device": device,
        }, |row| row.get(0))?)
}

/// Another address for the same respondent; the one before opens nothing.
pub(in crate::surveys::running) fn set_token(
    tx: &Transaction<'_>,
    id: i64,
    hash: &[u8],
) -> Result<(), Error> {
    tx.prepare_cached("update respondent set token_hash = :hash where id = :id")?
        .execute(named_params! { ":id": id, ":hash": hash })?;
    Ok(())
}

/// Keeps what came with somebody, sealed where there is a vault for it; `is_found`: a
/// program may ask for them by it.
pub(in crate::surveys::running) fn add_entry(
    tx: &Transaction<'_>,
    id: i64,
    (source, name, value): (&str, &str, &str),
    (is_unique, is_found): (bool, bool),
    vault: Option<&Vault>,
) -> Result<(), Error> {
    let spot = Spot::Entry(id, name);
    let sealed = vault.map(|vault| vault.seal(spot, value.as_bytes()));
    let mark = { vault.filter(|_| is_found) }.map(|vault| vault.marks().entry(name, value));
    let plain = if vault.is_some() { "" } else { value };
    tx.prepare_cached(
        "insert into entry (respondent, source, name, value, is_unique, sealed, mark)
         values (:id, :source, :name, :value, :unique, :sealed, :mark)",
    )?
    .execute(named_params! {
        ":id": id, ":source": source, ":name": name, ":value": plain, ":unique": is_unique,
        ":sealed": sealed.transpose()?, ":mark": mark,
    })?;
    Ok(())
}

/// What came with somebody. Without a vault what is sealed is not there.
pub(in crate::surveys::running) fn entries(
    conn: &Connection,
    id: i64,
    vault: Option<&Vault>,
) -> Result<Vec<(String, String)>, Error> {
    let mut list = conn.prepare_cached(
        "select name, value, sealed from entry where respondent = :id order by name",
    )?;
    let mut rows = list.query(named_params! { ":id": id })?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let (name, sealed): (String, Option<Vec<u8>>) = (row.get(0)?, row.get(2)?);
        let value = match sealed {
            Some(sealed) => {
                vault.and_then(|vault| vault.open_text(Spot::Entry(id, &name), &sealed))
            }
            None => Some(row.get(1)?),
        };
        entries.extend(value.map(|value| (name, value)));
    }
    Ok(entries)
}

/// Where somebody is sent, where something personal is in it.
pub(in crate::surveys::running) fn sealed_exit(
    conn: &Connection,
    id: i64,
    vault: &Vault,
) -> Result<Option<String>, Error> {
    let mut find = conn.prepare_cached("select exit_sealed from respondent where id = :id")?;
    let found = find.query_row(named_params! { ":id": id }, |row| {
        row.get::<_, Option<Vec<u8>>>(0)
    });
    let sealed = found.optional()?.flatten();
    Ok(sealed.and_then(|sealed| vault.open_text(Spot::Exit(id), &sealed)))
}

pub(in crate::surveys::running) fn move_to(
    tx: &Transaction<'_>,
    id: i64,
    (page, turn): (&str, u32),
    now: Time,
) -> Result<(), Error> {
    tx.prepare_cached(
        "update respondent set page = :page, turn = :turn, seen = :now where id = :id",
    )?
    .execute(named_params! { ":id": id, ":page": page, ":turn": turn, ":now": now.0 })?;
    Ok(())
}

pub fn set_lang(tx: &Transaction<'_>, id: i64, lang: &str) -> Result<(), Error> {
    tx.prepare_cached("update respondent set lang = :lang where id = :id")?
        .execute(named_params! { ":id": id, ":lang": lang })?;
    Ok(())
}

/// The end, once: who has an outcome keeps it.
pub(in crate::surveys::running) fn finish(
    tx: &Transaction<'_>,
    id: i64,
    (outcome, way_out): (Outcome, &str),
    exit: &Address,
    now: Time,
) -> Result<(), Error> {
    tx.prepare_cached(
        "update respondent
         set outcome = :outcome, way_out = :way_out, exit_to = :exit_to, exit_sealed = :sealed,
             ended = :now, seen = :now, page = '', turn = 0
         where id = :id and outcome is null",
    )?
    .execute(named_params! {
        ":id": id, ":outcome": outcome.name(), ":way_out": way_out, ":exit_to": exit.plain,
        ":sealed": exit.sealed, ":now": now.0,
    })?;
    Ok(())
}
