//! Pick-lists, filled by the functions that are there for it.

use serde::Deserialize;
use shared::Json;

use super::{
    inputs::{self, Control, Input, Source},
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

/// The pick-lists of a form.
#[derive(Debug, Default)]
pub(super) struct PickLists {
    regions: Option<Choices>,
    tables: Option<Choices>,
}

impl PickLists {
    /// The pick-lists that these inputs need, for the connection and the region of the event.
    pub(super) async fn load(site: &Site, inputs: &[Input], event: &[(String, Json)]) -> Self {
        let needs = |wanted| {
            inputs::all(inputs)
                .iter()
                .any(|input| matches!(input.control, Control::PickList(source) if source == wanted))
        };
        let mut lists = Self::default();
        if needs(Source::Regions) {
            lists.regions = Some(choices(site, Source::Regions, Vec::new()).await);
        }
        if needs(Source::Tables) {
            let place = event.iter().filter(|(name, _)| ["connection", "awsRegion"].contains(&name.as_str()));
            lists.tables = Some(choices(site, Source::Tables, place.cloned().collect()).await);
        }
        lists
    }

    pub(super) fn of(&self, source: Source) -> Option<&Choices> {
        match source {
            Source::Regions => self.regions.as_ref(),
            Source::Tables => self.tables.as_ref(),
        }
    }
}

async fn choices(site: &Site, source: Source, event: Vec<(String, Json)>) -> Choices {
    #[derive(Deserialize)]
    struct Answer {
        result: Vec<Choice>,
    }
    let event = Json::Object(event).to_string();
    let invocation = site.invoker.invoke(source.function(), event).await.map_err(|error| error.to_string())?;
    if let Some(error) = invocation.error() {
        return Err(format!("{}: {}", error.error_type, error.error_message));
    }
    let answer: Answer = serde_json::from_slice(&invocation.payload).map_err(|error| error.to_string())?;
    Ok(answer.result)
}
