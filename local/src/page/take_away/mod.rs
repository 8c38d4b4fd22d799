//! What a user takes away of a form: the event, and what calls the function with it.

mod event;
mod policy;
mod shell;
mod target;
mod task;

use shared::{Json, catalog::Definition};

use self::event::masked;
pub(super) use self::target::{LOCAL_KEY, Target};
use super::inputs::Input;
use crate::json::pretty;

/// A text to take away.
#[derive(Debug)]
pub(super) struct TakeAway {
    /// The text's name in the page, a part of identifiers.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// What to do with it, in Markdown's inline code.
    pub(super) note: String,
    pub(super) content: String,
}

/// Every text for this event. No text holds a secret.
pub(super) fn texts(
    definition: &Definition,
    inputs: &[Input],
    event: Vec<(String, Json)>,
    target: &Target,
) -> Vec<TakeAway> {
    let (event, placeholders) = masked(inputs, event);
    let secrets = match &placeholders[..] {
        [] => String::new(),
        _ => format!(" Put your secrets in the places of {}.", placeholders.join(", ")),
    };
    let text = event::text(&event);
    let retried = task::Repetition::of(definition, &event);
    let policy = policy::document(definition, &event, target);
    let mut texts = vec![
        TakeAway {
            id: "event",
            title: "Event",
            note: format!("A file for `sam local invoke --event`, for `cargo run -- invoke` and for tests.{secrets}"),
            content: text.clone(),
        },
        TakeAway {
            id: "task",
            title: "Step Functions task",
            note: format!(
                "A state machine with one state. To add it to yours, copy what is in `States`. {}{}{secrets}",
                retried.reason(),
                task::size_note(definition, &event)
            ),
            content: pretty(&task::machine(definition, &event, target, retried).to_string()),
        },
        TakeAway {
            id: "aws-cli",
            title: "AWS CLI",
            note: format!("A command for a shell, for both versions of the AWS CLI.{secrets}"),
            content: shell::aws_cli(target, &text),
        },
        TakeAway {
            id: "curl",
            title: "curl",
            note: format!("The same with a signature by curl, version 7.82 or newer. {}{secrets}", target.curl_note()),
            content: shell::curl(target, &text),
        },
        TakeAway {
            id: "caller-policy",
            title: "IAM policy of the caller",
            note: "For the identity that invokes the function, such as the state machine's role.".to_owned(),
            content: pretty(&policy::of_caller(target).to_string()),
        },
    ];
    if let Some(policy) = policy {
        let at = texts.len() - 1;
        let content = pretty(&policy.to_string());
        texts.insert(at, TakeAway { id: "policy", title: "IAM policy", note: policy::note(&event), content });
    }
    texts
}

/// The text of the event alone, for a file. It holds no secret.
pub(super) fn event_file(inputs: &[Input], event: Vec<(String, Json)>) -> String {
    event::text(&masked(inputs, event).0)
}

/// An object with these members.
fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn text(text: impl Into<String>) -> Json {
    Json::String(text.into())
}

fn texts_of<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Json {
    Json::Array(texts.into_iter().map(text).collect())
}

/// The text of an input. `None` if it is left out or no text.
fn given<'e>(event: &'e [(String, Json)], name: &str) -> Option<&'e str> {
    event.iter().find_map(|(other, value)| match value {
        Json::String(text) if other == name => Some(text.trim()),
        _ => None,
    })
}

/// The connection's inputs.
fn connection(event: &[(String, Json)]) -> &[(String, Json)] {
    event
        .iter()
        .find_map(|(name, value)| match value {
            Json::Object(members) if name == "connection" => Some(members.as_slice()),
            _ => None,
        })
        .unwrap_or_default()
}
