//! Any payload is an envelope, no envelope, or an error of one line. The target also damages recorded events: if the
//! first line of the text is `NUMBER FROM LENGTH`, the rest of the text replaces `LENGTH` characters at `FROM` in the
//! recorded event with this number.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use shared::internals::{
    envelope::{Envelope, http::Request, queue::Failures, reject_wrapped},
    error::Error,
    input::Members,
};

const RECORDED: [&str; 10] = [
    include_str!("../../../events/envelopes/alb.json"),
    include_str!("../../../events/envelopes/alb-multi-value.json"),
    include_str!("../../../events/envelopes/event-bridge.json"),
    include_str!("../../../events/envelopes/function-url.json"),
    include_str!("../../../events/envelopes/http-api-v2.json"),
    include_str!("../../../events/envelopes/rest-v1.json"),
    include_str!("../../../events/envelopes/rest-v1-base64.json"),
    include_str!("../../../events/envelopes/sns.json"),
    include_str!("../../../events/envelopes/sqs-fifo.json"),
    include_str!("../../../events/envelopes/sqs-standard.json"),
];

/// A recorded event, damaged as the text says.
fn damaged(text: &str) -> Option<String> {
    let (damage, patch) = text.split_once('\n')?;
    let mut numbers = damage.split(' ').map(|number| number.parse::<u16>().map(usize::from));
    let (Some(Ok(number)), Some(Ok(from)), Some(Ok(length)), None) =
        (numbers.next(), numbers.next(), numbers.next(), numbers.next())
    else {
        return None;
    };
    let recorded = RECORDED[number % RECORDED.len()];
    let before = recorded.chars().take(from);
    let after = recorded.chars().skip(from.saturating_add(length));
    Some(before.chain(patch.chars()).chain(after).collect())
}

fn check(payload: &str) {
    let Ok(members) = Members::parse(payload) else { return };
    let refused = |error: &Error| {
        let message = error.to_string();
        assert!(!message.is_empty() && !message.contains(char::is_control), "{message:?}");
        assert_eq!(error.error_type(), "InvalidInput");
    };
    if let Err(error) = reject_wrapped(&members) {
        refused(&error);
    }
    match Envelope::open(&members) {
        Ok(None) => {}
        Ok(Some(Envelope::Http(request))) => respond(request),
        Ok(Some(Envelope::Queue(batch))) => {
            let mut failures = Failures::default();
            for message in &batch.messages {
                if !failures.hold_back(message) {
                    failures.add(message);
                }
            }
            let answer: Value = serde_json::from_str(&failures.answer()).expect("an answer is JSON");
            assert_eq!(answer["batchItemFailures"].as_array().map(Vec::len), Some(batch.messages.len()));
        }
        Ok(Some(Envelope::Delivered(delivery))) => {
            assert!(delivery.id.is_none_or(|id| (1..=36).contains(&id.len())));
        }
        Err(error) => refused(&error),
    }
}

fn respond(mut request: Request) {
    let error = match request.take_event() {
        Ok(_) => Error::event("the event"),
        Err(error) => error,
    };
    for response in [request.healthy(), request.respond(Err(error))] {
        let response: Value = serde_json::from_str(&response).expect("a response is JSON");
        assert!([200, 400, 405, 415].map(Some).contains(&response["statusCode"].as_u64()), "{response}");
    }
}

fuzz_target!(|text: &str| {
    check(text);
    if let Some(payload) = damaged(text) {
        check(&payload);
    }
});
