//! One run of a function from its form.

use std::time::Duration;

use shared::{Format, Json, catalog::Definition};

use super::site::Site;
use crate::lambda::{FunctionError, Invocation};

/// What came of a run.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The answer. `None` if it is no JSON.
    pub(super) answer: Option<Json>,
    /// The answer's text as the function sent it.
    pub(super) text: String,
    /// The error of a failed invocation.
    pub(super) error: Option<FunctionError>,
    pub(super) log: String,
    pub(super) duration: Duration,
    /// The time from the process's start until it asked for an event. `None` for a warm process.
    pub(super) init: Option<Duration>,
    /// The format of the answer's items.
    pub(super) format: Format,
}

impl Outcome {
    /// Runs the function with this event. `Err` if there is no such function here.
    pub(super) async fn of(site: &Site, definition: &Definition, event: &[(String, Json)]) -> Result<Self, String> {
        let text = Json::Object(event.to_vec()).to_string();
        let invocation = site.invoker.invoke(definition.name, text).await.map_err(|error| error.to_string())?;
        let given = event.iter().find(|(name, _)| name == "outputFormat").map(|(_, value)| value);
        let format = match given {
            Some(Json::String(word)) if word.trim().eq_ignore_ascii_case("plain") => Format::Plain,
            Some(Json::String(word)) if word.trim().eq_ignore_ascii_case("typed") => Format::Typed,
            _ => definition.output_format.unwrap_or(Format::Plain),
        };
        let error = invocation.error();
        let Invocation { payload, log, duration, init, .. } = invocation;
        let text = String::from_utf8_lossy(&payload).into_owned();
        let answer = if error.is_none() { Json::parse(&text).ok() } else { None };
        Ok(Self { answer, text, error, log, duration, init, format })
    }
}
