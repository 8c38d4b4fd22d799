//! TLS on loopback, with an authority of its own.

use std::{io, net::SocketAddr, sync::Arc};

use axum::serve::Listener;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// A server's configuration, with the certificate of the authority that clients must trust.
pub(super) struct Tls {
    /// The authority's certificate in PEM.
    pub(super) authority: String,
    config: Arc<ServerConfig>,
}

impl Tls {
    /// Makes an authority and has it sign a certificate for `host`: a name or an IP address.
    pub(super) fn new(host: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let authority_key = KeyPair::generate()?;
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // OpenSSL takes a certificate whose issuer has the same name for self-signed.
        authority.distinguished_name.push(DnType::CommonName, "authority of the benches");
        let pem = authority.self_signed(&authority_key)?.pem();
        let issuer = Issuer::new(authority, authority_key);
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new([host.to_owned()])?.signed_by(&key, &issuer)?;
        let config = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der())?)?;
        Ok(Self { authority: pem, config: config.into() })
    }

    /// Accepts TLS connections on `listener`.
    pub(super) fn listener(&self, listener: TcpListener) -> TlsListener {
        TlsListener { listener, acceptor: Arc::clone(&self.config).into(), handshakes: JoinSet::new() }
    }
}

/// Accepts connections and returns each when its handshake is done. Handshakes do not wait for each other.
pub(super) struct TlsListener {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    handshakes: JoinSet<io::Result<(TlsStream<TcpStream>, SocketAddr)>>,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            tokio::select! {
                (stream, address) = Listener::accept(&mut self.listener) => {
                    let acceptor = self.acceptor.clone();
                    self.handshakes.spawn(async move {
                        stream.set_nodelay(true)?;
                        Ok((acceptor.accept(stream).await?, address))
                    });
                }
                // A client that does not trust the authority closes the connection. That is an error of the client.
                Some(Ok(Ok(connection))) = self.handshakes.join_next() => return connection,
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
