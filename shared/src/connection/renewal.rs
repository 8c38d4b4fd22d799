//! Temporary credentials, kept while they last and renewed before they end.
//!
//! A call never waits for a renewal that could have been made meanwhile: credentials that begin to age are still
//! handed out while one task fetches their successors. Only when there are none, or they are about to expire, does a
//! call wait; many calls at once wait for one and the same renewal.

#![expect(clippy::disallowed_methods, reason = "the wall clock, until a `TimeSource` is passed in")]

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, error::CredentialsError, future},
};
use tracing::{debug, warn};

use crate::error::Error;

/// Where credentials come from.
pub(super) trait Load: fmt::Debug + Send + Sync + 'static {
    /// Fetches new ones, and says how long they are good for.
    fn load(&self) -> impl Future<Output = Result<Loaded, Error>> + Send;

    /// Takes note that the service refused what was loaded last.
    fn refused(&self) {}
}

/// Credentials, fresh from their source.
#[derive(Debug, Clone)]
pub(super) struct Loaded {
    pub(super) credentials: Credentials,
    pub(super) good_until: SystemTime,
}

/// What a call does when the service refuses its credentials.
pub trait Renew: fmt::Debug + Send + Sync {
    /// Forgets the credentials with this access key id, so that the next attempt gets others. Nothing is forgotten
    /// when others are there already.
    fn refused(&self, access_key_id: &str);
}

/// Credentials that are renewed from `L`; the SDK asks them before every attempt.
#[derive(Debug)]
pub(super) struct Renewing<L>(Arc<Inner<L>>);

impl<L> Clone for Renewing<L> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

#[derive(Debug)]
struct Inner<L> {
    source: L,
    kept: Mutex<Option<Kept>>,
    /// Held by the one renewal under way.
    under_way: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Clone)]
struct Kept {
    loaded: Loaded,
    /// From here on they are renewed beside the calls that use them.
    renew_from: SystemTime,
    /// From here on no call uses them.
    use_until: SystemTime,
}

impl Kept {
    /// `spread` (0 to 1) keeps many processes from renewing all at once.
    fn new(loaded: Loaded, now: SystemTime, spread: f64) -> Self {
        let lifetime = loaded.good_until.duration_since(now).unwrap_or_default();
        let ahead = (lifetime / 4).min(Duration::from_mins(5));
        let margin = (lifetime / 20).min(Duration::from_secs(10));
        Self {
            renew_from: loaded.good_until - ahead.mul_f64(1.0 + spread / 2.0),
            use_until: loaded.good_until - margin,
            loaded,
        }
    }
}

impl<L: Load> Renewing<L> {
    pub(super) fn new(source: L) -> Self {
        Self(Arc::new(Inner { source, kept: Mutex::default(), under_way: Arc::default() }))
    }

    /// Credentials that are good now, with the time until which they are.
    pub(super) async fn get(&self) -> Result<Loaded, Error> {
        if let Some(kept) = self.usable() {
            if kept.renew_from <= SystemTime::now() {
                self.renew_meanwhile();
            }
            return Ok(kept.loaded);
        }
        let _under_way = self.0.under_way.lock().await;
        match self.usable() {
            // Renewed while this call waited for its turn.
            Some(kept) => Ok(kept.loaded),
            None => self.renew().await,
        }
    }

    fn usable(&self) -> Option<Kept> {
        self.kept().clone().filter(|kept| SystemTime::now() < kept.use_until)
    }

    fn renew_meanwhile(&self) {
        let Ok(under_way) = Arc::clone(&self.0.under_way).try_lock_owned() else { return };
        let this = self.clone();
        tokio::spawn(async move {
            let _under_way = under_way;
            if let Err(error) = this.renew().await {
                warn!(errorType = error.error_type(), "credentials were not renewed; the old ones are still good");
            }
        });
    }

