//! A site with one survey that is open, and a look into its answers.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use onsight::base::Secret;
use onsight::people;
use onsight::store::{Db, named_params, project_file};
use onsight::surveys::format::Survey;
use onsight::surveys::map::Datum;
use onsight::surveys::panels::seal;
use onsight::surveys::personal::Vault;
use onsight::surveys::running::token;

use crate::fieldwork::page_of;
use crate::support::{Answer, TestSite, Visitor};

/// Every kind of block, a loop, a section, ways out, quotas.
pub(super) const WHOLE: &str = include_str!("whole.toml");

pub(super) struct Stage {
    pub(super) site: TestSite,
    pub(super) stranger: Visitor,
    ada: Option<Visitor>,
    pub(super) slug: String,
    pub(super) db: Db,
    file: String,
}

pub(super) const ID: &str = "0190a0b0c0d0e0f0a0b0c0d0e0f0a0b0";

impl Stage {
    /// The survey is published under that text.
    pub(super) async fn of(text: &str) -> Stage {
        Stage::calling(text, Vec::new()).await
    }

    /// The same on a site that may call those destinations; `ada` is signed in.
    pub(super) async fn calling(text: &str, allow: Vec<String>) -> Stage {
        let survey = Survey::read(text).unwrap_or_else(|problems| panic!("{problems:#?}"));
        assert!(survey.is_publishable(), "{:?}", survey.problems);
        let site = TestSite::calling(allow);
        let ada = site.found("Northgate", "ada@example.org").await;
        let workspace = people::first_workspace(site.site()).await.unwrap();
        let text = text.to_owned();
        site.site()
            .system
            .write(move |tx| {
                tx.execute(
                    "insert into survey (workspace, id, slug, title, draft, draft_at, draft_by,
                                         version, state, created)
                     values (:workspace, :id, 'cereals', 'T', :text, 0, 'ada', 1, 'live', 0)",
                    named_params! { ":workspace": workspace, ":id": ID, ":text": text },
                )?;
                tx.execute(
                    "insert into survey_version (workspace, survey, version, text, note, at, by)
                     values (:workspace, :id, 1, :text, '', 0, 'ada')",
                    named_params! { ":workspace": workspace, ":id": ID, ":text": text },
                )?;
                Ok::<_, onsight::store::Error>(())
            })
            .await
            .unwrap();
        let file = project_file(workspace, ID);
        let db = site.site().files.open(&file).unwrap();
        Stage {
            file,
            stranger: site.stranger(),
            ada: Some(ada),
            slug: "cereals".to_owned(),
            db,
            site,
        }
    }

    pub(super) fn ada(&self) -> &Visitor {
        self.ada.as_ref().expect("signed in before a restart")
    }

    /// The same after the process ended and began again.
    pub(super) async fn restarted(self) -> Stage {
        let Stage {
            site,
            slug,
            db,
            stranger,
            ada,
            file: _,
        } = self;
        drop((db, stranger, ada));
        let site = site.restarted();
        let workspace = people::first_workspace(site.site()).await.unwrap();
        let file = project_file(workspace, ID);
        let db = site.site().files.open(&file).unwrap();
        Stage {
            file,
            stranger: site.stranger(),
            ada: None,
            slug,
            db,
            site,
        }
    }

    /// The workspace knows a supplier of that kind.
    pub(super) async fn supplier(&self, name: &str, (kind, secret): (&str, &str), ca: &str) {
        let site = self.site.site();
        let workspace = people::first_workspace(site).await.unwrap();
        let key = site.keyring.key_of("survey suppliers").unwrap().key;
        let secret = Secret::from(secret.to_owned());
        let sealed = seal(&key, workspace, (kind, name), &secret).unwrap();
        let (name, kind, ca) = (name.to_owned(), kind.to_owned(), ca.to_owned());
        site.system
            .write(move |tx| {
                tx.execute(
                    "insert into survey_supplier (workspace, name, kind, secret, ca, created,
                                                  created_by)
                     values (:workspace, :name, :kind, :secret, :ca, 0, 'ada')",
                    named_params! {
                        ":workspace": workspace, ":name": name, ":kind": kind, ":secret": sealed,
                        ":ca": ca,
                    },
                )?;
                Ok::<_, onsight::store::Error>(())
            })
            .await
            .unwrap();
    }

    /// A link for a supplier's respondents, open by `list=NUMBER`. `ends` are its exits
    /// and its postbacks, as JSON.
    pub(super) async fn link(&self, list: i64, supplier: &str, ends: (&str, &str)) {
        let site = self.site.site();
        let workspace = people::first_workspace(site).await.unwrap();
        let (supplier, ends) = (supplier.to_owned(), (ends.0.to_owned(), ends.1.to_owned()));
        site.system
            .write(move |tx| {
                tx.execute(
                    "insert into survey_link (workspace, survey, id, kind, name, exits, postbacks,
                                              supplier, list, created, created_by)
                     values (:workspace, :survey, :id, 'open', 'Wave 1', :exits, :postbacks,
                             :supplier, :list, 0, 'ada')",
                    named_params! {
                        ":workspace": workspace, ":survey": ID, ":id": format!("link-{list}"),
                        ":exits": ends.0, ":postbacks": ends.1, ":supplier": supplier,
                        ":list": list,
                    },
                )?;
                Ok::<_, onsight::store::Error>(())
            })
            .await
            .unwrap();
    }

    pub(super) async fn set_state(&self, state: &'static str) {
        let system = &self.site.site().system;
        system
            .write(move |tx| {
                tx.execute(
                    "update survey set state = :state",
                    named_params! { ":state": state },
                )?;
                Ok::<_, onsight::store::Error>(())
            })
            .await
            .unwrap();
    }

    /// Comes in by the survey's address. Gives the path of the way. Who is one of many
    /// and is asked to come back does, as the page would.
    pub(super) async fn begin(&self, query: &str) -> String {
        let lang = if query.contains("lang=de") {
            "de"
        } else {
            "en"
        };
        let (door, form) = (format!("/s/{}?{query}", self.slug), format!("lang={lang}"));
        let mut answer = self.stranger.post(&door, &form).await;
        while answer.status == 503 && answer.headers.contains_key(RETRY_AFTER) {
            tokio::time::sleep(Duration::from_millis(100)).await;
            answer = self.stranger.post(&door, &form).await;
        }
        assert_eq!(answer.status, 303, "{}", answer.text);
        answer.location().to_owned()
    }

    /// Sends the page that was shown with these fields.
    pub(super) async fn send(&self, way: &str, page: &Answer, fields: &str) -> Answer {
        self.stranger
            .post(way, &format!("{}&{fields}", page_of(page)))
            .await
    }

    /// The outcome, and every answer as a text: `variable`, or `variable@turn`; what is
    /// personal opened.
    pub(super) fn kept(&self, way: &str) -> (Option<String>, BTreeMap<String, String>) {
        let hash = hash_of(way);
        let vault = Vault::of(self.site.site(), &self.file).unwrap();
        self.db
            .read_now(move |conn| {
                let (id, outcome): (i64, Option<String>) = conn.query_row(
                    "select id, outcome from respondent where token_hash = :hash",
                    named_params! { ":hash": hash },
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )?;
                let mut list = conn.prepare(
                    "select variable, turn,
                            case typeof(value) when 'null' then '-' when 'blob' then ''
                              when 'real' then format('%.10g', value) else value end,
                            case typeof(value) when 'blob' then value end
                     from answer where respondent = :id",
                )?;
                let rows = list.query_map(named_params! { ":id": id }, |row| {
                    let (variable, turn): (String, u32) = (row.get(0)?, row.get(1)?);
                    let sealed: Option<Vec<u8>> = row.get(3)?;
                    let value = match sealed {
                        Some(sealed) => match vault.open_answer((id, &variable, turn), &sealed) {
                            Datum::Text(text) => text,
                            other => format!("{other:?}"),
                        },
                        None => row.get(2)?,
                    };
                    let name = match turn {
                        0 => variable,
                        turn => format!("{variable}@{turn}"),
                    };
                    Ok((name, value))
                })?;
                Ok::<_, onsight::store::Error>((outcome, rows.collect::<Result<_, _>>()?))
            })
            .unwrap()
    }

    /// The answers of that respondent that are not on the way.
    pub(super) fn off_path(&self, way: &str) -> Vec<String> {
        let hash = hash_of(way);
        self.texts(
            "select variable || '@' || turn from answer
             where off_path = 1 and respondent =
               (select id from respondent where token_hash = :hash)",
            Some(hash),
        )
    }

    pub(super) fn outcomes(&self) -> Vec<String> {
        self.texts(
            "select distinct outcome from respondent where outcome is not null",
            None,
        )
    }

    pub(super) fn texts(&self, sql: &'static str, hash: Option<Vec<u8>>) -> Vec<String> {
        self.db
            .read_now(move |conn| {
                let mut list = conn.prepare(sql)?;
                let read = |row: &onsight::store::Row<'_>| row.get(0);
                let rows: Result<Vec<String>, _> = match hash {
                    Some(hash) => list
                        .query_map(named_params! { ":hash": hash }, read)?
                        .collect(),
                    None => list.query_map(named_params! {}, read)?.collect(),
                };
                Ok::<_, onsight::store::Error>(rows?)
            })
            .unwrap()
    }
}

fn hash_of(way: &str) -> Vec<u8> {
    token::hash(way.rsplit('/').next().unwrap())
}
