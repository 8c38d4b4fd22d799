//! What became of each statement, as an answer or an error.
//!
//! Nothing that took effect is lost: if a call fails after a write took effect, the answer says for each statement
//! whether it was executed. If it is not known whether a write took effect, the error names the statements.

use super::STATEMENTS;
use crate::{
    actions::indexes::Indexes,
    answer::{Answer, Capacities, responses::Response},
    dynamodb::Reply,
    error::Error,
    path::Path,
};

/// The code of a statement that was not executed: it was not sent, or it is a read without an answer.
const NOT_EXECUTED: &str = "NotExecuted";

/// The code of a statement whose response has no room in the answer.
const TOO_LARGE: &str = "ResponseTooLarge";

/// The code of a statement that DynamoDB failed at. If it is a write, it may have taken effect.
pub(super) const FAILED: &str = "InternalServerError";

/// The bytes that are kept free for the response to a statement. No short response is longer.
const SHORT: usize = 160;

/// The most bytes of the answer that its other members may take.
const FRAME: usize = 32 * 1024;

/// Why no more statements are sent.
#[derive(Debug)]
pub(super) enum Stop {
    /// The time is nearly over.
    Deadline,
    /// A call failed, and nothing happened by it. The statements are those of the call.
    Failed(Error, Vec<usize>),
    /// It is not known whether these writes took effect.
    Unknown(Error, Vec<usize>),
}

/// What became of each statement so far.
#[derive(Debug)]
pub(super) struct Report {
    responses: Vec<Option<Response>>,
    /// The statements that DynamoDB executed, or refused.
    answered: Vec<bool>,
    /// The writes that DynamoDB failed at. They may have taken effect.
    doubtful: Vec<usize>,
    /// The bytes that are left for responses, beyond a short one for each statement.
    room: usize,
    is_full: bool,
    has_written: bool,
    stop: Option<Stop>,
    last: Reply,
    capacity: Capacities,
}

impl Report {
    /// The report on `count` statements before any of them is sent. The answer has at most `answer_bytes`.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] if the answer has no room for a response to each statement.
    pub(super) fn new(count: usize, answer_bytes: usize) -> Result<Self, Error> {
        let bytes = answer_bytes - FRAME.min(answer_bytes / 4);
        let room = bytes.checked_sub(count.saturating_mul(SHORT)).ok_or_else(|| {
            let most = bytes / SHORT;
            let message =
                format_args!("a list of {count}; the answer has room for the responses to {most}, make several");
            Error::input(&Path::Input(STATEMENTS), message)
        })?;
        Ok(Self {
            responses: vec![None; count],
            answered: vec![false; count],
            doubtful: Vec::new(),
            room,
            is_full: false,
            has_written: false,
            stop: None,
            last: Reply::default(),
            capacity: Capacities::default(),
        })
    }

