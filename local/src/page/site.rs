//! What the pages know: the functions, and the sample events.

use std::{fs, path::PathBuf};

use shared::catalog::Definition;

use super::take_away::Target;
use crate::lambda::Invoker;

/// What all requests share.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) invoker: Invoker,
    /// The endpoint of Lambda's API on this machine.
    pub(super) lambda_url: String,
    /// The folder with the sample events. Their names start with the function's name and a dot.
    pub(super) samples: PathBuf,
}

impl Site {
    /// The names of a function's sample events, without `.json`: `get-item`, `get-item.plain`.
    pub(super) fn samples(&self, definition: &Definition) -> Vec<String> {
        let Ok(folder) = fs::read_dir(&self.samples) else { return Vec::new() };
        let mut names: Vec<String> = folder
            .filter_map(|file| Some(file.ok()?.file_name().to_str()?.strip_suffix(".json")?.to_owned()))
            .filter(|name| name.split('.').next() == Some(definition.name))
            .collect();
        names.sort_unstable();
        names
    }

    /// The text of a function's sample event. `None` if there is none of this name.
    pub(super) fn sample(&self, definition: &Definition, name: &str) -> Option<String> {
        // Only a name from the list becomes a part of a path.
        let known = self.samples(definition).into_iter().find(|known| known == name)?;
        fs::read_to_string(self.samples.join(format!("{known}.json"))).ok()
    }

    /// The function on this machine.
    pub(super) fn target(&self, definition: &Definition) -> Target {
        Target {
            function: self.invoker.arn(definition.name),
            endpoint: self.lambda_url.clone(),
            url: String::new(),
            is_local: true,
        }
    }
}
