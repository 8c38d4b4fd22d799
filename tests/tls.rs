//! The certificates that a function accepts. A DynamoDB behind TLS with its own authority shows it.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use serde_json::json;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

use crate::harness::Harness;

/// A certificate authority.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = authority.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(authority, key), pem }
    }

    fn certificate(&self, host: &str) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([host.to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap();
        (certificate.der().clone(), PrivateKeyDer::try_from(key.serialize_der()).unwrap())
    }

    /// Writes the authority's certificate to a file for `AWS_CA_BUNDLE`.
    fn bundle(&self) -> PathBuf {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.pem", Harness::key()));
        fs::write(&path, &self.pem).unwrap();
        path
    }
}

/// A TLS server that forwards everything to an address, which is set later. Dropping it stops the server.
struct TlsServer {
    port: u16,
    upstream: Arc<OnceLock<String>>,
    _connections: JoinSet<()>,
}

impl TlsServer {
    async fn with(certificate: (CertificateDer<'static>, PrivateKeyDer<'static>)) -> Self {
        let (certificate, key) = certificate;
        let config = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let upstream = Arc::<OnceLock<String>>::default();
        let address = Arc::clone(&upstream);
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut under_way = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, address) = (acceptor.clone(), Arc::clone(&address));
                under_way.spawn(async move {
                    // A client that rejects the certificate closes the connection.
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    let mut upstream = TcpStream::connect(address.get().unwrap()).await.unwrap();
                    let _ = copy_bidirectional(&mut stream, &mut upstream).await;
                });
            }
        });
        Self { port, upstream, _connections: connections }
    }

    /// A harness whose functions call DynamoDB through this server and trust the bundle.
    async fn harness(&self, bundle: Option<PathBuf>) -> Harness {
        let harness = Harness::with(|builder| {
            let url = format!("https://localhost:{}", self.port);
            let builder = builder.dynamodb(&url).env("AWS_MAX_ATTEMPTS", "1").timeout(Duration::from_secs(10));
            match bundle {
                Some(path) => builder.env("AWS_CA_BUNDLE", path.to_str().unwrap()),
                None => builder,
            }
        })
        .await;
        self.upstream.set(harness.proxy().url().trim_start_matches("http://").to_owned()).unwrap();
        harness
    }
}

fn get() -> serde_json::Value {
    json!({"tableName": "Tab", "key": {"id": "a"}})
}

#[tokio::test]
async fn a_certificate_from_the_bundle_is_accepted_with_one_handshake_before_the_first_event() {
    let authority = Authority::new();
    let server = TlsServer::with(authority.certificate("localhost")).await;
    let harness = server.harness(Some(authority.bundle())).await;
    harness.table("Tab", false).await;
    harness.proxy().take_seen();
    let before = harness.proxy().warm_ups().len();
    assert_eq!(harness.ok("get-item", get()).await["data"]["found"], false);
    assert_eq!(harness.ok("get-item", get()).await["data"]["found"], false);
    let warm_ups = harness.proxy().warm_ups().split_off(before);
    assert_eq!(warm_ups.len(), 1);
    let calls = harness.proxy().take_seen();
    assert_eq!(calls.len(), 2);
    assert!(
        calls.iter().all(|call| call.connection == warm_ups[0].connection),
        "one handshake, before the first event"
    );
}

#[tokio::test]
async fn a_certificate_from_another_authority_is_refused() {
    let server = TlsServer::with(Authority::new().certificate("localhost")).await;
    let harness = server.harness(Some(Authority::new().bundle())).await;
    harness.refuses("get-item", get(), "ConnectionFailed", &["no connection", "certificate"]).await;
    assert_eq!(harness.proxy().warm_ups().len(), 0);
}

#[tokio::test]
async fn without_a_bundle_only_amazons_certificates_are_accepted() {
    let server = TlsServer::with(Authority::new().certificate("localhost")).await;
    let harness = server.harness(None).await;
    harness.refuses("get-item", get(), "ConnectionFailed", &["no connection", "certificate"]).await;
}

#[tokio::test]
async fn a_certificate_of_another_host_is_refused() {
    let authority = Authority::new();
    let server = TlsServer::with(authority.certificate("elsewhere.example")).await;
    let harness = server.harness(Some(authority.bundle())).await;
    harness.refuses("get-item", get(), "ConnectionFailed", &["no connection", "certificate"]).await;
}
