//! Which addresses a name stands for. Asked in Rust: the C library's way loads
//! the host's modules, and a static program that does so can crash.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::config::{ResolveHosts, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::{Hosts, TokioResolver};

use super::Error;
use super::address::plain;

/// All addresses of the name: from `/etc/hosts`, else from the name servers in
/// `/etc/resolv.conf`. Nothing is remembered: both are asked each time, so that
/// what was checked is what is connected to.
pub(super) async fn addresses(name: &str) -> Result<Vec<IpAddr>, Error> {
    let hosts = Arc::new(Hosts::from_system().unwrap_or_default());
    let resolver =
        resolver(Arc::clone(&hosts)).map_err(|error| Error::NoNames(error.to_string()))?;
    // The dot at the end: the name as it is written, and no search list.
    let found = resolver.lookup_ip(format!("{name}.")).await;
    let mut addresses: Vec<IpAddr> = match found {
        Ok(found) => found.iter().map(plain).collect(),
        Err(error) => return Err(unknown(name, &error.to_string())),
    };
    addresses.sort_unstable();
    addresses.dedup();
    if addresses.is_empty() {
        return Err(unknown(name, "it has no address"));
    }
    Ok(addresses)
}

fn unknown(name: &str, why: &str) -> Error {
    Error::UnknownName {
        name: name.to_owned(),
        why: why.to_owned(),
    }
}

fn resolver(hosts: Arc<Hosts>) -> io::Result<TokioResolver> {
    let read = hickory_resolver::system_conf::read_system_conf();
    // A machine without name servers still has its hosts file.
    let (config, mut options) = read.unwrap_or_else(|_none| {
        (
            ResolverConfig::from_name_servers(Vec::new()),
            ResolverOpts::default(),
        )
    });
    options.use_hosts_file = ResolveHosts::Always;
    options.cache_size = 0;
    options.timeout = Duration::from_secs(3);
    options.attempts = 2;
    let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
    let mut resolver = builder
        .with_options(options)
        .build()
        .map_err(io::Error::other)?;
    resolver.set_hosts(hosts);
    Ok(resolver)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn this_machine_and_its_hosts_file_are_known_without_a_name_server() {
        let here = addresses("localhost").await.unwrap();
        assert!(here.iter().all(IpAddr::is_loopback), "{here:?}");

        let hosts = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
        let lines = hosts
            .lines()
            .map(|line| line.split('#').next().unwrap_or(""));
        for line in lines {
            let mut words = line.split_whitespace();
            let (Some(address), Some(name)) = (words.next(), words.next()) else {
                continue;
            };
            if let Ok(address) = address.parse::<IpAddr>() {
                let found = addresses(name).await.unwrap();
                assert!(
                    !found.is_empty() && (found.contains(&address) || name == "localhost"),
                    "{name}"
                );
            }
        }
    }

    #[tokio::test]
    async fn an_unknown_name_is_named_in_the_answer() {
        let error = addresses("nobody.invalid").await.unwrap_err().to_string();
        assert!(error.contains("nobody.invalid"), "{error}");
    }
}
