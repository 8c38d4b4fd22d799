//! Records the calls of an invocation while they are made.

use crate::error::{CallSite, Error, ThrottlingReason};

/// The calls of an invocation.
#[derive(Debug, Default, Clone)]
pub struct Journal {
    /// The calls that have no answer yet, the oldest first.
    pub(super) open: Vec<OpenCall>,
    /// The number of calls so far.
    calls: u64,
    /// The last call that changed something.
    pub written: Option<CallSite>,
    /// The inputs that took effect, for an action that makes several changes.
    pub(super) changed: Vec<&'static str>,
    /// The table of the last call.
    pub table: Option<String>,
    /// AWS's IDs of the answered requests.
    pub request_ids: Vec<String>,
    /// The number of requests sent, over all calls.
    pub attempts: u32,
    /// How often a service throttled a request.
    pub throttles: u32,
    /// The reasons for throttling, each with its number of requests.
    pub throttling_reasons: Vec<(ThrottlingReason, u32)>,
}

/// A call that has no answer yet.
#[derive(Debug, Clone)]
pub(super) struct OpenCall {
    pub(super) number: CallNumber,
    pub(super) site: CallSite,
    pub(super) is_write: bool,
    /// Whether one of its requests may have arrived.
    pub(super) may_have_arrived: bool,
    /// The number of requests sent.
    pub(super) attempts: u32,
    /// The call that fetches credentials for this call, if one is under way.
    pub(super) waits_for: Option<CallSite>,
}

/// The number of a call within its invocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CallNumber(u64);

impl Journal {
    /// Records a call that begins.
    pub(super) fn open(&mut self, site: &CallSite, is_write: bool) -> CallNumber {
        self.calls += 1;
        let number = CallNumber(self.calls);
        self.table.clone_from(&site.table);
        self.open.push(OpenCall {
            number,
            site: site.clone(),
            is_write,
            may_have_arrived: false,
            attempts: 0,
            waits_for: None,
        });
        number
    }

    /// The call with this number, if it has no answer yet.
    pub(super) fn open_call(&mut self, number: CallNumber) -> Option<&mut OpenCall> {
        self.open.iter_mut().find(|call| call.number == number)
    }

    /// Records that a call has ended.
    pub(super) fn close(&mut self, number: CallNumber) {
        self.open.retain(|call| call.number != number);
    }

    /// Counts a throttled request.
    pub(super) fn throttled(&mut self, reasons: Vec<ThrottlingReason>) {
        self.throttles += 1;
        for reason in reasons {
            match self.throttling_reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, count)) => *count += 1,
                None => self.throttling_reasons.push((reason, 1)),
            }
        }
    }

    /// The error for an invocation that reached its deadline. It names the call without an answer and the changes made
    /// before.
    #[must_use]
    pub fn deadline(&self) -> Error {
        const REMEDY: &str = "read before you repeat it, or give a `requestToken`";
        // Of several calls, the one that may have changed something matters most.
        let may_have_written = |call: &&OpenCall| call.is_write && call.may_have_arrived;
        let Some(open) = self.open.iter().find(may_have_written).or_else(|| self.open.first()) else {
            let message = "the invocation's deadline came before the work was done; give the function a longer timeout";
            return Error::Timeout(format!("{message}{}", self.changed()));
        };
        let site = open.waits_for.as_ref().unwrap_or(&open.site);
        let attempts = match open.attempts {
            0 | 1 => String::new(),
            attempts => format!(", attempt {attempts}"),
        };
        let message = format!("no answer before the invocation's deadline ({site}{attempts})");
        if open.is_write && open.may_have_arrived {
            return Error::OutcomeUnknown(format!(
                "{message}; the item may have been written, whether it took effect is not known: {REMEDY}{}",
                self.earlier()
            ));
        }
        Error::Timeout(format!("{message}{}", self.changed()))
    }

    /// `error`, with what was changed before it. A [`Error::ConnectionFailed`] after a change is an
    /// [`Error::OutcomeUnknown`]: a repetition may make the change a second time.
    #[must_use]
    pub fn after_changes(&self, error: Error) -> Error {
        let Some(written) = &self.written else { return error };
        match error {
            Error::ConnectionFailed(message) => {
                Error::OutcomeUnknown(format!("{written}{} took effect; then: {message}", self.inputs()))
            }
            Error::OutcomeUnknown(message) => Error::OutcomeUnknown(format!("{message}{}", self.earlier())),
            Error::Service(mut refusal) => {
                refusal.message = format!("{}{}", refusal.message, self.earlier());
                Error::Service(refusal)
            }
            Error::Internal(message) => Error::Internal(format!("{message}{}", self.changed())),
            error => error,
        }
    }

    /// The changes made so far, for the end of a message.
    fn changed(&self) -> String {
        match &self.written {
            Some(_) => self.earlier(),
            None => "; nothing was changed".to_owned(),
        }
    }

    /// As [`Journal::changed`]. Empty if nothing was changed.
    fn earlier(&self) -> String {
        match &self.written {
            Some(written) => format!("; what came before it took effect: {written}{}", self.inputs()),
            None => String::new(),
        }
    }

    /// The inputs that took effect, behind the last call.
    fn inputs(&self) -> String {
        let mut names: Vec<String> = self.changed.iter().map(|name| format!("`{name}`")).collect();
        names.dedup();
        if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after_a_write(error: Error) -> Error {
        let written = CallSite {
            service: "DynamoDB",
            operation: "PutItem",
            table: Some("Orders".to_owned()),
            region: "us-east-1".to_owned(),
        };
        Journal { written: Some(written), ..Journal::default() }.after_changes(error)
    }

    #[test]
    fn a_broken_answer_after_a_change_is_an_unknown_outcome() {
        let error = after_a_write(Error::broken_answer("no member"));
        assert_eq!(error.error_type(), "OutcomeUnknown");
        assert!(error.to_string().contains("PutItem, table `Orders`, region us-east-1 took effect"), "{error}");
        assert_eq!(
            Journal::default().after_changes(Error::broken_answer("no member")).error_type(),
            "ConnectionFailed"
        );
    }

    #[test]
    fn a_later_error_names_the_inputs_that_took_effect() {
        let call = |operation| CallSite {
            service: "DynamoDB",
            operation,
            table: Some("Orders".to_owned()),
            region: "us-east-1".to_owned(),
        };
        let written = Some(call("UpdateTable"));
        let mut journal = Journal { written, changed: vec!["tags", "tags", "tableClass"], ..Journal::default() };
        let names = "UpdateTable, table `Orders`, region us-east-1 (`tags`, `tableClass`)";
        for error in [Error::OutcomeUnknown("lost".to_owned()), Error::ConnectionFailed("lost".to_owned())] {
            let error = journal.after_changes(error);
            assert_eq!(error.error_type(), "OutcomeUnknown");
            assert!(error.to_string().contains(names), "{error}");
        }
        assert!(journal.deadline().to_string().ends_with(names), "{}", journal.deadline());
        let number = journal.open(&call("UpdateTimeToLive"), true);
        if let Some(open) = journal.open_call(number) {
            open.may_have_arrived = true;
        }
        assert_eq!(journal.deadline().error_type(), "OutcomeUnknown");
        assert!(journal.deadline().to_string().ends_with(names), "{}", journal.deadline());
    }

    #[test]
    fn an_invalid_input_stays_as_it_is() {
        assert_eq!(after_a_write(Error::event("wrong")), Error::event("wrong"));
    }
}