    /// Whether a response had no room.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Whether no more statements may be sent.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.is_some()
    }

    /// Adds the reply to a call, without its responses.
    pub(super) fn called(&mut self, mut reply: Reply, capacity: Capacities) {
        reply.body = Vec::new();
        self.last = reply.after(&self.last);
        self.capacity.merge(capacity);
    }

    /// Adds DynamoDB's response to a statement.
    pub(super) fn answered(&mut self, index: usize, response: Response, is_read: bool) {
        if !is_read && response.error_code.as_deref() == Some(FAILED) {
            self.doubtful.push(index);
        }
        self.has_written |= !is_read && response.error_code.as_deref().is_none_or(|code| code == FAILED);
        self.answered[index] = true;
        self.keep(index, response, is_read);
    }

    /// Marks reads that are not sent, because the answer is full.
    pub(super) fn no_room(&mut self, indexes: impl Iterator<Item = usize>) {
        for index in indexes {
            self.responses[index] = Some(short(None, true));
        }
    }

    /// Notes why no more statements are sent. The first reason counts, unless a later one is an unknown outcome.
    pub(super) fn stop(&mut self, stop: Stop) {
        if self.stop.is_none() || matches!(stop, Stop::Unknown(..)) {
            self.stop = Some(stop);
        }
    }

    fn keep(&mut self, index: usize, response: Response, is_read: bool) {
        let more = (response.text.len() + 1).saturating_sub(SHORT);
        let kept = if let Some(room) = self.room.checked_sub(more) {
            self.room = room;
            response
        } else {
            self.is_full = true;
            short(response.error_code.as_deref(), is_read)
        };
        self.responses[index] = Some(kept);
    }

    /// The answer, or the error. `late` is the error if there is nothing to report at the deadline.
    ///
    /// # Errors
    /// Returns [`Error::OutcomeUnknown`] if a write may have taken effect, and the error of a failed call if no write
    /// took effect before it.
    pub(super) fn end(mut self, late: impl FnOnce() -> Error) -> Result<Answer, Error> {
        match self.stop.take() {
            Some(Stop::Unknown(error, indexes)) => return Err(self.unknown(&error, &indexes)),
            Some(Stop::Failed(error, _)) if !self.has_written => return Err(error),
            Some(Stop::Failed(error, indexes)) => {
                let message: String = error.to_string().chars().take(SHORT).collect();
                for index in indexes {
                    self.responses[index].get_or_insert_with(|| Response::error(error.error_type(), &message));
                }
            }
            Some(Stop::Deadline) if !self.answered.contains(&true) => return Err(late()),
            None | Some(Stop::Deadline) => {}
        }
        let list: Vec<Response> = self
            .responses
            .into_iter()
            .map(|response| {
                response.unwrap_or_else(|| Response::error(NOT_EXECUTED, "nothing happened; send the statement again"))
            })
            .collect();
        Ok(Answer::responses(&self.last, &list, &self.capacity))
    }

    fn unknown(&self, error: &Error, indexes: &[usize]) -> Error {
        let why = match error {
            Error::OutcomeUnknown(message) => message.clone(),
            other => other.to_string(),
        };
        let mut indexes: Vec<usize> = indexes.iter().chain(&self.doubtful).copied().collect();
        indexes.sort_unstable();
        let is_refused = |index: usize| {
            let code = self.responses[index].as_ref().and_then(|response| response.error_code.as_deref());
            code.is_some_and(|code| code != TOO_LARGE)
        };
        let those = |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> {
            (0..self.responses.len()).filter(|index| indexes.binary_search(index).is_err() && wanted(*index)).collect()
        };
        let parts = [
            ("executed", those(&|index| self.answered[index] && !is_refused(index))),
            ("not executed", those(&|index| !self.answered[index])),
            ("refused", those(&|index| self.answered[index] && is_refused(index))),
        ];
        let parts = parts.iter().filter(|(_, indexes)| !indexes.is_empty());
        let parts: Vec<String> = parts.map(|(what, indexes)| format!("; {what}: {}", named(indexes))).collect();
        // The lists can be long, and the end of a long message is cut. So they come last.
        Error::OutcomeUnknown(format!("not known whether executed: {}; {why}{}", named(&indexes), parts.concat()))
    }
}

fn named(indexes: &[usize]) -> String {
    Indexes { list: STATEMENTS, indexes }.to_string()
}

