//! A time that goes on when everybody waits.

use std::{
    collections::BTreeMap,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Instant,
};

use shared::internals::dynamodb::batch::Clock;

/// A simulated time, shared by all who wait for it.
#[derive(Clone)]
pub(crate) struct SimulatedClock(Arc<Mutex<State>>);

struct State {
    now: Instant,
    /// Who waits, by time and by the order in which they began to wait.
    sleepers: BTreeMap<(Instant, u64), Waker>,
    count: u64,
}

impl SimulatedClock {
    /// A time that begins now. No result depends on this origin.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State { now: Instant::now(), sleepers: BTreeMap::new(), count: 0 })))
    }

    /// Goes to the next time that somebody waits for.
    pub(crate) fn advance(&self) {
        let mut state = self.0.lock().expect("the simulation has one thread");
        let ((next, _), waker) = state.sleepers.pop_first().expect("a child waits for nothing");
        state.now = state.now.max(next);
        drop(state);
        waker.wake();
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Instant {
        self.0.lock().expect("the simulation has one thread").now
    }

    fn sleep_until(&self, time: Instant) -> impl Future<Output = ()> + Send + 'static {
        Sleep { state: Arc::clone(&self.0), time, place: None }
    }
}

/// Waits until a time. Who stops waiting leaves no trace.
struct Sleep {
    state: Arc<Mutex<State>>,
    time: Instant,
    place: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let state = Arc::clone(&self.state);
        let mut state = state.lock().expect("the simulation has one thread");
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
        if let (Some(place), Ok(mut state)) = (self.place, self.state.lock()) {
            state.sleepers.remove(&(self.time, place));
        }
    }
}
