//! Sends the calls of a batch: several reads at once, and one write after the other. Statements that were throttled are
//! sent again, with growing waits, until the time is nearly over.

use std::{
    ops::Range,
    time::{Duration, Instant},
};

use aws_sdk_dynamodb::types::{BatchStatementRequest, ReturnConsumedCapacity};
use futures_util::{StreamExt as _, stream};
use tokio::time::timeout_at;

use super::{
    batches::{Run, runs},
    report::{FAILED, Report, Stop},
};
use crate::{
    answer::{
        Answer, Capacities,
        responses::{Response, Responses},
    },
    dynamodb::{Calls, Reply, batch::is_throttled},
    error::{Error, code},
    value::Format,
};

/// How many calls that read are under way at once.
const AT_ONCE: usize = 8;

/// The codes of a statement that was throttled, so that nothing happened.
const THROTTLED: [&str; 3] = ["ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"];

/// The most characters of the message of a refused call.
const LONGEST_MESSAGE: usize = 300;

/// The remedy for writes that DynamoDB refuses as a whole.
const ONE_FOR_EACH_ITEM: &str =
    "; neighbouring writes must be about different items: send the others in events of their own";

/// Sends the statements of one invocation.
pub(super) struct Sending<'a> {
    calls: &'a Calls,
    capacity: ReturnConsumedCapacity,
    format: Format,
    clock: Clock,
}

/// What became of one call's statements.
#[derive(Default)]
struct Sent {
    /// The replies to the call and its repetitions.
    replies: Vec<(Reply, Capacities)>,
    /// DynamoDB's last response to each statement that has one.
    responses: Vec<(usize, Response)>,
    stop: Option<Stop>,
}

impl<'a> Sending<'a> {
    pub(super) fn new(calls: &'a Calls, capacity: ReturnConsumedCapacity, format: Format) -> Self {
        Self { calls, capacity, format, clock: Clock::new(calls.deadline()) }
    }

    /// Sends all statements and adds what became of them to the report.
    ///
    /// # Errors
    /// As [`Report::end`].
    pub(super) async fn send_all(
        &self,
        statements: &[BatchStatementRequest],
        mut report: Report,
    ) -> Result<Answer, Error> {
        for Run { is_read, calls } in runs(statements) {
            // A write waits for the one before it.
            let at_once = if is_read { AT_ONCE } else { 1 };
            let mut waiting = calls.into_iter();
            let mut under_way = stream::FuturesUnordered::new();
            loop {
                while under_way.len() < at_once && !report.is_stopped() && !(is_read && report.is_full()) {
                    let Some(call) = waiting.next() else { break };
                    under_way.push(self.send(statements, call, is_read));
                }
                let Some(sent) = under_way.next().await else { break };
                for (reply, capacity) in sent.replies {
                    report.called(reply, capacity);
                }
                for (index, response) in sent.responses {
                    report.answered(index, response, is_read);
                }
                if let Some(stop) = sent.stop {
                    report.stop(stop);
                }
            }
            if report.is_stopped() {
                break;
            }
            report.no_room(waiting.flatten());
        }
        report.end(|| self.calls.journal().deadline())
    }

    /// Sends the statements of one call until each of them has its response, or the time is nearly over.
    async fn send(&self, statements: &[BatchStatementRequest], call: Range<usize>, is_read: bool) -> Sent {
        let mut sent = Sent::default();
        let mut waits = Waits::default();
        // The group to send next is the last one.
        let mut groups = vec![call.collect::<Vec<usize>>()];
        while let Some(group) = groups.pop() {
            let halves = self.send_group(statements, group, is_read, &mut sent, &mut waits).await;
            if sent.stop.is_some() {
                break;
            }
            groups.extend(halves.into_iter().rev());
        }
        sent
    }

    /// Sends statements in one call, and those that were throttled again. Returns the halves of reads that DynamoDB
    /// refuses as a whole, for example because two of them are about the same item. They are sent one after the other.
    /// Writes are not: AWS's DynamoDB Local refuses such writes after it has executed them.
    async fn send_group(
        &self,
        statements: &[BatchStatementRequest],
        mut open: Vec<usize>,
        is_read: bool,
        sent: &mut Sent,
        waits: &mut Waits,
    ) -> Vec<Vec<usize>> {
        let mut throttled: Vec<(usize, Response)> = Vec::new();
        loop {
            if !self.clock.may_send() {
                sent.stop = Some(Stop::Deadline);
                break;
            }
            match self.send_once(statements, &open, is_read).await {
                Ok((reply, responses)) => {
                    sent.replies.push((reply, responses.capacity));
                    let answered = open.into_iter().zip(responses.list);
                    let (again, done): (Vec<_>, Vec<_>) =
                        answered.partition(|(_, response)| may_be_sent_again(response, is_read));
                    sent.responses.extend(done);
                    open = again.iter().map(|(index, _)| *index).collect();
                    throttled = again;
                }
                Err(Stop::Failed(error, _)) if is_throttled(&error) => {
                    let response = refused(&error);
                    throttled = open.iter().map(|index| (*index, response.clone())).collect();
                }
                Err(Stop::Failed(error, _)) if is_read && error.is_refusal(code::VALIDATION) => {
                    if let [index] = open[..] {
                        sent.responses.push((index, refused(&error)));
                        return Vec::new();
                    }
                    let second = open.split_off(open.len() / 2);
                    return vec![open, second];
                }
                Err(stop) => {
                    // The statements that were throttled before are among those of this call.
                    sent.stop = Some(stop);
                    return Vec::new();
                }
            }
            if open.is_empty() {
                break;
            }
            if !waits.next(&self.clock).await {
                sent.stop = Some(Stop::Deadline);
                break;
            }
        }
        sent.responses.append(&mut throttled);
        Vec::new()
    }