/// What stands for a response that has no room.
fn short(code: Option<&str>, is_read: bool) -> Response {
    match code {
        Some(code) => Response::error(code, "the answer has no room for the rest of this error"),
        None if is_read => Response::error(TOO_LARGE, "the answer has no room; run this statement alone"),
        None => Response::error(TOO_LARGE, "the statement took effect; the answer has no room for its item"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn report(count: usize) -> Report {
        Report::new(count, 1_000_000).unwrap()
    }

    fn done() -> Response {
        Response::empty()
    }

    fn late() -> Error {
        Error::Timeout("late".into())
    }

    fn refusal() -> Error {
        Error::ConnectionFailed("no connection".into())
    }

    #[test]
    fn a_failed_call_is_the_error_unless_a_write_took_effect_before() {
        let mut reads = report(2);
        reads.answered(0, done(), true);
        reads.stop(Stop::Failed(refusal(), vec![1]));
        assert_eq!(reads.end(late).unwrap_err(), refusal());

        // A write that DynamoDB failed at may have taken effect, and a refused one has not.
        for (response, is_told) in
            [(done(), true), (Response::error(FAILED, "m"), true), (Response::error("DuplicateItem", "m"), false)]
        {
            let mut writes = report(3);
            writes.answered(0, response, false);
            writes.stop(Stop::Failed(refusal(), vec![1]));
            let end = writes.end(late);
            assert_eq!(end.is_ok(), is_told, "{end:?}");
            if let Ok(answer) = end {
                let rest = r#"{"Error":{"Code":"ConnectionFailed","Message":"no connection"}},{"Error":{"Code":"NotExecuted","Message":"nothing happened; send the statement again"}}]}}"#;
                assert!(answer.as_ref().ends_with(rest), "{answer:?}");
            }
        }
    }

    #[test]
    fn at_the_deadline_what_was_answered_is_handed_back() {
        let mut nothing = report(1);
        nothing.stop(Stop::Deadline);
        assert_eq!(nothing.end(late).unwrap_err(), late());
        let mut some = report(2);
        some.answered(0, Response::error("ThrottlingError", "m"), false);
        some.stop(Stop::Deadline);
        let answer = some.end(late).unwrap();
        assert!(
            answer
                .as_ref()
                .contains(r#"[{"Error":{"Code":"ThrottlingError","Message":"m"}},{"Error":{"Code":"NotExecuted""#)
        );
    }

    #[test]
    fn an_unknown_outcome_wins_over_an_earlier_reason_and_names_every_statement() {
        let mut some = report(6);
        some.answered(0, done(), false);
        some.answered(1, Response::error("DuplicateItem", "m"), false);
        some.answered(5, Response::error(FAILED, "m"), false);
        some.stop(Stop::Deadline);
        some.stop(Stop::Unknown(Error::OutcomeUnknown("why".into()), vec![2, 3]));
        some.stop(Stop::Failed(refusal(), vec![4]));
        assert_eq!(
            some.end(late).unwrap_err(),
            Error::OutcomeUnknown(
                "not known whether executed: `statements[2]` to `statements[3]`, `statements[5]`; why; executed: \
                 `statements[0]`; not executed: `statements[4]`; refused: `statements[1]`"
                    .into()
            )
        );
    }

    #[test]
    fn a_list_without_room_for_its_responses_is_refused() {
        assert!(Report::new(4, 1_000).is_ok());
        let error = Report::new(5, 1_000).unwrap_err().to_string();
        assert_eq!(error, "`statements`: a list of 5; the answer has room for the responses to 4, make several");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever the responses are, the answer keeps to its limit, and no error's code is lost.
        #[test]
        fn the_answer_keeps_to_its_limit(
            sizes in prop::collection::vec((0..3_000_usize, any::<bool>(), any::<bool>()), 1..40),
            bytes in 10_000..60_000_usize,
        ) {
            let Ok(mut report) = Report::new(sizes.len(), bytes) else { return Ok(()) };
            for (index, (size, is_error, is_read)) in sizes.iter().enumerate() {
                let text = "x".repeat(*size);
                let mut response = Response::empty();
                if *is_error {
                    response = Response::error("ConditionalCheckFailed", &text);
                } else {
                    response.text = format!(r#"{{"Item":"{text}"}}"#);
                }
                report.answered(index, response, *is_read);
            }
            let is_full = report.is_full();
            let answer = report.end(late).unwrap();
            prop_assert!(answer.size() <= bytes, "{} of {bytes}", answer.size());
            let errors = sizes.iter().filter(|(_, is_error, _)| *is_error).count();
            prop_assert_eq!(answer.as_ref().matches("ConditionalCheckFailed").count(), errors);
            prop_assert_eq!(is_full, answer.as_ref().contains("has no room"));
        }
    }
}
