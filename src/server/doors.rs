//! The addresses that are listened on: everybody's, and the administrators' if
//! there is one.

use std::net::SocketAddr;

use anyhow::Context;

use crate::config::Config;

const BACKLOG: u32 = 4_096;

/// Bound, not yet opened.
pub struct Doors {
    pub(super) public: std::net::TcpListener,
    pub(super) admin: Option<std::net::TcpListener>,
}

impl Doors {
    /// Binds, so that a port in use is known before anything else.
    pub fn bind(config: &Config) -> anyhow::Result<Doors> {
        let admin = config.edges.admin_listen;
        Ok(Doors {
            public: bind(config.listen, "--listen")?,
            admin: admin
                .map(|address| bind(address, "listen under [admin]"))
                .transpose()?,
        })
    }

    /// Everybody's, with the port that was given where any was asked for.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.public.local_addr()?)
    }

    pub fn admin_address(&self) -> anyhow::Result<Option<SocketAddr>> {
        let admin = self.admin.as_ref();
        Ok(admin.map(std::net::TcpListener::local_addr).transpose()?)
    }
}

fn bind(address: SocketAddr, setting: &str) -> anyhow::Result<std::net::TcpListener> {
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
