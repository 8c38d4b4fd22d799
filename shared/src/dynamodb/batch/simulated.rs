//! A simulated time, for tests and benches. It stands still while a task can continue.

use std::{
    collections::BTreeMap,
    fmt,
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Instant,
};

use super::Clock;

/// A simulated time. Its clones are the same clock.
#[derive(Debug, Clone)]
pub struct SimulatedClock(Arc<Mutex<State>>);

struct State {
    now: Instant,
    /// The tasks that wait, by time and by the order in which they began to wait.
    sleepers: BTreeMap<(Instant, u64), Waker>,
    count: u64,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").field("now", &self.now).field("sleepers", &self.sleepers.len()).finish_non_exhaustive()
    }
}

impl Default for SimulatedClock {
    /// A time that begins now. No result depends on this origin.
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State { now: Instant::now(), sleepers: BTreeMap::new(), count: 0 })))
    }
}

impl SimulatedClock {
    /// Runs a future to its end. When nothing can continue, the time moves to the next one that a task waits for.
    ///
    /// # Panics
    /// If nothing can continue, and nothing waits for a time.
    pub fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&woken));
        loop {
            if !woken.0.swap(false, Ordering::Relaxed) {
                self.advance();
            } else if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return done;
            }
        }
    }

    /// Moves to the next time that a task waits for.
    fn advance(&self) {
        let mut state = lock(&self.0);
        let ((next, _), waker) = state.sleepers.pop_first().expect("something waits for a time");
        state.now = state.now.max(next);
        drop(state);
        waker.wake();
    }
}

/// Whether the future can continue.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    // No code panics while it holds the lock.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Clock for SimulatedClock {
    fn now(&self) -> Instant {
        lock(&self.0).now
    }

    fn sleep_until(&self, time: Instant) -> impl Future<Output = ()> + Send + 'static {
        Sleep { state: Arc::clone(&self.0), time, place: None }
    }
}

/// Waits until a time. A dropped wait is removed from the clock.
struct Sleep {
    state: Arc<Mutex<State>>,
    time: Instant,
    place: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let state = Arc::clone(&self.state);
        let mut state = lock(&state);
        if state.now >= self.time {
            return Poll::Ready(());
        }
        let place = *self.place.get_or_insert_with(|| {
            state.count += 1;
            state.count
        });
        state.sleepers.insert((self.time, place), context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            lock(&self.state).sleepers.remove(&(self.time, place));
        }
    }
}
