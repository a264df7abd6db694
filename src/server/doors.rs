//! The addresses that are listened on: everybody's, and the administrators' if
//! there is one. A socket that the service manager opened wins over an address.

use std::net::{SocketAddr, TcpListener};

use anyhow::{Context, bail};
use listenfd::ListenFd;

use crate::config::Config;

const BACKLOG: u32 = 4_096;
/// What the socket of the administrators' door is called (`FileDescriptorName=`).
const ADMIN: &str = "admin";

/// Bound, not yet opened.
pub struct Doors {
    pub(super) public: TcpListener,
    pub(super) admin: Option<TcpListener>,
}

impl Doors {
    /// Binds, so that a port in use is known before anything else.
    pub fn bind(config: &Config) -> anyhow::Result<Doors> {
        let handed = Handed::over()?;
        let admin = config.edges.admin_listen;
        Ok(Doors {
            public: match handed.public {
                Some(socket) => socket,
                None => bind(config.listen, "--listen")?,
            },
            admin: match (handed.admin, admin) {
                (Some(socket), _) => Some(socket),
                (None, Some(address)) => Some(bind(address, "listen under [admin]")?),
                (None, None) => None,
            },
        })
    }

    /// Everybody's, with the port that was given where any was asked for.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.public.local_addr()?)
    }

    pub fn admin_address(&self) -> anyhow::Result<Option<SocketAddr>> {
        let admin = self.admin.as_ref();
        Ok(admin.map(TcpListener::local_addr).transpose()?)
    }
}

/// Sockets that the service manager opened before us.
#[derive(Default)]
struct Handed {
    public: Option<TcpListener>,
    admin: Option<TcpListener>,
}

impl Handed {
    fn over() -> anyhow::Result<Handed> {
        // Taking the sockets takes their description out of the environment.
        let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
        let mut sockets = ListenFd::from_env();
        let names = by_door(&names, sockets.len())?;
        let mut take = |at: Option<usize>| -> anyhow::Result<Option<TcpListener>> {
            let Some(at) = at else { return Ok(None) };
            let socket = sockets
                .take_tcp_listener(at)
                .context("the service manager hands over what is no listening TCP socket: look at ListenStream= in onsight.socket")?;
            if let Some(socket) = &socket {
                socket.set_nonblocking(true)?;
            }
            Ok(socket)
        };
        Ok(Handed {
            public: take(names.public)?,
            admin: take(names.admin)?,
        })
    }
}

/// Which of the sockets belongs to which door.
#[derive(Debug, Default, PartialEq, Eq)]
struct Places {
    public: Option<usize>,
    admin: Option<usize>,
}

fn by_door(names: &str, sockets: usize) -> anyhow::Result<Places> {
    let mut names = names.split(':');
    let mut places = Places::default();
    for at in 0..sockets {
        let (place, door) = match names.next() {
            Some(ADMIN) => (&mut places.admin, "onsight-admin.socket"),
            _ => (&mut places.public, "onsight.socket"),
        };
        if place.replace(at).is_some() {
            bail!(
                "the service manager hands over two sockets for one door: leave one ListenStream= in {door}"
            );
        }
    }
    Ok(places)
}

fn bind(address: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        tokio::net::TcpSocket::new_v4()
    } else {
        tokio::net::TcpSocket::new_v6()
    }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address).with_context(|| {
        format!(
            "{address} cannot be listened on: is something else there? Name another with {setting}"
        )
    })?;
    Ok(socket.listen(BACKLOG)?.into_std()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_find_their_door_by_name() {
        let none = Places::default();
        assert_eq!(by_door("", 0).unwrap(), none);
        let public = Some(0);
        assert_eq!(
            by_door("", 1).unwrap(),
            Places {
                public,
                admin: None
            }
        );
        let places = by_door("admin:onsight.socket", 2).unwrap();
        assert_eq!((places.public, places.admin), (Some(1), Some(0)));
    }

    #[test]
    fn two_sockets_for_one_door_are_a_mistake_that_is_named() {
        let error = by_door("a:b", 2).unwrap_err().to_string();
        assert!(error.contains("onsight.socket"), "{error}");
        let error = by_door("admin:admin", 2).unwrap_err().to_string();
        assert!(error.contains("onsight-admin.socket"), "{error}");
    }
}
