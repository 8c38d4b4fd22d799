//! Ids and secrets in the form that AWS gives them.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::hash::sha256;

/// The letters and digits of AWS's ids.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A random id of this many characters.
pub(super) fn random_id(length: usize) -> String {
    characters(&random_bytes(length))
}

/// The id of 17 characters that belongs to `name`. The same name always has the same id.
pub(super) fn id_of(name: &str) -> String {
    characters(&sha256(name.as_bytes()).as_ref()[..17])
}

/// A random secret: this many bytes in Base64.
pub(super) fn random_secret(bytes: usize) -> String {
    BASE64_STANDARD.encode(random_bytes(bytes))
}

fn characters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

fn random_bytes(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    SystemRandom::new().fill(&mut bytes).expect("the system provides random numbers");
    bytes
}
