//! An HTTP server on axum that stops when its owner drops it.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::{
    Router,
    serve::{Listener, ListenerExt as _},
};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::error::StartError;

/// `127.0.0.1` with this port. With port 0 the system chooses one.
#[must_use]
pub fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// Listens at `address`. Returns the listener and the address at which this machine reaches it.
pub async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, reachable_address(address)))
}

/// Replaces the address "all interfaces" by loopback, because clients cannot connect to it on every system.
fn reachable_address(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
    }
    address
}

/// A running server.
///
/// Dropping it stops it: it accepts no more connections, closes idle ones and finishes the requests under way.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    _stop: DropGuard,
}

impl Server {
    /// Serves `router` at `address` over plain HTTP/1.1, on the current Tokio runtime.
    pub async fn start(address: SocketAddr, router: Router) -> Result<Self, StartError> {
        Self::start_knowing_address(address, |_| router).await
    }

    /// As [`Server::start`], with a router that depends on the address at which this machine reaches the server.
    pub async fn start_knowing_address(
        address: SocketAddr,
        router: impl FnOnce(SocketAddr) -> Router,
    ) -> Result<Self, StartError> {
        let (listener, address) = bind(address).await?;
        // Answers are small and the client waits for each: sending them at once matters more than full packets.
        let listener = listener.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        Ok(Self::with_listener(listener, address, router(address)))
    }

    /// Serves `router` on the connections of `listener`, for example TLS connections.
    ///
    /// `address` is what [`Server::address`] returns.
    pub fn with_listener<L: Listener<Addr: Send + std::fmt::Debug>>(
        listener: L,
        address: SocketAddr,
        router: Router,
    ) -> Self {
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(stopped).await });
        Self { address, _stop: stop.drop_guard() }
    }

    /// The address at which this machine reaches the server.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_server_on_all_interfaces_is_reached_on_loopback() {
        for (listens, reached) in
            [("0.0.0.0:8000", "127.0.0.1:8000"), ("[::]:8000", "[::1]:8000"), ("172.17.0.1:8000", "172.17.0.1:8000")]
        {
            assert_eq!(super::reachable_address(listens.parse().unwrap()).to_string(), reached);
        }
    }
}
