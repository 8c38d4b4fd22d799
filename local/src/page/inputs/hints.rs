//! What a form must know of an input beyond its shape. All of it is derived from the input's name, in this file.

use shared::{Field, Shape, catalog::Definition, operation::Operation};

/// The function that fills a pick-list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::page) enum Source {
    Regions,
    Tables,
}

impl Source {
    /// The name of the function.
    pub(in crate::page) fn function(self) -> &'static str {
        match self {
            Self::Regions => "select-region",
            Self::Tables => "select-table",
        }
    }
}

/// The words of a name in camel case, for a person: `tableName` → `Table name`, `roleArn` → `Role ARN`.
pub(in crate::page) fn words(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let is_upper = |at: usize| letters.get(at).is_some_and(|letter| letter.is_uppercase());
    let is_lower = |at: usize| letters.get(at).is_some_and(|letter| letter.is_lowercase());
    let mut words: Vec<String> = vec![String::new()];
    for (at, letter) in letters.iter().enumerate() {
        // `SSEEnabled` has two words: the last capital of an acronym starts the next word.
        if at > 0 && is_upper(at) && (!is_upper(at - 1) || is_lower(at + 1)) {
            words.push(String::new());
        }
        words.last_mut().expect("there is a word").push(*letter);
    }
    let spelled = words.iter().enumerate().map(|(at, word)| {
        let is_acronym = word.len() > 1 && word.chars().all(char::is_uppercase);
        match word.to_lowercase().as_str() {
            known @ ("aws" | "arn" | "id" | "json") => known.to_uppercase(),
            _ if is_acronym => word.clone(),
            lower if at == 0 => {
                let mut rest = lower.chars();
                rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
            }
            lower => lower.to_owned(),
        }
    });
    spelled.collect::<Vec<_>>().join(" ")
}

/// The pick-list that fills the input.
pub(super) fn source(definition: &Definition, field: &Field) -> Option<Source> {
    match field.name() {
        "awsRegion" | "secretRegion" => Some(Source::Regions),
        // The table of `create-table` does not exist yet.
        "tableName" if !definition.operations.contains(&Operation::CreateTable) => Some(Source::Tables),
        _ => None,
    }
}

/// The words that a text may be.
pub(super) fn choices(key: &str) -> Option<&'static [&'static str]> {
    (key == "connection.type").then_some(&["accessKey", "role", "secret"])
}

/// Whether the text needs more than one line.
pub(super) fn is_long(field: &Field) -> bool {
    let name = field.name();
    name.ends_with("Expression") || name == "statement"
}

/// The input that holds the types of this input's values, one for each: `itemTypes` of `item`, `parameterTypes` of
/// `parameters`. The types of the attributes of several items, `keyTypes` beside `keys`, are none.
pub(super) fn types_of(field: &Field, beside: &[Field]) -> Option<&'static str> {
    let is_types = |shape: &Shape| matches!(shape, Shape::Named("types", _) | Shape::Types);
    let holds_types = |other: &Field| match (&field.shape, &other.shape) {
        (Shape::Collection(_), Shape::Collection(types)) | (Shape::List(_), Shape::List(types)) => is_types(types),
        _ => false,
    };
    let name = field.name();
    let singular = name.strip_suffix('s').unwrap_or(name);
    beside
        .iter()
        .filter(|other| holds_types(other))
        .map(Field::name)
        .find(|other| [name, singular].iter().any(|name| other.strip_suffix("Types") == Some(*name)))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_label_is_the_words_of_the_name() {
        for (name, expected) in [
            ("tableName", "Table name"),
            ("awsRegion", "AWS region"),
            ("limit", "Limit"),
            ("roleArn", "Role ARN"),
            ("returnItemOnConditionFailure", "Return item on condition failure"),
            ("AttributeName", "Attribute name"),
            ("SSEEnabled", "SSE enabled"),
            ("KMSMasterKeyId", "KMS master key ID"),
            ("", ""),
        ] {
            assert_eq!(words(name), expected);
        }
    }
}
