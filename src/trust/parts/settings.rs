//! The configuration without its secrets, and the hash of the whole of it.

use std::path::Path;

use serde_json::{Value, json};

use super::{About, Packing, Part};
use crate::base::Bound;
use crate::config::Config;
use crate::journal::{hex, sha256};
use crate::store::Error;
use crate::trust::masked;
use crate::trust::pack::Out;

pub(super) static KIND: Part = Part {
    about: About {
        title: "Configuration in effect; secrets are masked, the hash is of the file as it lies there",
        for_workspace: false,
        for_support: true,
        for_instance: true,
    },
    write: |packing, out| Box::pin(write(packing, out)),
};

async fn write(packing: &Packing, out: &mut Out) -> Result<(), Error> {
    let text = serde_json::to_vec_pretty(&told(&packing.site.config));
    let text = text.map_err(std::io::Error::other)?;
    let title = KIND.about.title;
    out.file("configuration.json", title, &text).await?;
    let Some(file) = &packing.site.config.file else {
        return Ok(());
    };
    let text = match std::fs::read_to_string(file) {
        Ok(text) => masked::toml(&text),
        Err(error) => format!("# {} cannot be read: {error}\n", file.display()),
    };
    let title = "The configuration file; secrets are masked";
    Ok(out.file("onsight.toml", title, text.as_bytes()).await?)
}

fn told(config: &Config) -> Value {
    let edges = &config.edges;
    let gate = |gate: &crate::config::Gate| {
        json!({
            "allow": gate.allow.to_string(),
            "client_ca": gate.client_ca.as_ref().map(|file| file.display().to_string()),
        })
    };
    let limits = Bound::ALL.map(|bound| (bound.name(), config.workspace.get(bound)));
    let file = config.file.as_deref();
    json!({
        "file": file.map(|file| file.display().to_string()),
        "file_sha256": file.and_then(digest),
        "data": config.data.display().to_string(),
        "listen": config.listen.to_string(),
        "names": config.names,
        "tls_cert": config.tls.as_ref().map(|tls| tls.cert.display().to_string()),
        "tls_key_file": config.tls.as_ref().map(|tls| tls.key.display().to_string()),
        "door": gate(&edges.gate),
        "admin_listen": edges.admin_listen.map(|address| address.to_string()),
        "admin_door": gate(&edges.admin_gate),
        "proxies": edges.proxies.to_string(),
        "url": edges.url.as_ref().map(|url| url.origin().to_owned()),
        "security_contact": edges.security_contact,
        "egress": config.allow,
        "workspace": limits.into_iter().collect::<std::collections::BTreeMap<_, _>>(),
    })
}

fn digest(file: &Path) -> Option<String> {
    std::fs::read(file).ok().map(|bytes| hex(&sha256(&bytes)))
}
