//! How every check stands now.

use serde_json::{Value, json};

use super::{About, Packing, Part, Purpose};
use crate::store::Error;
use crate::trust::finding::Found;
use crate::trust::masked::Names;
use crate::trust::pack::Out;

pub(super) static KIND: Part = Part {
    about: About {
        title: "Findings now: each check, how it stands, what to do",
        for_workspace: true,
        for_support: true,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(packing: &Packing, out: &mut Out) -> Result<(), Error> {
    let names = match packing.purpose {
        Purpose::Support => Some(Names::of(&packing.site).await?),
        _ => None,
    };
    let found = packing.found.iter();
    let found = found.map(|found| told(found, packing.purpose, names.as_ref()));
    let text = json!({
        "at": packing.site.clock.now().rfc3339(),
        "findings": found.collect::<Vec<_>>(),
    });
    let text = serde_json::to_vec_pretty(&text).map_err(std::io::Error::other)?;
    Ok(out.file("findings.json", KIND.about.title, &text).await?)
}

/// One finding. What a workspace's admin may show tells nothing of the host, and
/// nothing of others.
fn told(found: &Found, purpose: Purpose, names: Option<&Names>) -> Value {
    let (about, finding) = (&found.about, &found.finding);
    let mut told = json!({
        "check": about.name,
        "title": about.title,
        "promises": about.promises,
        "level": finding.level.name(),
    });
    if !matches!(purpose, Purpose::Workspace(_)) {
        let hide = |text: &str| names.map_or_else(|| text.to_owned(), |names| names.hide(text));
        told["looked_at"] = about.looks_at.into();
        told["said"] = hide(&finding.said).into();
        told["todo"] = hide(&finding.todo).into();
    }
    told
}
