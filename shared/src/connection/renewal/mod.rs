//! Keeps temporary credentials and renews them before they expire.
//!
//! A call rarely waits for a renewal. When credentials age, calls still get them while a task fetches new ones. A call
//! waits only if there are no credentials, or if they are about to expire. Concurrent calls wait for the same renewal,
//! and get the same error if it is refused.
//!
//! A renewal runs in its own task. It continues if the invocation that started it ends. A renewal without an answer is
//! given up after `LOAD_TIMEOUT`, and the next call starts a new one. Lambda may freeze a function during a renewal,
//! so a call never waits for a renewal that is older than that.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, error::CredentialsError, future},
};
use aws_smithy_async::time::SharedTimeSource;
use tokio::sync::watch;
use tracing::{debug, warn};

use crate::error::{CallSite, Error};

/// The longest time that a renewal may take, over all attempts.
pub(super) const LOAD_TIMEOUT: Duration = Duration::from_secs(8);

/// The time for which a refusal is shared with later calls, so that concurrent calls cause only one request.
const REFUSAL_SHARED: Duration = Duration::from_millis(200);

/// A source of credentials.
pub(super) trait Load: fmt::Debug + Send + Sync + 'static {
    /// Fetches new credentials with the time until which they can be used.
    fn load(&self) -> impl Future<Output = Result<Loaded, Error>> + Send;

    /// The service call that a load makes now.
    fn site(&self) -> CallSite;

    /// Tells the source that the service refused the credentials that it loaded last.
    fn refused(&self) {}
}

/// New credentials from their source.
#[derive(Debug, Clone)]
pub(super) struct Loaded {
    pub(super) credentials: Credentials,
    pub(super) good_until: SystemTime,
}

/// Replaces credentials that the service refused.
pub trait Renew: fmt::Debug + Send + Sync {
    /// Forgets the credentials that signed a request sent at this time. The next request gets other credentials. Newer
    /// credentials are kept.
    fn refused(&self, sent_at: Instant);

    /// The service call that currently fetches credentials, if any.
    fn under_way(&self) -> Option<CallSite>;
}

/// Credentials that are renewed from `L`. The SDK asks for them before every attempt.
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
    time: SharedTimeSource,
    load_timeout: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    kept: Option<Kept>,
    renewal: Option<Renewal>,
}

/// A renewal under way, or the last renewal if it was refused.
#[derive(Debug, Clone)]
struct Renewal {
    started: Instant,
    /// The result of the renewal. `None` while it is under way.
    result: watch::Receiver<Option<Result<Loaded, Error>>>,
}

#[derive(Debug, Clone)]
struct Kept {
    loaded: Loaded,
    loaded_at: Instant,
    /// From this time on, calls still use the credentials while a task renews them.
    renew_from: SystemTime,
    /// From this time on, calls no longer use the credentials.
    use_until: SystemTime,
}

impl Kept {
    /// `spread` (0 to 1) varies the time of renewal, so that many processes do not renew at once.
    fn new(loaded: Loaded, now: SystemTime, spread: f64) -> Self {
        let lifetime = loaded.good_until.duration_since(now).unwrap_or_default();
        let ahead = (lifetime / 4).min(Duration::from_mins(5));
        let margin = (lifetime / 20).min(Duration::from_secs(10));
        Self {
            renew_from: loaded.good_until - ahead.mul_f64(1.0 + spread / 2.0),
            use_until: loaded.good_until - margin,
            loaded_at: Instant::now(),
            loaded,
        }
    }
}

impl Renewal {
    /// Whether a call may wait for this renewal: it can still end in time, or it was refused just now.
    fn is_current(&self, load_timeout: Duration) -> bool {
        let age = self.started.elapsed();
        match &*self.result.borrow() {
            None => age < load_timeout && self.result.has_changed().is_ok(),
            Some(Err(Error::Service(_))) => age < REFUSAL_SHARED,
            Some(_) => false,
        }
    }
}

impl<L: Load> Renewing<L> {
    pub(super) fn new(source: L, time: SharedTimeSource) -> Self {
        Self::with_timeout(source, time, LOAD_TIMEOUT)
    }

    fn with_timeout(source: L, time: SharedTimeSource, load_timeout: Duration) -> Self {
        Self(Arc::new(Inner { source, time, load_timeout, state: Mutex::default() }))
    }

    /// Credentials that can be used now, with the time until which they can be used.
    pub(super) async fn get(&self) -> Result<Loaded, Error> {
        let mut renewal = {
            let mut state = self.state();
            let now = self.0.time.now();
            if let Some(kept) = state.kept.as_ref().filter(|kept| now < kept.use_until) {
                let loaded = kept.loaded.clone();
                if kept.renew_from <= now {
                    self.renew(&mut state);
                }
                return Ok(loaded);
            }
            self.renew(&mut state)
        };
        let waiting = Instant::now();
        match renewal.result.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(result)) => {
                let site = self.0.source.site();
                debug!(
                    service = site.service,
                    operation = site.operation,
                    waitedMilliseconds = u64::try_from(waiting.elapsed().as_millis()).unwrap_or(u64::MAX),
                    errorType = result.as_ref().err().map(Error::error_type),
                    "waited for credentials"
                );
                result.clone()
            }
            // The task was dropped: its runtime ended, or it panicked.
            Ok(None) | Err(_) => Err(self.given_up()),
        }
    }

    /// The renewal under way, or a new one.
    fn renew(&self, state: &mut State) -> Renewal {
        if let Some(renewal) = state.renewal.as_ref().filter(|renewal| renewal.is_current(self.0.load_timeout)) {
            return renewal.clone();
        }
        // This line is logged in the span of the current call, because the task below belongs to no invocation.
        debug!(service = self.0.source.site().service, "credentials are renewed");
        let (sender, result) = watch::channel(None);
        let renewal = Renewal { started: Instant::now(), result };
        state.renewal = Some(renewal.clone());
        let this = self.clone();
        tokio::spawn(async move {
            let loaded = tokio::time::timeout(this.0.load_timeout, this.0.source.load()).await;
            let result = loaded.unwrap_or_else(|_| Err(this.given_up()));
            match &result {
                Ok(loaded) => {
                    this.state().kept = Some(Kept::new(loaded.clone(), this.0.time.now(), fastrand::f64()));
                }
                Err(error) => {
                    let has_others = this.state().kept.as_ref().is_some_and(|kept| this.0.time.now() < kept.use_until);
                    if has_others {
                        let error_type = error.error_type();
                        warn!(errorType = error_type, "credentials were not renewed; the old ones are still good");
                    }
                }
            }
            // Sending fails if no call waits any more. The credentials are already in `kept`.
            let _ = sender.send(Some(result));
        });
        renewal
    }

    fn given_up(&self) -> Error {
        Error::Timeout(format!("no answer in time ({})", self.0.source.site()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<L: Load> Renew for Renewing<L> {
    fn refused(&self, sent_at: Instant) {
        let mut state = self.state();
        if state.kept.as_ref().is_some_and(|kept| kept.loaded_at <= sent_at) {
            state.kept = None;
            state.renewal = None;
            self.0.source.refused();
        }
    }

    fn under_way(&self) -> Option<CallSite> {
        let is_under_way =
            |renewal: &Renewal| renewal.is_current(self.0.load_timeout) && renewal.result.borrow().is_none();
        self.state().renewal.as_ref().filter(|renewal| is_under_way(renewal)).map(|_| self.0.source.site())
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
mod tests;
