//! The types that a caller asks for, in `itemTypes` and its siblings.

use std::fmt;

use super::scalar::structure;
use crate::{
    error::{Error, quote},
    input::{FromJson, Shape},
    json::{Json, starts_with},
    path::Path,
};

/// The code of a DynamoDB type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// String
    S,
    /// Number
    N,
    /// Binary
    B,
    /// Boolean
    Bool,
    /// Null
    Null,
    /// Map
    M,
    /// List
    L,
    /// String set
    Ss,
    /// Number set
    Ns,
    /// Binary set
    Bs,
}

impl Code {
    /// Reads a code in any letter case. Step Functions spells `NULL` as `Nul`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let code = match text.trim().to_ascii_uppercase().as_str() {
            "S" => Self::S,
            "N" => Self::N,
            "B" => Self::B,
            "BOOL" => Self::Bool,
            "NULL" | "NUL" => Self::Null,
            "M" => Self::M,
            "L" => Self::L,
            "SS" => Self::Ss,
            "NS" => Self::Ns,
            "BS" => Self::Bs,
            _ => return None,
        };
        Some(code)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
            Self::Bool => "BOOL",
            Self::Null => "NULL",
            Self::M => "M",
            Self::L => "L",
            Self::Ss => "SS",
            Self::Ns => "NS",
            Self::Bs => "BS",
        })
    }
}

/// The type of one value. Types mirror the shape of the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Types {
    /// `"N"`: this type.
    Code(Code),
    /// `{"zip": "S"}`: a map, with the types of some of its members.
    Members(Vec<(String, Types)>),
    /// `["N"]`: a list, with the type of all its elements.
    Elements(Box<Types>),
}

impl Types {
    /// The types as JSON, as an event gives them.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Code(code) => Json::String(code.to_string()),
            Self::Members(members) => {
                Json::Object(members.iter().map(|(name, types)| (name.clone(), types.to_json())).collect())
            }
            Self::Elements(types) => Json::Array(vec![types.to_json()]),
        }
    }
}

impl FromJson for Types {
    fn shape() -> Shape {
        Shape::Named("types", || Shape::Types)
    }

    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match json {
            Json::String(text) if starts_with(&text, '{') => {
                Self::from_json(structure(Json::String(text), '{', path)?, path)
            }
            Json::String(text) if starts_with(&text, '[') => {
                Self::from_json(structure(Json::String(text), '[', path)?, path)
            }
            Json::String(text) => {
                Code::parse(&text).map(Self::Code).ok_or_else(|| not_a_type(&Json::String(text), path))
            }
            Json::Object(members) => members
                .into_iter()
                .map(|(name, json)| {
                    let types = Self::from_json(json, &path.member(&name))?;
                    Ok((name, types))
                })
                .collect::<Result<_, _>>()
                .map(Self::Members),
            Json::Array(mut elements) if elements.len() == 1 => {
                let types = Self::from_json(elements.remove(0), &path.element(0))?;
                Ok(Self::Elements(Box::new(types)))
            }
            other @ (Json::Array(_) | Json::Null | Json::Bool(_) | Json::Number(_)) => Err(not_a_type(&other, path)),
        }
    }
}

fn not_a_type(json: &Json, path: &Path<'_>) -> Error {
    Error::input(
        path,
        format_args!(
            "{} is not a type; give one of S, N, B, BOOL, NULL, M, L, SS, NS, BS, an object with the types of a map's \
             members, or a list of one for the elements of a list",
            quote(json)
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Types, String> {
        Types::from_json(Json::parse(text).unwrap(), &Path::Input("itemTypes")).map_err(|error| error.to_string())
    }

    #[test]
    fn mirrors_the_shape_of_the_value() {
        assert_eq!(
            read(r#"{"age": "n", "address": {"zip": "S"}, "scores": ["Ns"]}"#),
            Ok(Types::Members(vec![
                ("age".into(), Types::Code(Code::N)),
                ("address".into(), Types::Members(vec![("zip".into(), Types::Code(Code::S))])),
                ("scores".into(), Types::Elements(Box::new(Types::Code(Code::Ns)))),
            ]))
        );
    }

    #[test]
    fn reads_json_text_as_a_form_sends_it() {
        assert_eq!(read(r#""{\"zip\": \"S\"}""#), read(r#"{"zip": "S"}"#));
        assert_eq!(read(r#""[\"N\"]""#), read(r#"["N"]"#));
    }

    #[test]
    fn names_the_place_of_an_unknown_code() {
        let error = read(r#"{"address": {"zip": "String"}}"#).unwrap_err();
        assert!(error.starts_with("`itemTypes.address.zip`: `\"String\"` is not a type; give one of S, N,"), "{error}");
        assert!(read("[]").is_err());
        assert!(read(r#"["S","N"]"#).is_err());
        assert!(read("null").is_err());
    }
}
