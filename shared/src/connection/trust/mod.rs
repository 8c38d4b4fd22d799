//! The certificates that the function's TLS connections trust.
//!
//! AWS's endpoints in the partitions `aws` and `aws-us-gov` have certificates from five roots
//! (<https://www.amazontrust.com/repository/>). The roots are in the binary, because reading the machine's bundle of
//! more than a hundred certificates takes several milliseconds of a cold start. The machine's bundle is read only if a
//! region of another partition is called, and then only once.
//!
//! `AWS_CA_BUNDLE` names a file of certificates that replace them, as in the AWS CLI. Use it for VPC endpoints and
//! proxies with their own authority.
//!
//! Connections use the proxies that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name.

use std::{
    fs,
    sync::{Arc, OnceLock},
    time::Duration,
};

use aws_smithy_http_client::{
    Builder, Connector,
    proxy::ProxyConfig,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{HttpClient as _, SharedHttpClient, http_client_fn},
    runtime_components::RuntimeComponents,
};
use rustls::{
    RootCertStore,
    pki_types::{
        CertificateDer,
        pem::{self, SectionKind},
    },
};

use super::Region;
use crate::settings;

/// Amazon Root CA 1 to 4 and Starfield Services Root CA G2, as <https://www.amazontrust.com/repository/> publishes
/// them.
const AMAZON: &[u8] = include_bytes!("amazon.pem");

/// How long an idle connection is kept. Servers and the network drop idle connections silently, above all while a
/// function is frozen. A write on such a connection may have arrived, and is not sent again. A new connection takes a
/// few milliseconds.
const LONGEST_IDLE: Duration = Duration::from_secs(20);

/// The HTTP clients, one for each set of trusted certificates. All identities share a client's connections.
#[derive(Debug, Clone)]
pub(super) struct HttpClients {
    /// The client for regions of the partitions `aws` and `aws-us-gov`.
    amazon: SharedHttpClient,
    /// The client for other regions. It is made when the first of them is called.
    elsewhere: Arc<OnceLock<SharedHttpClient>>,
    /// The client for the function's own credentials. Lambda serves them at a local address that no proxy can reach.
    own_credentials: SharedHttpClient,
}

impl HttpClients {
    /// Makes the clients. Reads no file unless `AWS_CA_BUNDLE` is set.
    ///
    /// # Errors
    /// Returns an error if the bundle cannot be read or holds no usable certificate.
    pub(super) fn new(settings: &settings::Sdk) -> Result<Self, settings::Error> {
        let Some(path) = &settings.ca_bundle else {
            return Ok(Self {
                amazon: client(only(AMAZON), ProxyConfig::from_env()),
                elsewhere: Arc::default(),
                own_credentials: client(only(AMAZON), ProxyConfig::disabled()),
            });
        };
        let invalid =
            |problem: &str| settings::Error::new("AWS_CA_BUNDLE", path, format!("a bundle of certificates: {problem}"));
        let bundle = fs::read(path).map_err(|error| invalid(&error.to_string()))?;
        let bundle = usable(&bundle);
        if bundle.is_empty() {
            return Err(invalid("there is no certificate (PEM) in it"));
        }
        let trusts_bundle = client(only(&bundle), ProxyConfig::from_env());
        Ok(Self {
            amazon: trusts_bundle.clone(),
            elsewhere: Arc::new(trusts_bundle.into()),
            own_credentials: client(only(&bundle), ProxyConfig::disabled()),
        })
    }

    /// The client for calls to a region.
    pub(super) fn for_region(&self, region: &Region) -> &SharedHttpClient {
        if ["aws", "aws-us-gov"].contains(&region.partition()) {
            return &self.amazon;
        }
        self.elsewhere.get_or_init(|| client(TrustStore::default(), ProxyConfig::from_env()))
    }

    /// The client that fetches the function's own credentials.
    pub(super) fn for_own_credentials(&self) -> &SharedHttpClient {
        &self.own_credentials
    }
}

