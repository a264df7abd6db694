//! Setting work on a file going.

use std::sync::Arc;

use bytes::Bytes;

use super::files::file_name;
use crate::base::text;
use crate::data::imports::draft::{Draft, Target};
use crate::data::imports::jobs::{Imports, Job, Work};
use crate::data::imports::keep;
use crate::data::imports::model::{Bringer, Error, Outcome, Stage, Upload, UploadId};
use crate::data::imports::order::Order;
use crate::data::imports::run::{self, Bringing, Wish};
use crate::data::imports::staging::{self, Contents, File};
use crate::web;

/// Starts to look at a file.
pub(in crate::data::imports) async fn look(
    imports: &Imports,
    upload: Upload,
    wish: Wish,
) -> Result<(), Error> {
    let running = imports.begin(upload.id, Work::Look)?;
    keep::stage(imports, upload.id, Stage::Looking, None).await?;
    tokio::spawn(run::look(imports.clone(), running, upload, wish));
    Ok(())
}

/// Starts to look for rows the draft would stumble over.
pub(in crate::data::imports) async fn check(
    imports: &Imports,
    upload: Upload,
    draft: Draft,
) -> Result<(), Error> {
    let running = imports.begin(upload.id, Work::Check)?;
    keep::draft(imports, upload.id, draft.clone()).await?;
    tokio::spawn(run::check(imports.clone(), running, upload, draft));
    Ok(())
}

/// Starts to bring the rows in.
pub(in crate::data::imports) async fn import(
    imports: &Imports,
    bringer: &Bringer,
    upload: Upload,
    draft: Draft,
    order: Order,
) -> Result<(), Error> {
    let running = imports.begin(upload.id, Work::Import)?;
    keep::draft(imports, upload.id, draft).await?;
    keep::stage(imports, upload.id, Stage::Importing, None).await?;
    let bringer = bringer.clone();
    stops_with(imports, &running.job, &bringer);
    tokio::spawn(run::import(
        imports.clone(),
        running,
        bringer,
        upload,
        order,
    ));
    Ok(())
}

/// The job stops when whoever it is for is shut out.
fn stops_with(imports: &Imports, job: &Arc<Job>, bringer: &Bringer) {
    let names = web::works_under(&bringer.actor);
    let told = imports.site().running.under(&names).told();
    let job = Arc::clone(job);
    tokio::spawn(async move {
        tokio::select! {
            () = told => job.cancel.cancel(),
            () = job.ended() => {}
        }
    });
}

/// Brings the rows of bytes at hand into a new table, on the settings that are
/// found: for samples, the command line and tests.
pub async fn import_bytes(
    imports: &Imports,
    bringer: &Bringer,
    name: &str,
    bytes: Bytes,
    table: &str,
) -> Result<Outcome, Error> {
    keep::sweep(imports, bringer.workspace, &bringer.db).await?;
    let file = File {
        name: file_name(name),
        len: bytes.len() as u64,
        bytes: Contents::Plain(bytes),
    };
    let job = Arc::new(Job::new(Work::Import));
    let noting = Arc::clone(&job);
    let look = file.clone().read(move |upload| {
        run::seen(upload, &Wish::default(), &mut |progress| {
            noting.note(progress)
        })
    });
    let seen = look.await?;
    let catalog = imports.data.catalog(bringer.workspace, &bringer.db).await?;
    let mut draft = Draft::new_table(&seen, name, &catalog.tables);
    if let Target::New { name, title, .. } = &mut draft.target {
        table.clone_into(name);
        *title = text::title(table);
    }
    let order = Order::parse(&draft, &catalog.tables).map_err(|faults| {
        let faults: Vec<&str> = faults.iter().map(|(_, fault)| fault).collect();
        Error::Unready(faults.join("; "))
    })?;
    let bringing = Bringing {
        imports,
        job: &job,
        bringer,
        order: Arc::new(order),
        staging: staging::table(UploadId::new(imports.site().clock.now())),
        upload: None,
    };
    bringing.all(file).await
}
