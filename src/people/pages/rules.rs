//! What a workspace decides about signing in, and help for who lost a factor.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use crate::people::factors::Rules;
use crate::people::{actions, sql};
use crate::web::{self, Again, Done, Faults, Fields, Page, Result, Role, Shell, UserId, Viewer};

use super::People;

#[derive(Template)]
#[template(path = "people/rules.html")]
pub(super) struct RulesPage {
    shell: Shell,
    faults: Faults,
    roles: Vec<Role>,
    /// As typed.
    idle: String,
    longest: String,
}

pub(super) async fn show(State(people): State<People>, viewer: Viewer) -> Result<Page<RulesPage>> {
    let workspace = viewer.person.workspace;
    let rules = people
        .site
        .system
        .read(move |conn| sql::rules(conn, workspace))
        .await?;
    Ok(Page(RulesPage {
        shell: Shell::of(&viewer, "members"),
        faults: Faults::default(),
        roles: rules.roles,
        idle: rules.idle.to_string(),
        longest: rules.longest.to_string(),
    }))
}

fn parse(fields: &Fields) -> Result<Rules, Faults> {
    let mut faults = Faults::default();
    let mut number = |name: &str, from: i64, to: i64| {
        let typed = fields.get(name).unwrap_or_default().trim();
        let number = typed.parse().ok().filter(|n| (from..=to).contains(n));
        if number.is_none() {
            faults.add(name, format!("a whole number from {from} to {to}"));
        }
        number.unwrap_or(from)
    };
    let (idle, longest) = (number("idle", 5, 60), number("longest", 1, 24));
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Rules {
        idle,
        longest,
        roles: roles(fields),
    })
}

fn roles(fields: &Fields) -> Vec<Role> {
    let chosen: Vec<_> = fields.all("factor").filter_map(Role::named).collect();
    Rules::OPEN_ROLES
        .into_iter()
        .filter(|role| chosen.contains(role))
        .collect()
}

pub(super) async fn save(
    State(people): State<People>,
    viewer: Viewer,
    fields: Fields,
) -> Result<Response> {
    let faults = match parse(&fields) {
        Ok(rules) => {
            actions::set_rules(&people, &viewer, rules).await?;
            let done = Done::to("/sign-in-rules").saying("Rules saved; they hold at once");
            return Ok(done.into_response());
        }
        Err(faults) => faults,
    };
    let typed = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    Ok(Again(RulesPage {
        shell: Shell::of(&viewer, "members"),
        faults,
        roles: roles(&fields),
        idle: typed("idle"),
        longest: typed("longest"),
    })
    .into_response())
}

pub(super) async fn reset_factors(
    State(people): State<People>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Done> {
    let user = UserId::parse(&id).ok_or(web::Error::NotFound)?;
    let name = actions::reset_factors(&people, &viewer, user).await?;
    let said = format!("{name} has no second factor any more and is signed out everywhere");
    Ok(Done::to("/members").saying(said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stay_within_their_bounds() {
        let parse = |query: &str| parse(&Fields::parse(query));
        let rules = parse("idle=5&longest=24&factor=user&factor=admin&factor=x").unwrap();
        assert_eq!((rules.idle, rules.longest), (5, 24));
        assert_eq!(rules.roles, [Role::User]);
        for wrong in [
            "idle=4&longest=12",
            "idle=61&longest=12",
            "idle=15&longest=25",
            "",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
