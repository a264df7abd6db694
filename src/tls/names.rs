//! What this host is called, without asking any name service.

use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;

/// Names and addresses a browser may reach this host by: its own name, the
/// names `/etc/hosts` gives it, `localhost`, the addresses of its interfaces,
/// and those the operator adds.
pub fn host_names(added: &[String]) -> Vec<String> {
    let mut names = BTreeSet::from(["localhost".to_owned()]);
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = host.trim().to_ascii_lowercase();
    let hosts = fs::read_to_string("/etc/hosts").unwrap_or_default();
    if is_name(&host) {
        names.extend(aliases(&hosts, &host));
        names.insert(host);
    }
    names.extend(addresses().map(|address| address.to_string()));
    names.extend(added.iter().map(|name| name.to_ascii_lowercase()));
    names.into_iter().collect()
}

/// The names that share a line of `/etc/hosts` with the host's own.
fn aliases(hosts: &str, host: &str) -> Vec<String> {
    let lines = hosts
        .lines()
        .map(|line| line.split('#').next().unwrap_or(""));
    lines
        .map(|line| {
            let words = line.split_whitespace().skip(1);
            words.map(str::to_ascii_lowercase).collect::<Vec<_>>()
        })
        .filter(|names| names.iter().any(|name| name == host))
        .flatten()
        .filter(|name| is_name(name))
        .collect()
}

fn is_name(name: &str) -> bool {
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    !name.is_empty() && name.len() <= 253 && name.chars().all(fine)
}

fn addresses() -> impl Iterator<Item = IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let own = interfaces.into_iter().map(|interface| interface.ip());
    let reachable = own.filter(|address| match address {
        IpAddr::V4(_) => true,
        // An address with a zone cannot stand in a certificate.
        IpAddr::V6(address) => !address.is_unicast_link_local(),
    });
    let loopback = [
        IpAddr::from([127, 0, 0, 1]),
        IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
    ];
    reachable.chain(loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_full_name_is_found_beside_the_short_one() {
        let hosts = "127.0.0.1 localhost\n10.0.0.7 box.corp.example box # ours\n";
        assert_eq!(aliases(hosts, "box"), ["box.corp.example", "box"]);
    }
}