    async fn renew(&self) -> Result<Loaded, Error> {
        let loaded = self.0.source.load().await?;
        debug!("credentials were renewed");
        *self.kept() = Some(Kept::new(loaded.clone(), SystemTime::now(), fastrand::f64()));
        Ok(loaded)
    }

    fn kept(&self) -> MutexGuard<'_, Option<Kept>> {
        // No code panics while it holds the lock.
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<L: Load> Renew for Renewing<L> {
    fn refused(&self, access_key_id: &str) {
        let mut kept = self.kept();
        if kept.as_ref().is_some_and(|kept| kept.loaded.credentials.access_key_id() == access_key_id) {
            *kept = None;
            self.0.source.refused();
        }
    }
}

impl<L: Load> ProvideCredentials for Renewing<L> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            self.get().await.map(|loaded| loaded.credentials).map_err(CredentialsError::provider_error)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// Credentials numbered by their load, good for `lifetime`; every load takes two turns of the executor.
    #[derive(Debug)]
    struct Numbered {
        loads: AtomicU32,
        lifetime: Duration,
    }

    impl Load for Numbered {
        async fn load(&self) -> Result<Loaded, Error> {
            let number = self.loads.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
            let credentials = Credentials::new(number.to_string(), "local", None, None, "test");
            Ok(Loaded { credentials, good_until: SystemTime::now() + self.lifetime })
        }
    }

    fn numbered(lifetime: Duration) -> Renewing<Numbered> {
        Renewing::new(Numbered { loads: AtomicU32::new(0), lifetime })
    }

    async fn number(renewing: &Renewing<Numbered>) -> String {
        renewing.get().await.unwrap().credentials.access_key_id().to_owned()
    }

    #[tokio::test]
    async fn many_calls_at_once_wait_for_one_renewal() {
        let renewing = numbered(Duration::from_mins(15));
        let calls = (0..50).map(|_| number(&renewing));
        assert!(futures_util::future::join_all(calls).await.iter().all(|number| number == "0"));
        assert_eq!(number(&renewing).await, "0");
    }

    #[tokio::test]
    async fn refused_credentials_are_renewed_once() {
        let renewing = numbered(Duration::from_mins(15));
        assert_eq!(number(&renewing).await, "0");
        renewing.refused("0");
        assert_eq!(number(&renewing).await, "1");
        // Another call that was refused with the old ones.
        renewing.refused("0");
        assert_eq!(number(&renewing).await, "1");
    }

    #[tokio::test]
    async fn expired_credentials_are_not_handed_out() {
        let renewing = numbered(Duration::ZERO);
        assert_eq!(number(&renewing).await, "0");
        assert_eq!(number(&renewing).await, "1");
    }

    #[tokio::test]
    async fn ageing_credentials_are_renewed_beside_the_calls() {
        let renewing = numbered(Duration::from_mins(15));
        assert_eq!(number(&renewing).await, "0");
        renewing.kept().as_mut().unwrap().renew_from = SystemTime::UNIX_EPOCH;
        assert_eq!(number(&renewing).await, "0", "no call waits");
        while renewing.0.under_way.try_lock().is_err() {
            tokio::task::yield_now().await;
        }
        assert_eq!(number(&renewing).await, "1");
        assert_eq!(renewing.0.source.loads.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn renews_well_before_the_end_and_stops_using_shortly_before() {
        let now = SystemTime::now();
        let credentials = Credentials::new("a", "local", None, None, "test");
        for (lifetime, renew_ahead, margin) in [(3_600, 300..=450, 10), (900, 225..=338, 10), (20, 5..=8, 1)] {
            let good_until = now + Duration::from_secs(lifetime);
            for spread in [0.0, 0.5, 1.0] {
                let kept = Kept::new(Loaded { credentials: credentials.clone(), good_until }, now, spread);
                assert!(renew_ahead.contains(&good_until.duration_since(kept.renew_from).unwrap().as_secs()));
                assert_eq!(good_until.duration_since(kept.use_until).unwrap().as_secs(), margin);
            }
        }
    }
}
