//! What stands before every route: who may pass, and where who may not is sent.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::access::{Access, Inside, Right, Viewer, is_in_scope};
use super::error::Failure;
use super::surface::Door;
use super::{Error, kept};
use crate::journal::Via;

pub(super) async fn guard(access: Access, request: Request, next: Next) -> Response {
    if !Door::of(request.extensions()).opens(access.surface()) {
        return Error::NotFound.into_response();
    }
    let (mut parts, body) = request.into_parts();
    let is_in_scope = match access {
        Access::Key(_) => is_in_scope(&mut parts).await,
        _ => true,
    };
    let request = Request::from_parts(parts, body);
    let viewer = request.extensions().get::<Viewer>().cloned();
    let error = match verdict(access, viewer.as_ref(), is_in_scope) {
        Ok(()) => {
            let mut response = next.run(kept::restore(request, viewer.as_ref())).await;
            if viewer.is_some() {
                response.extensions_mut().insert(Inside);
            }
            return response;
        }
        Err(error) => error,
    };
    let comes_back = matches!(error, Error::Locked | Error::Unsure);
    let mut response = error.into_response();
    // What was typed is still there after the detour.
    if let Some(viewer) = viewer.filter(|_| comes_back) {
        let kept = kept::keep(request, &viewer).await;
        if let Some(failure) = response.extensions_mut().get_mut::<Failure>() {
            failure.kept = kept;
        }
    }
    response
}

/// `is_in_scope`: a key that names apps names the one asked for.
fn verdict(access: Access, viewer: Option<&Viewer>, is_in_scope: bool) -> Result<(), Error> {
    if access.is_public() {
        return Ok(());
    }
    let by_key = |viewer: &&Viewer| viewer.person.via == Via::Api;
    if let Access::Key(right) | Access::KeyByBody(right) = access {
        // A page's session is no key.
        let program = viewer.filter(by_key).ok_or(Error::NoKey)?;
        allow(program, right)?;
        return is_in_scope.then_some(()).ok_or(Error::OtherApps);
    }
    // A key opens no page.
    let viewer = viewer
        .filter(|viewer| !by_key(viewer))
        .ok_or(Error::SignIn)?;
    if access == Access::Session {
        return Ok(());
    }
    if viewer.standing.is_locked {
        return Err(Error::Locked);
    }
    let is_own = matches!(access, Access::Own | Access::OwnFresh);
    if viewer.standing.owes_factor && !is_own {
        return Err(Error::OwesFactor);
    }
    if let Access::Needs(right) | Access::Fresh(right) = access {
        allow(viewer, right)?;
    }
    let must_be_sure = matches!(access, Access::Fresh(_) | Access::OwnFresh);
    if must_be_sure && !viewer.standing.is_fresh {
        return Err(Error::Unsure);
    }
    Ok(())
}

fn allow(viewer: &Viewer, right: Right) -> Result<(), Error> {
    if viewer.may(right) {
        Ok(())
    } else if viewer.person.is_outside() && right != Right::Operate {
        Err(Error::Outside)
    } else {
        Err(Error::Forbidden)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::base::Time;
    use crate::web::{Person, Role, Standing, UserId, Whereabouts, WorkspaceId};

    fn viewer(role: Role, standing: Standing) -> Viewer {
        Viewer {
            person: Arc::new(Person {
                id: UserId::new(Time(0)),
                name: "Ada".to_owned(),
                email: "ada@example.org".to_owned(),
                role,
                operator: false,
                workspace: WorkspaceId::new(Time(0)),
                workspace_name: "Northgate".to_owned(),
                via: Via::Web,
                groups: Vec::new(),
                attributes: BTreeMap::new(),
                whereabouts: Whereabouts::default(),
            }),
            standing,
            address: [127, 0, 0, 1].into(),
            door: Door::default(),
            seen: Arc::default(),
            toast: None,
        }
    }

    fn answer(access: Access, role: Role, standing: Standing) -> String {
        match verdict(access, Some(&viewer(role, standing)), true) {
            Ok(()) => "in".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_locked_session_opens_its_lock_screen_and_nothing_else() {
        let locked = Standing {
            is_locked: true,
            is_fresh: true,
            ..Standing::default()
        };
        assert_eq!(answer(Access::Session, Role::Admin, locked), "in");
        for access in [
            Access::SignedIn,
            Access::Own,
            Access::OwnFresh,
            Access::Needs(Right::UseApps),
            Access::Fresh(Right::UseApps),
        ] {
            assert!(answer(access, Role::Admin, locked).contains("locked"));
        }
    }

    #[test]
    fn who_owes_a_factor_reaches_their_account_only() {
        let owing = Standing {
            owes_factor: true,
            is_fresh: true,
            ..Standing::default()
        };
        for access in [Access::Session, Access::Own, Access::OwnFresh] {
            assert_eq!(answer(access, Role::Admin, owing), "in");
        }
        for access in [Access::SignedIn, Access::Needs(Right::ReadAudit)] {
            assert!(answer(access, Role::Admin, owing).contains("second factor"));
        }
    }

    #[test]
    fn the_right_is_asked_for_before_the_proof() {
        let settled = Standing::default();
        let export = Access::Fresh(Right::Build);
        assert!(answer(export, Role::User, settled).contains("not yours"));
        assert!(answer(export, Role::Builder, settled).contains("confirm"));
        let fresh = Standing {
            is_fresh: true,
            ..settled
        };
        assert_eq!(answer(export, Role::Builder, fresh), "in");
    }
}
