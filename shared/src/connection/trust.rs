//! Whom TLS trusts: Amazon's own roots, which are read in no time, unless the environment names others.
//!
//! AWS's endpoints in the partitions `aws` and `aws-us-gov` chain to five roots
//! (<https://www.amazontrust.com/repository/>). Reading a machine's bundle of a hundred and more costs a cold start several
//! milliseconds, so it is done only where another partition is called, and then only once.
//!
//! `AWS_CA_BUNDLE` names a file of certificates to trust instead, as for the AWS CLI: for VPC endpoints and proxies with an
//! authority of their own. The machine's own bundle is a file, too.

use std::{
    fs,
    sync::{Arc, OnceLock},
};

use aws_smithy_runtime_api::{client::http::SharedHttpClient, shared::IntoShared as _};
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

use super::{Region, http::Http};
use crate::{error::Error, setting};

/// Amazon Root CA 1 to 4, and Starfield Services Root CA G2.
const AMAZON: [&[u8]; 5] = [
    include_bytes!("trust/amazon-root-ca-1.der"),
    include_bytes!("trust/amazon-root-ca-2.der"),
    include_bytes!("trust/amazon-root-ca-3.der"),
    include_bytes!("trust/amazon-root-ca-4.der"),
    include_bytes!("trust/starfield-services-root-ca-g2.der"),
];

/// The HTTP clients, by whom they trust; each one has a pool of connections for all identities.
#[derive(Debug, Clone)]
pub(super) struct HttpClients {
    /// For the regions of the partitions `aws` and `aws-us-gov`.
    amazon: SharedHttpClient,
    /// For the others, once one is called.
    elsewhere: Arc<OnceLock<SharedHttpClient>>,
}

impl HttpClients {
    /// As `AWS_CA_BUNDLE` has it. No file is read where it is not set, until another partition is called.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when the file cannot be read, or holds no certificate.
    pub(super) fn from_env() -> Result<Self, Error> {
        let Some(path) = setting::text("AWS_CA_BUNDLE") else {
            let amazon = Http::new(parsable(AMAZON.map(CertificateDer::from)));
            return Ok(Self { amazon: amazon.into_shared(), elsewhere: Arc::default() });
        };
        let invalid = |problem: &str| Error::event(format!("AWS_CA_BUNDLE: `{path}`: {problem}"));
        let pem = fs::read(&path).map_err(|error| invalid(&error.to_string()))?;
        let bundle = bundle(&pem).ok_or_else(|| invalid("there is no certificate (PEM) in it"))?;
        let client: SharedHttpClient = Http::new(bundle).into_shared();
        Ok(Self { amazon: client.clone(), elsewhere: Arc::new(client.into()) })
    }

    /// The one that trusts Amazon, or `AWS_CA_BUNDLE`.
    pub(super) fn amazon(&self) -> &SharedHttpClient {
        &self.amazon
    }

    /// The one to call a region with.
    pub(super) fn for_region(&self, region: &Region) -> &SharedHttpClient {
        if ["aws", "aws-us-gov"].contains(&region.partition()) {
            return &self.amazon;
        }
        self.elsewhere.get_or_init(|| {
            // Where there are none, or none that is any good, no connection is made, and its error says whom nobody trusts.
            Http::new(parsable(rustls_native_certs::load_native_certs().certs)).into_shared()
        })
    }
}

/// The certificates that are any good: a machine's bundle often has some that are not.
fn parsable<'d>(certificates: impl IntoIterator<Item = CertificateDer<'d>>) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates);
    roots
}

/// The certificates of a bundle (PEM). `None` where there are none that are any good.
fn bundle(pem: &[u8]) -> Option<RootCertStore> {
    let roots = parsable(CertificateDer::pem_slice_iter(pem).flatten());
    (!roots.is_empty()).then_some(roots)
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_STANDARD};
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
        let fingerprints = AMAZON.map(|der| format!("{:?}", digest(&SHA256, der)));
        assert_eq!(fingerprints, FINGERPRINTS.map(|hex| format!("SHA256:{hex}")));
        assert_eq!(parsable(AMAZON.map(CertificateDer::from)).len(), AMAZON.len());
    }

    #[test]
    fn what_is_no_certificate_in_a_bundle_is_left_out() {
        let junk = "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n";
        assert!(bundle(junk.as_bytes()).is_none());
        assert!(bundle(b"").is_none());
        assert!(bundle(b"-----BEGIN CERTIFICATE-----").is_none());
        let good = BASE64_STANDARD.encode(AMAZON[0]);
        let with_a_good_one = format!("{junk}-----BEGIN CERTIFICATE-----\n{good}\n-----END CERTIFICATE-----\n");
        assert_eq!(bundle(with_a_good_one.as_bytes()).unwrap().len(), 1);
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
