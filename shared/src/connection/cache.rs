//! What is kept for an identity across invocations, and for no other.

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
};

use ring::{digest::SHA256_OUTPUT_LEN, hmac, rand::SystemRandom};

/// The name of an identity: a hash of everything that makes it, under a key that only this process has, so that
/// neither memory nor a log holds a secret in clear, or one that could be guessed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IdentityKey([u8; SHA256_OUTPUT_LEN]);

/// Values by identity.
pub struct Cache<T> {
    key: hmac::Key,
    capacity: usize,
    entries: Mutex<Entries<T>>,
}

struct Entries<T> {
    by_identity: HashMap<IdentityKey, Entry<T>>,
    /// Counts the uses, so that the least recent can be told.
    uses: u64,
}

struct Entry<T> {
    value: T,
    last_used: u64,
}

impl<T> fmt::Debug for Cache<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").finish_non_exhaustive()
    }
}

impl<T: Clone> Cache<T> {
    /// An empty one, with a key of its own, for so many identities: the least recently used one goes first. `None` when
    /// the system gives no random bytes.
    #[must_use]
    pub fn new(capacity: usize) -> Option<Self> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).ok()?;
        Some(Self { key, capacity, entries: Mutex::new(Entries { by_identity: HashMap::new(), uses: 0 }) })
    }

    /// The name of the identity that these parts make. Each part counts on its own: `["ab", "c"]` is not
    /// `["a", "bc"]`, and a part that is absent is not an empty one.
    #[must_use]
    pub fn identity(&self, parts: &[Option<Cow<'_, str>>]) -> IdentityKey {
        let mut context = hmac::Context::with_key(&self.key);
        for part in parts {
            match part {
                None => context.update(&[0]),
                Some(text) => {
                    context.update(&[1]);
                    context.update(&text.len().to_le_bytes());
                    context.update(text.as_bytes());
                }
            }
        }
        let mut key = [0; SHA256_OUTPUT_LEN];
        key.copy_from_slice(context.sign().as_ref());
        IdentityKey(key)
    }

    /// The value of an identity, made now if there is none.
    pub fn get_or_insert_with(&self, identity: IdentityKey, make: impl FnOnce() -> T) -> T {
        // `make` only assembles a client; a poisoned map is still whole.
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let Entries { by_identity, uses } = &mut *entries;
        *uses += 1;
        if by_identity.len() >= self.capacity && !by_identity.contains_key(&identity) {
            let oldest = by_identity.iter().min_by_key(|(_, entry)| entry.last_used).map(|(identity, _)| *identity);
            if let Some(oldest) = oldest {
                by_identity.remove(&oldest);
            }
        }
        let entry = by_identity.entry(identity).or_insert_with(|| Entry { value: make(), last_used: 0 });
        entry.last_used = *uses;
        entry.value.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_an_identity_counts() {
        let cache: Cache<u8> = Cache::new(100).unwrap();
        let identity =
            |parts: &[Option<&str>]| cache.identity(&parts.iter().map(|part| part.map(Cow::from)).collect::<Vec<_>>());
        let identities = [
            identity(&[Some("a"), Some("b"), None]),
            identity(&[Some("a"), Some("b"), Some("")]),
            identity(&[Some("ab"), Some(""), None]),
            identity(&[Some("a"), Some("c"), None]),
            identity(&[None, Some("a"), Some("b")]),
        ];
        for (index, one) in identities.iter().enumerate() {
            assert!(!identities[index + 1..].contains(one));
        }
        assert_eq!(identities[0], identity(&[Some("a"), Some("b"), None]));
    }

    #[test]
    fn the_least_recently_used_goes_first() {
        let cache = Cache::new(100).unwrap();
        let identity = |number: usize| cache.identity(&[Some(number.to_string().into())]);
        for number in 0..100 {
            cache.get_or_insert_with(identity(number), || number);
        }
        assert_eq!(cache.get_or_insert_with(identity(0), || 999), 0);
        cache.get_or_insert_with(identity(100), || 100);
        assert_eq!(cache.get_or_insert_with(identity(0), || 999), 0);
        assert_eq!(cache.get_or_insert_with(identity(1), || 999), 999);
    }

    #[test]
    fn many_at_once_never_get_anothers_value() {
        let cache = Cache::new(20).unwrap();
        std::thread::scope(|scope| {
            for start in 0..8 {
                let cache = &cache;
                scope.spawn(move || {
                    for round in 0..1_000 {
                        let number = (start * 7 + round) % 40;
                        let identity = cache.identity(&[Some(number.to_string().into())]);
                        assert_eq!(cache.get_or_insert_with(identity, || number), number);
                    }
                });
            }
        });
    }
}
