//! HTTP/1.1 for the SDK, which is what DynamoDB, STS and Secrets Manager speak: `hyper`'s pool of connections, `rustls`, and
//! the SDK's rules for what may be tried again.
//!
//! The SDK's own client (`aws-smithy-http-client`) cannot leave HTTP/2 out, which is a tenth of a function, and takes
//! certificates as PEM only, which takes longer to read than the rest of TLS to set up.

use std::{
    error::Error as StdError,
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        connection::{CaptureSmithyConnection, ConnectionMetadata},
        http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::body::SdkBody;
use http::Uri;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{
        self, Client,
        connect::{CaptureConnection, capture_connection},
    },
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tower_service::Service;

/// How long a connection may take to be made, TLS included: as in the SDK.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_millis(3_100);

/// An HTTP client: its pool of connections is for all who trust the same authorities.
#[derive(Clone)]
pub(super) struct Http(Client<Connect, SdkBody>);

impl Http {
    /// One that trusts these authorities, and is also for endpoints without TLS.
    pub(super) fn new(roots: RootCertStore) -> Self {
        let tls = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .expect("ring has cipher suites for TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut tcp = legacy::connect::HttpConnector::new();
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        let connect = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1();
        // Without the timer, what was idle for long would stay in the pool.
        let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).to_owned();
        Self(client.build(Connect(connect.wrap_connector(tcp))))
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").finish_non_exhaustive()
    }
}

impl HttpClient for Http {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Http {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        let connection = capture_connection(&mut request);
        if let Some(capture) = request.extensions().get::<CaptureSmithyConnection>() {
            capture.set_connection_retriever(move || metadata(&connection));
        }
        let response = self.0.request(request);
        HttpConnectorFuture::new(async move {
            let response = response.await.map_err(classify)?;
            HttpResponse::try_from(response.map(SdkBody::from_body_1_x))
                .map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// The connection that a request took, which the SDK closes after what looks like a broken one.
fn metadata(capture: &CaptureConnection) -> Option<ConnectionMetadata> {
    capture.connection_metadata().as_ref()?;
    let capture = capture.clone();
    let poison = move || {
        if let Some(connected) = capture.connection_metadata().as_ref() {
            connected.poison();
        }
    };
    Some(ConnectionMetadata::builder().proxied(false).poison_fn(poison).build())
}

/// Makes connections in time.
#[derive(Clone)]
struct Connect(HttpsConnector<legacy::connect::HttpConnector>);

impl Service<Uri> for Connect {
    type Response = <HttpsConnector<legacy::connect::HttpConnector> as Service<Uri>>::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.0.call(uri);
        Box::pin(async move {
            match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
                Ok(connected) => connected,
                Err(_) => Err(ConnectTimedOut.into()),
            }
        })
    }
}

/// No connection in time.
#[derive(Debug)]
struct ConnectTimedOut;

impl fmt::Display for ConnectTimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no connection after {CONNECT_TIMEOUT:?}")
    }
}

impl StdError for ConnectTimedOut {}

/// What the SDK is to make of a failure: what has to do with the connection may be tried again.
fn classify(error: legacy::Error) -> ConnectorError {
    if source::<ConnectTimedOut>(&error).is_some() {
        return ConnectorError::timeout(error.into());
    }
    let of_the_connection = error.is_connect()
        || source::<std::io::Error>(&error).is_some()
        || source::<hyper::Error>(&error)
            .is_some_and(|error| error.is_closed() || error.is_canceled() || error.is_incomplete_message());
    if of_the_connection { ConnectorError::io(error.into()) } else { ConnectorError::other(error.into(), None) }
}

/// The first of an error's causes that is of this kind.
fn source<'e, E: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e E> {
    std::iter::successors(Some(error), |&error| error.source()).find_map(|error| error.downcast_ref())
}
