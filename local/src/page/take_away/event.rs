//! The event without its secrets.

use shared::Json;

use super::super::inputs::{Control, Input};
use crate::json::pretty;

/// The event as a file holds it.
pub(super) fn text(event: &[(String, Json)]) -> String {
    pretty(&Json::Object(event.to_vec()).to_string())
}

/// The event with a placeholder in the place of each secret, and these placeholders.
pub(super) fn masked(inputs: &[Input], event: Vec<(String, Json)>) -> (Vec<(String, Json)>, Vec<String>) {
    let mut placeholders = Vec::new();
    let event = event
        .into_iter()
        .map(|(name, value)| {
            let input = inputs.iter().find(|input| input.field.name() == name);
            let value = match (input.map(|input| &input.control), value) {
                (Some(Control::Secret), _) => {
                    let placeholder = format!("<{name}>");
                    placeholders.push(format!("`{placeholder}`"));
                    Json::String(placeholder)
                }
                (Some(Control::Inputs(inside)), Json::Object(members)) => {
                    let (members, more) = masked(inside, members);
                    placeholders.extend(more);
                    Json::Object(members)
                }
                (_, value) => value,
            };
            (name, value)
        })
        .collect();
    (event, placeholders)
}

#[cfg(test)]
mod tests {
    use shared::catalog;

    use super::{super::super::inputs, *};

    #[test]
    fn every_secret_has_a_placeholder() {
        let inputs = inputs::of_function(catalog::function("list-tables").unwrap());
        let Ok(Json::Object(event)) = Json::parse(
            r#"{"connection": {"roleArn": "arn", "accessKeyId": "k", "secretAccessKey": "MARKED 1", "sessionToken": "MARKED 2",
                "externalId": "MARKED 3"}, "limit": 5}"#,
        ) else {
            panic!()
        };
        let (event, placeholders) = masked(&inputs, event);
        assert_eq!(placeholders, ["`<secretAccessKey>`", "`<sessionToken>`", "`<externalId>`"]);
        let text = text(&event);
        assert!(!text.contains("MARKED") && text.contains(r#""externalId": "<externalId>""#), "{text}");
    }
}