    /// Sends these statements once.
    async fn send_once(
        &self,
        statements: &[BatchStatementRequest],
        open: &[usize],
        is_read: bool,
    ) -> Result<(Reply, Responses), Stop> {
        let request = self
            .calls
            .dynamodb()
            .batch_execute_statement()
            .set_statements(Some(open.iter().map(|index| statements[*index].clone()).collect()))
            .return_consumed_capacity(self.capacity.clone());
        let failed = |error: Error| match error {
            Error::Service(mut refusal) if !is_read && open.len() > 1 && refusal.code == code::VALIDATION => {
                refusal.message.push_str(ONE_FOR_EACH_ITEM);
                Stop::Failed(Error::Service(refusal), open.to_vec())
            }
            Error::OutcomeUnknown(_) if !is_read => Stop::Unknown(error, open.to_vec()),
            error => Stop::Failed(error, open.to_vec()),
        };
        match timeout_at(self.clock.give_up.into(), self.calls.send(request)).await {
            Err(_) => match self.calls.journal().deadline() {
                error @ Error::OutcomeUnknown(_) if !is_read => Err(Stop::Unknown(error, open.to_vec())),
                _ => Err(Stop::Deadline),
            },
            Ok(Err(error)) => Err(failed(error)),
            Ok(Ok(reply)) => {
                let responses = Responses::read(&reply, self.format).and_then(|responses| match responses.list.len() {
                    found if found == open.len() => Ok(responses),
                    found => {
                        let message = format_args!("{found} responses to {} statements", open.len());
                        Err(Error::broken_answer(message))
                    }
                });
                match responses {
                    Ok(responses) => Ok((reply, responses)),
                    Err(error) if is_read => Err(failed(error)),
                    Err(error) => {
                        let message = format!("the write took effect, and its answer was lost: {error}");
                        Err(Stop::Unknown(Error::OutcomeUnknown(message), open.to_vec()))
                    }
                }
            }
        }
    }
}

/// Whether a refused statement may be sent again, because nothing happened.
fn may_be_sent_again(response: &Response, is_read: bool) -> bool {
    let code = response.error_code.as_deref();
    code.is_some_and(|code| THROTTLED.contains(&code) || (is_read && code == FAILED))
}

/// The response to a statement whose call was refused as a whole.
fn refused(error: &Error) -> Response {
    let message = match error {
        Error::Service(refusal) => refusal.message.chars().take(LONGEST_MESSAGE).collect(),
        error => error.to_string(),
    };
    Response::error(error.error_type(), &message)
}

/// The times of an invocation at which calls are sent and given up.
#[derive(Debug, Clone, Copy)]
struct Clock {
    /// No call is sent after this.
    last_sent: Instant,
    /// A call without an answer is given up at this time.
    give_up: Instant,
}

/// The time for an invocation that has no deadline.
const WITHOUT_DEADLINE: Duration = Duration::from_mins(1);

impl Clock {
    fn new(deadline: Option<Instant>) -> Self {
        let now = Instant::now();
        let deadline = deadline.unwrap_or(now + WITHOUT_DEADLINE);
        let left = deadline.saturating_duration_since(now);
        // Leaves time to write the answer, and to get the answer to the last call.
        let before = |time: Duration| deadline.checked_sub(time).unwrap_or(deadline);
        let give_up = before((left / 20).min(Duration::from_millis(200)));
        let last_sent = before((left / 5).min(Duration::from_secs(1)));
        Self { last_sent, give_up }
    }

    fn may_send(&self) -> bool {
        Instant::now() < self.last_sent
    }
}

/// The waits between repetitions: each is up to twice as long as the one before, up to five seconds. They are random,
/// so that many functions that were throttled together do not come back together.
#[derive(Debug)]
struct Waits(Duration);

impl Default for Waits {
    fn default() -> Self {
        Self(Duration::from_millis(50))
    }
}

impl Waits {
    /// Waits. Returns false, without a wait, if no call could be sent after it.
    async fn next(&mut self, clock: &Clock) -> bool {
        let wait = self.0.mul_f64(0.5 + fastrand::f64() / 2.0);
        self.0 = (self.0 * 2).min(Duration::from_secs(5));
        if Instant::now() + wait >= clock.last_sent {
            return false;
        }
        tokio::time::sleep(wait).await;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_did_not_happen_is_sent_again() {
        let again = |code, is_read| may_be_sent_again(&Response::error(code, ""), is_read);
        for code in THROTTLED {
            assert!(again(code, true) && again(code, false), "{code}");
        }
        assert!(again(FAILED, true) && !again(FAILED, false));
        for code in ["ConditionalCheckFailed", "DuplicateItem", "TransactionConflict", "ValidationError", ""] {
            assert!(!again(code, true) && !again(code, false), "{code}");
        }
        assert!(!may_be_sent_again(&Response::empty(), true));
    }

    #[test]
    fn the_last_call_has_time_for_its_answer() {
        let now = Instant::now();
        for seconds in [0, 1, 3, 900] {
            let deadline = now + Duration::from_secs(seconds);
            let clock = Clock::new(Some(deadline));
            assert!(clock.last_sent <= clock.give_up && clock.give_up <= deadline, "{seconds}");
        }
        assert!(!Clock::new(Some(now)).may_send());
        assert!(Clock::new(None).may_send());
    }

    #[tokio::test]
    async fn a_wait_never_passes_the_last_call() {
        let clock = Clock::new(Some(Instant::now() + Duration::from_millis(20)));
        let before = Instant::now();
        assert!(!Waits::default().next(&clock).await);
        assert!(before.elapsed() < Duration::from_millis(20));
    }
}
