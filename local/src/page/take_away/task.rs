//! The Step Functions task of an event, with the `Retry` that fits it.
//!
//! `statemachines/README.md` says which errors to retry, and why.

use shared::{
    Json,
    catalog::{AnswerShape, Definition, MemberKind},
    operation::{Effect, Operation, Traits},
};

use super::{Target, connection, given, object, text, texts_of};

/// Whether the call may be repeated if it is not known whether it took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repetition {
    /// It changes nothing.
    Read,
    /// Its token makes it take effect once.
    Token,
    /// Doing it twice is the same as doing it once.
    Idempotent,
    No,
}

impl Repetition {
    pub(super) fn of(definition: &Definition, event: &[(String, Json)]) -> Self {
        if !definition.is_write() {
            return Self::Read;
        }
        // With `auto`, each attempt of a task has another token.
        if given(event, "requestToken").is_some_and(|token| token != "auto") {
            return Self::Token;
        }
        let has = |name: &str| event.iter().any(|(other, _)| other == name);
        // Members of the API's request can change everything.
        if has("queryParameters") {
            return Self::No;
        }
        let traits = Traits {
            has_condition: has("conditionExpression") || has("expectedVersion"),
            returns_old: given(event, "returnValues").is_some_and(|word| word.to_ascii_uppercase().ends_with("_OLD")),
            only_replaces: only_replaces(event),
            has_token: false,
            statement: given(event, "statement"),
        };
        let is_write = |operation: &&Operation| operation.effect(Traits::default()) != Effect::Read;
        // An action on one item sends a transaction only with a token.
        let has_other_write = definition
            .operations
            .iter()
            .filter(is_write)
            .any(|operation| !matches!(operation, Operation::TransactWriteItems));
        let effects: Vec<Effect> = definition
            .operations
            .iter()
            .filter(|operation| !(has_other_write && matches!(operation, Operation::TransactWriteItems)))
            .map(|operation| operation.effect(traits))
            .collect();
        if effects.contains(&Effect::Write) {
            Self::No
        } else if effects.contains(&Effect::RepeatableWrite) {
            Self::Idempotent
        } else {
            Self::Read
        }
    }

    /// Why it is retried as it is, in a sentence.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Read => "It reads, so it is also retried if no answer came.",
            Self::Token => "It has a `requestToken`, so it is also retried if no answer came.",
            Self::Idempotent => "Doing it twice is the same as doing it once, so it is also retried if no answer came.",
            Self::No => {
                "It is retried only if nothing happened: `Catch` `OutcomeUnknown`, or give a `requestToken` if the \
                 function has one."
            }
        }
    }
}

/// What to know about the size of the answer, in a sentence. Empty if there is nothing to know.
pub(super) fn size_note(definition: &Definition, event: &[(String, Json)]) -> &'static str {
    const LIMIT: &str = "maxResponseBytes";
    let has_limit = (definition.event.fields)().iter().any(|field| field.name() == LIMIT);
    if has_limit && event.iter().all(|(name, _)| name != LIMIT) {
        " A state holds 262,144 bytes: give `maxResponseBytes` 240000 if there may be more."
    } else {
        ""
    }
}

/// Whether a simple update only sets and removes attributes. An element of a list is another one the second time.
fn only_replaces(event: &[(String, Json)]) -> bool {
    const CHANGES: [&str; 6] = ["set", "remove", "add", "append", "deleteFromSet", "updateExpression"];
    let mut changes = event.iter().filter(|(name, _)| CHANGES.contains(&name.as_str())).peekable();
    changes.peek().is_some()
        && changes.all(|(name, value)| match value {
            Json::Object(members) => name == "set" && members.iter().all(|(path, _)| !path.contains('[')),
            Json::Array(paths) => {
                name == "remove" && paths.iter().all(|path| matches!(path, Json::String(path) if !path.contains('[')))
            }
            _ => false,
        })
}

/// A state machine with the task as its only state.
pub(super) fn machine(
    definition: &Definition,
    event: &[(String, Json)],
    target: &Target,
    repetition: Repetition,
) -> Json {
    let name = definition.label.replace(' ', "");
    let payload = event.iter().map(|(name, value)| (name.clone(), payload(value))).collect();
    let state = object([
        ("Type", text("Task")),
        ("Resource", text(format!("arn:{}:states:::lambda:invoke", super::target::partition(target.region())))),
        ("Parameters", object([("FunctionName", text(target.function.clone())), ("Payload", Json::Object(payload))])),
        // Lambda adds its own members around the answer.
        ("OutputPath", text("$.Payload")),
        ("Retry", Json::Array(retriers(definition, event, repetition))),
        ("End", Json::Bool(true)),
    ]);
    object([("StartAt", text(name.clone())), ("States", Json::Object(vec![(name, state)]))])
}

/// An input as the state machine passes it on unchanged.
///
/// Step Functions reads numbers as doubles, and takes a member whose name ends in `.$` for a path. The functions accept
/// structures and numbers as text, so an input with one of these goes as text.
fn payload(value: &Json) -> Json {
    match value {
        value if is_safe(value) => value.clone(),
        Json::Number(digits) => text(digits.clone()),
        structure => text(structure.to_string()),
    }
}

