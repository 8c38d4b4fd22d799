//! Ids and credentials that nobody has seen before.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::signature::sha256;

/// The letters and digits of AWS's ids.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// An id of this many letters and digits.
pub(super) fn id(length: usize) -> String {
    letters(&bytes(length))
}

/// The 17 letters and digits that stand for `name`: always the same.
pub(super) fn id_of(name: &str) -> String {
    letters(&sha256(name.as_bytes()).as_ref()[..17])
}

/// Base64 text of this many random bytes.
pub(super) fn text(length: usize) -> String {
    BASE64_STANDARD.encode(bytes(length))
}

fn letters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

fn bytes(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    SystemRandom::new().fill(&mut bytes).expect("the system has random numbers");
    bytes
}
