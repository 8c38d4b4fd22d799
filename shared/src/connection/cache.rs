//! A cache for values that each belong to one identity.

use std::{
    borrow::Cow,
    fmt,
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use lru::LruCache;
use ring::{digest::SHA256_OUTPUT_LEN, hmac, rand::SystemRandom};

/// The name of an identity: a hash of all its parts. The hash key is random and exists only in this process. So neither
/// memory nor a log holds a secret in clear text, and hashing guesses does not reveal one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IdentityKey([u8; SHA256_OUTPUT_LEN]);

/// Values by identity. A full cache drops the least recently used value.
pub struct Cache<T> {
    key: hmac::Key,
    entries: Mutex<LruCache<IdentityKey, T>>,
}

impl<T> fmt::Debug for Cache<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").finish_non_exhaustive()
    }
}

impl<T: Clone> Cache<T> {
    /// An empty cache with a hash key of its own. Returns `None` if the system gives no random bytes.
    #[must_use]
    pub fn new(capacity: NonZeroUsize) -> Option<Self> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).ok()?;
        // `new` would reserve memory for all entries.
        let mut entries = LruCache::unbounded();
        entries.resize(capacity);
        Some(Self { key, entries: Mutex::new(entries) })
    }

    /// The name of the identity with these parts. `["ab", "c"]` and `["a", "bc"]` are different identities. An absent
    /// part differs from an empty part.
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

    /// The value of an identity. If there is none, `make` makes it.
    pub fn get_or_insert_with(&self, identity: IdentityKey, make: impl FnOnce() -> T) -> T {
        // A panic in `make` inserts nothing.
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.get_or_insert(identity, make).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache<T: Clone>(capacity: usize) -> Cache<T> {
        Cache::new(capacity.try_into().unwrap()).unwrap()
    }

    #[test]
    fn every_part_of_an_identity_counts() {
        let cache: Cache<u8> = cache(100);
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
    fn drops_the_least_recently_used_value_first() {
        let cache = cache(100);
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
    fn concurrent_calls_never_get_the_value_of_another_identity() {
        let cache = cache(20);
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
