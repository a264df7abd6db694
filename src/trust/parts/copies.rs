//! Points, restore tests, holds and the ledger of what was destroyed.

use serde_json::{Value, json};

use super::{About, Packing, Part};
use crate::backup::{self, Standing};
use crate::base::Time;
use crate::journal::hex;
use crate::store::Error;
use crate::trust::pack::Out;
use crate::trust::table::table;

pub(super) static KIND: Part = Part {
    about: About {
        title: "Backups: points of the period, restore tests with their signed reports, holds, what was destroyed",
        for_workspace: false,
        for_support: false,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(packing: &Packing, out: &mut Out) -> Result<(), Error> {
    let standing = backup::standing(&packing.site).await;
    let standing = standing.map_err(std::io::Error::other)?;
    let is_in = |at: Time| at >= packing.from && at < packing.to;
    let points = standing.points.iter().filter(|point| is_in(point.began));
    let lines = points.map(|point| {
        [
            point.id.clone(),
            point.began.rfc3339(),
            point.state.name().to_owned(),
            point.bytes.to_string(),
            point.stored.to_string(),
            point.copies.join("; "),
            point.fault.clone().unwrap_or_default(),
        ]
    });
    let heading = ["point", "began", "state", "bytes", "stored", "copies", "fault"];
    let title = KIND.about.title;
    out.file("backup-points.csv", title, &table(heading, lines)).await?;
    let text = serde_json::to_vec_pretty(&told(&standing, is_in));
    let text = text.map_err(std::io::Error::other)?;
    Ok(out.file("backup-proofs.json", title, &text).await?)
}

fn told(standing: &Standing, is_in: impl Fn(Time) -> bool) -> Value {
    let tests = standing.tests.iter().filter(|test| is_in(test.at));
    let tests = tests.map(|test| {
        json!({
            "at": test.at.rfc3339(),
            "point": test.point,
            "destination": test.destination,
            "fault": test.fault,
            "report": test.report,
            "signature": hex(&test.signature),
        })
    });
    let destroyed = standing.ledger.iter().filter(|line| is_in(line.at));
    let destroyed = destroyed.map(|line| {
        json!({
            "at": line.at.rfc3339(),
            "point": line.point,
            "made": line.made.rfc3339(),
            "destination": line.destination,
            "why": line.why,
        })
    });
    let holds = standing.holds.iter().map(|hold| {
        json!({
            "reason": hold.reason,
            "point": hold.point,
            "opened": hold.opened.rfc3339(),
            "review": hold.review.rfc3339(),
            "released": hold.released.as_ref().map(|(at, _)| at.rfc3339()),
        })
    });
    json!({
        "restore_tests": tests.collect::<Vec<_>>(),
        "destroyed": destroyed.collect::<Vec<_>>(),
        "holds": holds.collect::<Vec<_>>(),
    })
}
