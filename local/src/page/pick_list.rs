//! Pick-lists, filled by the functions that are there for it.

use serde::Deserialize;
use shared::{Json, catalog::Definition};

use super::{
    inputs::{self, Control, Input},
    site::Site,
};

/// A choice of a pick-list.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Choice {
    pub(super) label: String,
    pub(super) key: String,
}

/// What can be picked, or why that is not known.
pub(super) type Choices = Result<Vec<Choice>, String>;

/// The pick-lists of a form, by the names of their functions.
#[derive(Debug, Default)]
pub(super) struct PickLists(Vec<(&'static str, Choices)>);

impl PickLists {
    /// The pick-lists that these inputs need, for the connection and the region of the event.
    pub(super) async fn load(site: &Site, inputs: &[Input], event: &[(String, Json)]) -> Self {
        let mut lists = Self::default();
        for input in inputs::all(inputs) {
            if let Control::PickList(source) = input.control
                && lists.of(source).is_none()
            {
                lists.0.push((source.name, choices(site, source, event).await));
            }
        }
        lists
    }

    pub(super) fn of(&self, source: &Definition) -> Option<&Choices> {
        self.0.iter().find_map(|(name, choices)| (*name == source.name).then_some(choices))
    }
}

async fn choices(site: &Site, source: &Definition, event: &[(String, Json)]) -> Choices {
    #[derive(Deserialize)]
    struct Answer {
        result: Vec<Choice>,
    }
    let is_place = |name: &str| source.has_connection() && ["connection", "awsRegion"].contains(&name);
    let event = event.iter().filter(|(name, _)| is_place(name)).cloned().collect();
    let event = Json::Object(event).to_string();
    let invocation = site.invoker.invoke(source.name, event).await.map_err(|error| error.to_string())?;
    if let Some(error) = invocation.error() {
        return Err(format!("{}: {}", error.error_type, error.error_message));
    }
    let answer: Answer = serde_json::from_slice(&invocation.payload).map_err(|error| error.to_string())?;
    Ok(answer.result)
}
