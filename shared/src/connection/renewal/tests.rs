//! Concurrent calls share one renewal, and no call waits for a renewal without end.

use std::sync::atomic::{AtomicU32, Ordering};

use aws_smithy_async::time::{SystemTimeSource, TimeSource};

use super::*;
use crate::error::Refusal;

/// A clock that a test sets.
#[derive(Debug, Clone)]
struct Clock(Arc<Mutex<SystemTime>>);

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}

/// How the next load ends.
#[derive(Debug, Clone, Copy)]
enum Ending {
    Credentials,
    Refusal,
    Silence,
}

/// A source of numbered credentials that are valid for `lifetime`. Every load takes two turns of the executor.
#[derive(Debug)]
struct Numbered {
    loads: AtomicU32,
    lifetime: Duration,
    ending: Mutex<Ending>,
    time: SharedTimeSource,
}

impl Numbered {
    fn ends_in(&self, ending: Ending) {
        *self.ending.lock().unwrap() = ending;
    }
}

impl Load for Numbered {
    async fn load(&self) -> Result<Loaded, Error> {
        let number = self.loads.fetch_add(1, Ordering::Relaxed);
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        let ending = *self.ending.lock().unwrap();
        match ending {
            Ending::Credentials => {
                let credentials = Credentials::new(number.to_string(), "local", None, None, "test");
                Ok(Loaded { credentials, good_until: self.time.now() + self.lifetime })
            }
            Ending::Refusal => Err(Error::Service(Box::new(Refusal {
                code: "AccessDenied".into(),
                message: "no".into(),
                call: self.site(),
                request_id: None,
                body: Vec::new(),
                item: None,
            }))),
            Ending::Silence => std::future::pending().await,
        }
    }

    fn site(&self) -> CallSite {
        CallSite { service: "STS", operation: "AssumeRole", table: None, region: "us-east-1".into() }
    }
}

fn source(lifetime: Duration, time: &SharedTimeSource) -> Numbered {
    let ending = Mutex::new(Ending::Credentials);
    Numbered { loads: AtomicU32::new(0), lifetime, ending, time: time.clone() }
}

fn numbered(lifetime: Duration) -> Renewing<Numbered> {
    let time = SharedTimeSource::new(SystemTimeSource::new());
    Renewing::new(source(lifetime, &time), time)
}

async fn number(renewing: &Renewing<Numbered>) -> String {
    renewing.get().await.unwrap().credentials.access_key_id().to_owned()
}

fn loads(renewing: &Renewing<Numbered>) -> u32 {
    renewing.0.source.loads.load(Ordering::Relaxed)
}

#[tokio::test]
async fn many_calls_at_once_wait_for_one_renewal() {
    let renewing = numbered(Duration::from_mins(15));
    let calls = (0..50).map(|_| number(&renewing));
    assert!(futures_util::future::join_all(calls).await.iter().all(|number| number == "0"));
    assert_eq!(number(&renewing).await, "0");
}

#[tokio::test]
async fn many_calls_at_once_share_one_refusal() {
    let renewing = numbered(Duration::from_mins(15));
    renewing.0.source.ends_in(Ending::Refusal);
    let calls = (0..50).map(|_| renewing.get());
    let results = futures_util::future::join_all(calls).await;
    assert!(results.iter().all(|result| result.as_ref().is_err_and(|error| error.is_refusal("AccessDenied"))));
    assert_eq!(loads(&renewing), 1);
}

#[tokio::test]
async fn refused_credentials_are_renewed_once() {
    let renewing = numbered(Duration::from_mins(15));
    assert_eq!(number(&renewing).await, "0");
    let sent_at = Instant::now();
    renewing.refused(sent_at);
    assert_eq!(number(&renewing).await, "1");
    // The second refusal belongs to a call that used the old credentials.
    renewing.refused(sent_at);
    assert_eq!(number(&renewing).await, "1");
}

#[tokio::test]
async fn expired_credentials_are_not_used() {
    let renewing = numbered(Duration::ZERO);
    assert_eq!(number(&renewing).await, "0");
    assert_eq!(number(&renewing).await, "1");
}

#[tokio::test]
async fn ageing_credentials_are_renewed_while_calls_use_them() {
    let clock = Clock(Arc::new(Mutex::new(SystemTime::UNIX_EPOCH)));
    let time = SharedTimeSource::new(clock.clone());
    let renewing = Renewing::new(source(Duration::from_mins(15), &time), time);
    assert_eq!(number(&renewing).await, "0");
    *clock.0.lock().unwrap() += Duration::from_mins(13);
    assert_eq!(number(&renewing).await, "0", "no call waits");
    while number(&renewing).await == "0" {
        tokio::task::yield_now().await;
    }
    assert_eq!(loads(&renewing), 2);
}

#[tokio::test]
async fn a_renewal_without_an_answer_is_given_up_and_started_again() {
    let time = SharedTimeSource::new(SystemTimeSource::new());
    let renewing = Renewing::with_timeout(source(Duration::from_mins(15), &time), time, Duration::ZERO);
    renewing.0.source.ends_in(Ending::Silence);
    let error = renewing.get().await.unwrap_err();
    assert_eq!(error.error_type(), "Timeout");
    assert!(error.to_string().contains("STS AssumeRole"), "{error}");
    let _ = renewing.get().await.unwrap_err();
    assert_eq!(loads(&renewing), 2);
}

#[tokio::test]
async fn a_renewal_continues_when_the_call_that_started_it_ends() {
    let renewing = numbered(Duration::from_mins(15));
    assert!(futures_util::poll!(Box::pin(renewing.get())).is_pending(), "the call is dropped here");
    assert_eq!(renewing.under_way().map(|site| site.operation), Some("AssumeRole"));
    assert_eq!(number(&renewing).await, "0");
    assert_eq!(renewing.under_way(), None);
}

#[test]
fn renews_well_before_the_end_and_stops_using_shortly_before() {
    let now = SystemTime::UNIX_EPOCH;
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
