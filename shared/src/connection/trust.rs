//! Whom TLS trusts: Amazon's own roots, which are read in no time, unless the environment names others.
//!
//! AWS's endpoints in the partitions `aws` and `aws-us-gov` chain to five roots
//! (<https://www.amazontrust.com/repository/>). Reading a machine's bundle of a hundred and more costs a cold start several
//! milliseconds, so it is done only where another partition is called, and then only once.
//!
//! `AWS_CA_BUNDLE` names a file of certificates to trust instead, as for the AWS CLI: for VPC endpoints and proxies with an
//! authority of their own. The machine's own bundle is a file, too.

use std::{env, fs};

use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector},
    runtime_components::RuntimeComponents,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use super::Region;
use crate::error::Error;

/// Amazon Root CA 1 to 4, and Starfield Services Root CA G2.
const AMAZON: &[u8] = include_bytes!("trust/amazon.pem");

/// The HTTP clients, by whom they trust; each one has a pool of connections for all identities.
#[derive(Debug, Clone)]
pub(super) struct HttpClients {
    /// For the regions of the partitions `aws` and `aws-us-gov`.
    amazon: SharedHttpClient,
    elsewhere: SharedHttpClient,
}

impl HttpClients {
    /// As `AWS_CA_BUNDLE` has it. No file is read where it is not set, until another partition is called.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when the file cannot be read, or holds no certificate.
    pub(super) fn from_env() -> Result<Self, Error> {
        let path = env::var("AWS_CA_BUNDLE").unwrap_or_default();
        if path.trim().is_empty() {
            let amazon = http_client(TrustStore::empty().with_pem_certificate(AMAZON))?;
            return Ok(Self { amazon, elsewhere: http_client(TrustStore::default())? });
        }
        let invalid = |problem: &str| Error::InvalidInput(format!("AWS_CA_BUNDLE: `{path}`: {problem}"));
        let pem = fs::read(path.trim()).map_err(|error| invalid(&error.to_string()))?;
        let bundle = bundle(&pem).ok_or_else(|| invalid("there is no certificate (PEM) in it"))?;
        let client = http_client(bundle)?;
        Ok(Self { amazon: client.clone(), elsewhere: client })
    }

    /// The one to call a region with.
    pub(super) fn for_region(&self, region: &Region) -> &SharedHttpClient {
        if ["aws", "aws-us-gov"].contains(&region.partition()) { &self.amazon } else { &self.elsewhere }
    }
}

fn http_client(trust_store: TrustStore) -> Result<SharedHttpClient, Error> {
    let context = TlsContext::builder()
        .with_trust_store(trust_store)
        .build()
        .map_err(|error| Error::Internal(format!("TLS cannot be set up: {error}")))?;
    let builder = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    Ok(SharedHttpClient::new(NotTried(builder.tls_context(context).build_https())))
}

/// An HTTP client that is not tried out before its first call. The SDK's own validation would make a connector, roots and
/// all, for settings that no call has, and so read the roots twice.
#[derive(Debug)]
struct NotTried(SharedHttpClient);

impl HttpClient for NotTried {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        self.0.http_connector(settings, components)
    }
}

/// The certificates of a bundle that are any good: a machine's often has some that are not. `None` where there are none.
fn bundle(pem: &[u8]) -> Option<TrustStore> {
    let mut good = RootCertStore::empty();
    let mut store = TrustStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem).flatten() {
        let text = BASE64_STANDARD.encode(&certificate);
        if good.add(certificate).is_ok() {
            store.add_pem_certificate(format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"));
        }
    }
    (!good.is_empty()).then_some(store)
}

#[cfg(test)]
mod tests {
    use ring::digest::{SHA256, digest};

    use super::*;

    /// As <https://www.amazontrust.com/repository/> publishes them.
    const FINGERPRINTS: [&str; 5] = [
        "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
        "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
        "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
        "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
        "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
    ];

    #[test]
    fn the_roots_are_the_ones_that_amazon_publishes() {
        let fingerprints: Vec<String> =
            CertificateDer::pem_slice_iter(AMAZON).map(|der| format!("{:?}", digest(&SHA256, &der.unwrap()))).collect();
        assert_eq!(fingerprints, FINGERPRINTS.map(|hex| format!("SHA256:{hex}")));
        assert!(bundle(AMAZON).is_some());
    }

    #[test]
    fn what_is_no_certificate_in_a_bundle_is_left_out() {
        let junk = "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n";
        assert!(bundle(junk.as_bytes()).is_none());
        assert!(bundle(b"").is_none());
        assert!(bundle(b"-----BEGIN CERTIFICATE-----").is_none());
        let with_good_ones = [junk.as_bytes(), AMAZON].concat();
        let store = bundle(&with_good_ones).unwrap();
        // What is trusted panics at its first use where it is not good.
        assert!(http_client(store).is_ok());
    }

    #[test]
    fn other_partitions_have_other_roots() {
        let clients = HttpClients::from_env().unwrap();
        let region = |name| Region::parse(name).unwrap();
        let of = |name| std::ptr::eq(clients.for_region(&region(name)), &raw const clients.amazon);
        assert!(of("eu-west-1") && of("us-gov-west-1"));
        assert!(!of("cn-north-1") && !of("us-iso-east-1"));
    }
}