fn is_safe(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(_) | Json::String(_) => true,
        Json::Number(digits) => is_exact(digits),
        Json::Array(elements) => elements.iter().all(is_safe),
        Json::Object(members) => members.iter().all(|(name, value)| !name.ends_with(".$") && is_safe(value)),
    }
}

/// Whether a double holds every digit: up to 15 significant ones, and no large exponent.
fn is_exact(digits: &str) -> bool {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let significant: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = significant.trim_start_matches('0');
    significant.len() <= 15 && exponent.parse::<i32>().is_ok_and(|exponent| exponent.abs() <= 200)
}

fn retriers(definition: &Definition, event: &[(String, Json)], repetition: Repetition) -> Vec<Json> {
    let mut refused = vec![
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "TransactionConflictException",
        "ReplicatedWriteConflictException",
        "Lambda.TooManyRequestsException",
    ];
    if repetition == Repetition::Token {
        refused.push("TransactionInProgressException");
    }
    if !connection(event).is_empty() {
        // STS's word for throttling.
        refused.push("Throttling");
    }
    let mut retriers = vec![retrier(&refused, 1, 30, 6)];
    let is_about_tables = matches!(
        definition.answer,
        AnswerShape::Data(members) if members.iter().any(|member| member.kind == MemberKind::Table)
    );
    if is_about_tables && definition.is_write() {
        retriers.push(retrier(&["LimitExceededException"], 10, 60, 6));
    }
    let no_answer = [
        "OutcomeUnknown",
        "Timeout",
        "ConnectionFailed",
        "InternalServerError",
        "ServiceUnavailable",
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.Unknown",
        "Sandbox.Timedout",
    ];
    retriers.push(match repetition {
        Repetition::Read | Repetition::Token | Repetition::Idempotent => retrier(&no_answer, 2, 20, 3),
        // With these two, nothing was written.
        Repetition::No => retrier(&["Timeout", "ConnectionFailed"], 2, 20, 3),
    });
    retriers
}

fn retrier(errors: &[&str], interval: u32, most: u32, attempts: u32) -> Json {
    let number = |number: u32| Json::Number(number.to_string());
    object([
        ("ErrorEquals", texts_of(errors.iter().copied())),
        ("IntervalSeconds", number(interval)),
        ("BackoffRate", number(2)),
        ("MaxDelaySeconds", number(most)),
        ("JitterStrategy", text("FULL")),
        ("MaxAttempts", number(attempts)),
    ])
}

#[cfg(test)]
mod tests {
    use shared::catalog;

    use super::*;

    fn repetition(function: &str, event: &str) -> Repetition {
        let Ok(Json::Object(event)) = Json::parse(event) else { panic!("{event}") };
        Repetition::of(catalog::function(function).unwrap(), &event)
    }

    #[test]
    fn only_what_may_be_done_twice_is_retried_without_an_answer() {
        for (function, event, expected) in [
            ("get-item", "{}", Repetition::Read),
            ("create-item", r#"{"item": {"id": "a"}}"#, Repetition::Idempotent),
            ("create-item", r#"{"item": {}, "conditionExpression": "attribute_exists(a)"}"#, Repetition::No),
            ("create-item", r#"{"item": {}, "returnValues": "all_old"}"#, Repetition::No),
            ("create-item", r#"{"item": {}, "expectedVersion": null, "requestToken": "t"}"#, Repetition::Token),
            ("create-item", r#"{"item": {}, "expectedVersion": 1, "requestToken": "auto"}"#, Repetition::No),
            ("delete-item", "{}", Repetition::Idempotent),
            ("update-item", r#"{"set": {"a.b": 1}, "remove": ["c"]}"#, Repetition::Idempotent),
            ("update-item", r#"{"set": {"a[0]": 1}}"#, Repetition::No),
            ("update-item", r#"{"set": {"a": 1}, "add": {"n": 1}}"#, Repetition::No),
            ("update-item", r#"{"updateExpression": "SET a = :a"}"#, Repetition::No),
            ("raw-request", r#"{"statement": " select * from T"}"#, Repetition::Read),
            ("raw-request", r#"{"statement": "DELETE FROM T"}"#, Repetition::No),
            ("raw-request", r#"{"statement": "SELECT 1", "queryParameters": {"Statement": "x"}}"#, Repetition::No),
            ("delete-table", r#"{"tableName": "T"}"#, Repetition::No),
        ] {
            assert_eq!(repetition(function, event), expected, "{function} {event}");
        }
    }

    #[test]
    fn what_step_functions_would_change_goes_as_text() {
        for (json, expected) in [
            (r#"{"a":1.5,"b":[123456789012345]}"#, r#"{"a":1.5,"b":[123456789012345]}"#),
            ("12345678901234567890.12", r#""12345678901234567890.12""#),
            (r#"{"a":{"n":1234567890123456}}"#, r#""{\"a\":{\"n\":1234567890123456}}""#),
            (r#"{"price.$":"$.x"}"#, r#""{\"price.$\":\"$.x\"}""#),
            ("1e+300", r#""1e+300""#),
            (r#""{% x %}""#, r#""{% x %}""#),
        ] {
            assert_eq!(payload(&Json::parse(json).unwrap()).to_string(), expected);
        }
    }
}
