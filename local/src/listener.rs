//! An HTTP server, on loopback unless told otherwise, which ends when its owner drops it.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::{Router, serve::ListenerExt};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::error::StartError;

/// 127.0.0.1 at `port`; 0 lets the system choose.
pub(crate) fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// Listens at `address`, and tells where this machine reaches it.
pub(crate) async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, reached_at(address)))
}

/// Where this machine reaches what listens at `address`: all addresses at once are none to call.
fn reached_at(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
    }
    address
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    _stop: DropGuard,
}

impl Server {
    /// Serves `router` at `address` until the server is dropped: then no connection is accepted any more, idle ones
    /// are closed, and a request already under way is answered.
    pub(crate) async fn start(address: SocketAddr, router: Router) -> Result<Self, StartError> {
        let (listener, address) = bind(address).await?;
        // Answers are small and each is waited for.
        let listener = listener.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(stopped).await });
        Ok(Self { address, _stop: stop.drop_guard() })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

#[cfg(test)]
pub(crate) mod tests {
    //! The least HTTP client, for the tests of the servers here.

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    #[test]
    fn what_listens_everywhere_is_called_on_loopback() {
        for (listens, called) in
            [("0.0.0.0:8000", "127.0.0.1:8000"), ("[::]:8000", "[::1]:8000"), ("172.17.0.1:8000", "172.17.0.1:8000")]
        {
            assert_eq!(super::reached_at(listens.parse().unwrap()).to_string(), called);
        }
    }

    /// Sends one request on a connection of its own and returns the whole answer.
    pub(crate) async fn send(url: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> String {
        let host = url.trim_start_matches("http://");
        let length = body.len().to_string();
        let fixed = [("host", host), ("connection", "close"), ("content-length", &length)];
        let headers: String =
            fixed.iter().chain(headers).map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect();
        let request = format!("{method} {path} HTTP/1.1\r\n{headers}\r\n");
        let mut connection = TcpStream::connect(host).await.unwrap();
        connection.write_all(request.as_bytes()).await.unwrap();
        connection.write_all(body).await.unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).await.unwrap();
        String::from_utf8(answer).unwrap()
    }

    pub(crate) async fn post(url: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> String {
        send(url, "POST", path, headers, body).await
    }

    pub(crate) fn status_and_body(answer: &str) -> (u16, String) {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    pub(crate) fn header(answer: &str, name: &str) -> Option<String> {
        let (head, _) = answer.split_once("\r\n\r\n").unwrap();
        head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }
}
