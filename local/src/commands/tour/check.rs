//! Compares the result of a step with the expected result.

use local::Invocation;

use super::step::{Expected, Step};

/// Checks that a step gave the expected result. The error says what it did instead.
pub(super) fn check(step: &Step, answer: &Invocation, used_before: bool) -> Result<(), String> {
    let found = answer.error();
    let expected = match step.expected {
        Expected::AnswerOnce(already)
            if used_before && found.as_ref().is_some_and(|error| error.error_type == already) =>
        {
            return Ok(());
        }
        Expected::AnswerOnce(_) | Expected::Answer => None,
        Expected::Error(error_type) => Some(error_type),
    };
    match (expected, found) {
        (None, None) => Ok(()),
        (Some(expected), Some(error)) if error.error_type == expected => Ok(()),
        (None, Some(error)) => Err(format!("failed with `{}`: {}", error.error_type, error.error_message)),
        (Some(expected), Some(error)) => {
            Err(format!("failed with `{}` instead of `{expected}`: {}", error.error_type, error.error_message))
        }
        (Some(expected), None) => Err(format!("gave an answer instead of failing with `{expected}`")),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{super::step::Event, *};

    fn answer(failed: Option<&str>) -> Invocation {
        let payload = failed.map_or_else(
            || "{}".to_owned(),
            |error_type| format!(r#"{{"errorType": "{error_type}", "errorMessage": "so"}}"#),
        );
        Invocation {
            payload: payload.into(),
            failed: failed.is_some(),
            request_id: String::new(),
            log: String::new(),
            duration: Duration::ZERO,
            init: None,
        }
    }

    #[test]
    fn a_step_with_another_result_is_reported() {
        for (expected, found, used_before, report) in [
            (Expected::Answer, None, false, None),
            (Expected::Error("A"), Some("A"), false, None),
            (Expected::AnswerOnce("ResourceInUseException"), None, true, None),
            (Expected::AnswerOnce("ResourceInUseException"), Some("ResourceInUseException"), true, None),
            (
                Expected::AnswerOnce("ResourceInUseException"),
                Some("ResourceInUseException"),
                false,
                Some("failed with `ResourceInUseException`: so"),
            ),
            (Expected::AnswerOnce("B"), Some("A"), true, Some("failed with `A`: so")),
            (Expected::Answer, Some("A"), true, Some("failed with `A`: so")),
            (Expected::Error("A"), Some("B"), false, Some("failed with `B` instead of `A`: so")),
            (Expected::Error("A"), None, false, Some("gave an answer instead of failing with `A`")),
        ] {
            let step = Step { expected, ..Step::new("list-tables", Event::Text("{}"), "") };
            assert_eq!(check(&step, &answer(found), used_before).err().as_deref(), report);
        }
    }
}
