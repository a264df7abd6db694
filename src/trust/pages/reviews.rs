//! Reviews of the logs: the digest of what is due, and those that were signed.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::base::Time;
use crate::site::Site;
use crate::trust::reviews::{self, Digest, Review, ReviewId};
use crate::trust::{actions, sql};
use crate::web::{Again, Done, Error, Faults, Page, Result, Shell, Viewer};

#[derive(Template)]
#[template(path = "trust/reviews.html")]
pub(super) struct ReviewsPage {
    shell: Shell,
    first: Time,
    last: Time,
    due: Option<Time>,
    is_due: bool,
    digest: Digest,
    done: Vec<Review>,
    notes: String,
    faults: Faults,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignForm {
    /// The end of the period that was on the page, in milliseconds.
    last: i64,
    notes: String,
}

async fn page(site: &Site, viewer: &Viewer, typed: (String, Faults)) -> Result<ReviewsPage> {
    let ((first, last), digest) = actions::looked(site).await?;
    let read = |conn: &crate::store::Connection| {
        let due = reviews::due(sql::reviewed(conn)?, sql::founded(conn)?);
        Ok::<_, crate::store::Error>((sql::reviews(conn)?, due))
    };
    let (done, due) = site.system.read(read).await?;
    let (notes, faults) = typed;
    Ok(ReviewsPage {
        shell: Shell::of(viewer, "security"),
        is_due: due.is_some_and(|due| due < last),
        first,
        last,
        due,
        digest,
        done,
        notes,
        faults,
    })
}

pub(super) async fn list(State(site): State<Site>, viewer: Viewer) -> Result<Page<ReviewsPage>> {
    let nothing = (String::new(), Faults::default());
    Ok(Page(page(&site, &viewer, nothing).await?))
}

pub(super) async fn sign(
    State(site): State<Site>,
    viewer: Viewer,
    Form(form): Form<SignForm>,
) -> Result<Response> {
    match reviews::notes(&form.notes) {
        Ok(notes) => {
            actions::sign(&site, &viewer, Time(form.last), notes).await?;
            let done =
                Done::to("/security/reviews").saying("Signed off; the next is due in 90 days");
            Ok(done.into_response())
        }
        Err(faults) => {
            let again = page(&site, &viewer, (form.notes, faults)).await?;
            Ok(Again(again).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "trust/review.html")]
pub(super) struct ReviewPage {
    shell: Shell,
    review: Review,
    digest: Digest,
}

pub(super) async fn show(
    State(site): State<Site>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<Page<ReviewPage>> {
    let id = ReviewId::parse(&id).ok_or(Error::NotFound)?;
    let review = site.system.read(move |conn| sql::review(conn, id)).await?;
    Ok(Page(ReviewPage {
        shell: Shell::of(&viewer, "security"),
        digest: review.digest.clone(),
        review,
    }))
}
