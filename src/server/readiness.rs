//! What the service manager is told: that people can come in, and that it ends.

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

/// Where the service manager listens, when there is one.
const SOCKET: &str = "NOTIFY_SOCKET";

/// The doors are open and everything behind them is up to date.
pub fn ready() {
    tell("READY=1");
}

/// Nobody new comes in; what is under way is finished.
pub(super) fn stopping() {
    tell("STOPPING=1");
}

fn tell(words: &str) {
    let Some(socket) = std::env::var_os(SOCKET) else {
        return;
    };
    if let Err(error) = send(&socket.to_string_lossy(), words) {
        tracing::warn!("the service manager cannot be told {words}: {error}");
    }
}

fn send(socket: &str, words: &str) -> io::Result<()> {
    let address = match socket.strip_prefix('@') {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(socket)?,
    };
    UnixDatagram::unbound()?.send_to_addr(words.as_bytes(), &address)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_at_a_path_and_at_an_abstract_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let name = format!("onsight-test-{}", std::process::id());
        let manager = [
            SocketAddr::from_pathname(&path).unwrap(),
            SocketAddr::from_abstract_name(&name).unwrap(),
        ];
        let told = [path.display().to_string(), format!("@{name}")];
        for (address, socket) in manager.iter().zip(told) {
            let manager = UnixDatagram::bind_addr(address).unwrap();
            send(&socket, "READY=1").unwrap();
            let mut heard = [0; 32];
            let length = manager.recv(&mut heard).unwrap();
            assert_eq!(&heard[..length], b"READY=1");
        }
    }

    #[test]
    fn a_manager_that_is_gone_is_an_error_and_no_end() {
        assert!(send("/nowhere/notify", "READY=1").is_err());
    }
}