/// The SDK's HTTP client with these trusted certificates. It sets up TLS for the first request.
fn client(trusted: TrustStore, proxies: ProxyConfig) -> SharedHttpClient {
    let tls =
        TlsContext::builder().with_trust_store(trusted).build().expect("a context of a trust store alone is valid");
    let client = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder()
            .proxy_config(proxies.clone())
            .pool_idle_timeout(LONGEST_IDLE)
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(tls.clone());
        connector
            .set_connector_settings(settings.cloned())
            .set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        connector.build()
    });
    // The SDK checks a client's configuration by setting up TLS once more for each identity, and discards the result.
    // This client needs no such check.
    http_client_fn(move |settings, components| client.http_connector(settings, components))
}

/// Trust in these certificates (PEM) only.
fn only(certificates: &[u8]) -> TrustStore {
    TrustStore::empty().with_pem_certificate(certificates)
}

/// The certificates of a bundle (PEM) that TLS can use, as PEM. Bundles often hold other entries, and the SDK's client
/// panics on them.
fn usable(bundle: &[u8]) -> Vec<u8> {
    let is_usable = |der: Vec<u8>| RootCertStore::empty().add(CertificateDer::from(der)).is_ok();
    let (mut usable, mut rest) = (Vec::new(), bundle);
    while !rest.is_empty() {
        let before = rest;
        // `from_buf` removes what it has read from the beginning of `rest`, even if it is invalid.
        if let Ok(Some((SectionKind::Certificate, der))) = pem::from_buf(&mut rest)
            && is_usable(der)
        {
            usable.extend_from_slice(&before[..before.len() - rest.len()]);
        }
    }
    usable
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_STANDARD};
    use ring::digest::{SHA256, digest};
    use rustls::pki_types::pem::PemObject as _;

    use super::*;
    use crate::settings::Settings;

    /// The fingerprints that <https://www.amazontrust.com/repository/> publishes.
    const FINGERPRINTS: [&str; 5] = [
        "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
        "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
        "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
        "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
        "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
    ];

    fn certificates(bundle: &[u8]) -> Vec<CertificateDer<'static>> {
        CertificateDer::pem_slice_iter(bundle).collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn the_roots_are_the_ones_that_amazon_publishes() {
        let roots = certificates(AMAZON);
        let fingerprints: Vec<String> = roots.iter().map(|der| format!("{:?}", digest(&SHA256, der))).collect();
        assert_eq!(fingerprints, FINGERPRINTS.map(|hex| format!("SHA256:{hex}")));
        assert_eq!(certificates(&usable(AMAZON)), roots);
    }

    #[test]
    fn skips_bundle_entries_that_are_not_certificates() {
        let junk = "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n";
        let key = "-----BEGIN PRIVATE KEY-----\nbm90IG9uZQ==\n-----END PRIVATE KEY-----\n";
        for bundle in [junk, key, "", "-----BEGIN CERTIFICATE-----"] {
            assert!(usable(bundle.as_bytes()).is_empty(), "{bundle}");
        }
        let root = certificates(AMAZON).remove(0);
        let good = BASE64_STANDARD.encode(&root);
        let bundle = format!("{junk}-----BEGIN CERTIFICATE-----\n{good}\n-----END CERTIFICATE-----\n{key}{junk}");
        assert_eq!(certificates(&usable(bundle.as_bytes())), [root]);
    }

    #[test]
    fn other_partitions_have_other_roots() {
        let clients = HttpClients::new(&Settings::read(&|_| None).unwrap().sdk).unwrap();
        let region = |name| Region::parse(name).unwrap();
        let of = |name| std::ptr::eq(clients.for_region(&region(name)), &raw const clients.amazon);
        assert!(of("eu-west-1") && of("us-gov-west-1"));
        assert!(!of("cn-north-1") && !of("us-iso-east-1"));
    }
}
