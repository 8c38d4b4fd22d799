//! The type beside a value: what a text and its type become in an event, and back.

use shared::{Json, ParseError};

use crate::json::pretty;

/// The type beside a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::page) enum Kind {
    Text,
    Number,
    Boolean,
    Null,
    /// JSON, whose own types count.
    Json,
    Binary,
    List,
    Map,
    TextSet,
    NumberSet,
    BinarySet,
}

/// Why a text is no value of its type.
#[derive(Debug)]
pub(super) enum Fault {
    NotJson(ParseError),
    Other(String),
}

impl Kind {
    const ALL: [Self; 11] = [
        Self::Text,
        Self::Number,
        Self::Boolean,
        Self::Null,
        Self::Json,
        Self::Binary,
        Self::List,
        Self::Map,
        Self::TextSet,
        Self::NumberSet,
        Self::BinarySet,
    ];

    /// The types that can be chosen. Without an input for types, these are JSON's own.
    pub(in crate::page) fn offered(with_types: bool) -> &'static [Self] {
        if with_types { &Self::ALL } else { &Self::ALL[..5] }
    }

    /// The type's name in a form. For a type of DynamoDB, this is its code.
    pub(in crate::page) fn code(self) -> &'static str {
        match self {
            Self::Text => "S",
            Self::Number => "N",
            Self::Boolean => "BOOL",
            Self::Null => "NULL",
            Self::Json => "JSON",
            Self::Binary => "B",
            Self::List => "L",
            Self::Map => "M",
            Self::TextSet => "SS",
            Self::NumberSet => "NS",
            Self::BinarySet => "BS",
        }
    }

    pub(in crate::page) fn label(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Number => "Number",
            Self::Boolean => "True or false",
            Self::Null => "Null",
            Self::Json => "JSON",
            Self::Binary => "Binary (base64)",
            Self::List => "List",
            Self::Map => "Map",
            Self::TextSet => "Set of texts",
            Self::NumberSet => "Set of numbers",
            Self::BinarySet => "Set of binaries",
        }
    }

    /// The type with this code, in any letter case. Nothing is the type of a text.
    pub(in crate::page) fn of_code(code: &str) -> Option<Self> {
        let code = code.trim();
        if code.is_empty() {
            return Some(Self::Text);
        }
        Self::ALL.into_iter().find(|kind| kind.code().eq_ignore_ascii_case(code))
    }

    /// The value of the text in an event, and whether its type must stand beside it.
    pub(super) fn value(self, text: &str, with_types: bool) -> Result<(Json, bool), Fault> {
        let trimmed = text.trim();
        let parsed = || Json::parse(text).map_err(Fault::NotJson);
        let as_text = |rule: &str| {
            if with_types {
                return Ok((Json::String(text.to_owned()), true));
            }
            Err(Fault::Other(format!("`{}` is not {rule}", trimmed.escape_debug())))
        };
        match self {
            Self::Text => Ok((Json::String(text.to_owned()), false)),
            Self::Number => match Json::parse(trimmed) {
                Ok(number @ Json::Number(_)) => Ok((number, false)),
                _ => as_text("a number"),
            },
            Self::Boolean => match trimmed.to_ascii_lowercase().as_str() {
                "true" => Ok((Json::Bool(true), false)),
                "false" => Ok((Json::Bool(false), false)),
                _ => as_text("true or false"),
            },
            Self::Null if trimmed.is_empty() || trimmed == "null" => Ok((Json::Null, false)),
            Self::Null => Err(Fault::Other("null has no text; empty the value, or choose another type".to_owned())),
            Self::Json => Ok((parsed()?, false)),
            Self::Binary if trimmed.starts_with('{') => Ok((parsed()?, true)),
            Self::Binary => Ok((Json::String(text.to_owned()), true)),
            Self::List | Self::Map | Self::TextSet | Self::NumberSet | Self::BinarySet => {
                if trimmed.is_empty() {
                    return Err(Fault::Other(format!("a value such as `{}` is expected", self.example())));
                }
                Ok((parsed()?, true))
            }
        }
    }

    /// The type of a value that has no type beside it.
    pub(super) fn of_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(_) => Self::Boolean,
            Json::Number(_) => Self::Number,
            Json::String(_) => Self::Text,
            Json::Array(_) | Json::Object(_) => Self::Json,
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Map => r#"{"city": "Oslo"}"#,
            Self::NumberSet => "[1, 2]",
            _ => r#"["a", "b"]"#,
        }
    }
}

/// The text that stands for a value in a form.
pub(super) fn text(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => pretty(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(kind: Kind, text: &str) -> (String, bool) {
        let (json, has_type) = kind.value(text, true).unwrap();
        (json.to_string(), has_type)
    }

    #[test]
    fn a_text_and_its_type_become_a_value() {
        for (kind, text, json, has_type) in [
            (Kind::Text, " a ", r#"" a ""#, false),
            (Kind::Text, "", r#""""#, false),
            (Kind::Number, " 12345678901234567890.120 ", "12345678901234567890.120", false),
            (Kind::Number, "many", r#""many""#, true),
            (Kind::Boolean, "TRUE", "true", false),
            (Kind::Boolean, "no", r#""no""#, true),
            (Kind::Null, "", "null", false),
            (Kind::Json, r#"{"a": [1.0]}"#, r#"{"a":[1.0]}"#, false),
            (Kind::Binary, "AAEC", r#""AAEC""#, true),
            (Kind::Binary, r#"{"utf8": "x"}"#, r#"{"utf8":"x"}"#, true),
            (Kind::TextSet, r#"["a"]"#, r#"["a"]"#, true),
            (Kind::List, r#"[{"S": "a"}]"#, r#"[{"S":"a"}]"#, true),
        ] {
            assert_eq!(value(kind, text), (json.to_owned(), has_type), "{kind:?} {text}");
        }
    }

    #[test]
    fn a_text_that_is_no_value_is_a_fault() {
        assert!(matches!(Kind::Json.value("{", true), Err(Fault::NotJson(_))));
        assert!(matches!(Kind::Map.value("", true), Err(Fault::Other(_))));
        assert!(matches!(Kind::Null.value("x", true), Err(Fault::Other(_))));
        assert!(matches!(Kind::Number.value("x", false), Err(Fault::Other(_))));
    }

    #[test]
    fn a_type_is_found_by_its_code_in_any_letter_case() {
        assert_eq!(Kind::of_code("ss"), Some(Kind::TextSet));
        assert_eq!(Kind::of_code(""), Some(Kind::Text));
        assert_eq!(Kind::of_code("X"), None);
    }
}
