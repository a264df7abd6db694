//! Which sockets the serving process listens on, from the kernel's own tables.

use std::collections::HashSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

/// The state of a socket that listens, as the tables write it.
const LISTENS: &str = "0A";

/// Every address that process listens on; `None` when that may not be seen.
pub(super) fn listening(process: &Path) -> Option<Vec<SocketAddr>> {
    let own = sockets(&process.join("fd"))?;
    let mut found = Vec::new();
    for table in ["net/tcp", "net/tcp6"] {
        // A machine without IPv6 has no second table.
        let Ok(text) = fs::read_to_string(process.join(table)) else {
            continue;
        };
        let listens = lines(&text).filter(|(_, inode)| own.contains(inode));
        found.extend(listens.map(|(address, _)| address));
    }
    found.sort();
    found.dedup();
    Some(found)
}

/// Numbers of the sockets a process has open.
fn sockets(folder: &Path) -> Option<HashSet<String>> {
    let open = fs::read_dir(folder).ok()?;
    let targets = open.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    let numbers = targets.filter_map(|target| {
        let text = target.to_str()?;
        let number = text.strip_prefix("socket:[")?.strip_suffix(']')?;
        Some(number.to_owned())
    });
    Some(numbers.collect())
}

/// The sockets of a table that listen: address, and number.
fn lines(table: &str) -> impl Iterator<Item = (SocketAddr, String)> {
    table.lines().skip(1).filter_map(|line| {
        let mut words = line.split_whitespace();
        let (local, state) = (words.nth(1)?, words.nth(1)?);
        let inode = words.nth(5)?;
        let address = address(local)?;
        (state == LISTENS).then(|| (address, inode.to_owned()))
    })
}

/// `0100007F:20FB` is 127.0.0.1:8443: words of four bytes, each written as the
/// machine keeps it.
fn address(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let mut bytes = Vec::with_capacity(16);
    for at in (0..address.len()).step_by(8) {
        let word = u32::from_str_radix(address.get(at..at + 8)?, 16).ok()?;
        bytes.extend(word.to_ne_bytes());
    }
    let address = match bytes.len() {
        4 => IpAddr::from(Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?)),
        16 => IpAddr::from(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?)),
        _ => return None,
    };
    Some(SocketAddr::new(address, port))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    const TCP: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:20FB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 100 0 0 10 0
   2: 0100007F:20FB 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0
";
    const TCP6: &str = "  sl  local_address rem_address st
   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  0 0 4714 1 0
";

    #[test]
    fn only_sockets_of_the_process_that_listen_count() {
        let folder = tempfile::tempdir().unwrap();
        let (fd, net) = (folder.path().join("fd"), folder.path().join("net"));
        fs::create_dir(&fd).unwrap();
        fs::create_dir(&net).unwrap();
        for (name, target) in [
            ("3", "socket:[4711]"),
            ("4", "socket:[4713]"),
            ("5", "socket:[4714]"),
            ("6", "/dev/null"),
        ] {
            symlink(target, fd.join(name)).unwrap();
        }
        fs::write(net.join("tcp"), TCP).unwrap();
        fs::write(net.join("tcp6"), TCP6).unwrap();

        let found = listening(folder.path()).unwrap();

        let said: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(said, ["127.0.0.1:8443", "[::1]:8080"]);
    }

    #[test]
    fn what_is_no_table_gives_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(listening(folder.path()), None);
        for wrong in [
            "",
            "x",
            "0100007F",
            "0100007F:XXXX",
            "01:20FB",
            "0100007:20FB",
        ] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
    }
}
