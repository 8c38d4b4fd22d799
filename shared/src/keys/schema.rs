//! The names and types of a table's key, as `DescribeTable` returns them, and the conversion of a caller's values to
//! them.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;

use crate::{
    error::Error,
    json::Json,
    path::Path,
    value::{self, Code, Format},
};

/// The most bytes of a hash key's value:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys>.
const LARGEST_HASH: usize = 2_048;
/// The most bytes of a range key's value.
const LARGEST_RANGE: usize = 1_024;

/// A table's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySchema {
    pub(super) hash: KeyAttribute,
    pub(super) range: Option<KeyAttribute>,
    /// The other attributes of the table's indexes' keys. An item may lack them.
    pub(super) of_indexes: Vec<KeyAttribute>,
}

/// One attribute of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyAttribute {
    pub(super) name: String,
    pub(super) code: Code,
    /// The most bytes of the value, and the name of the kind of key with that limit.
    limit: (usize, &'static str),
}

impl KeySchema {
    /// The names of the key's attributes. The hash key's name comes first.
    #[must_use]
    pub fn attribute_names(&self) -> Vec<String> {
        [Some(&self.hash), self.range.as_ref()].into_iter().flatten().map(|attribute| attribute.name.clone()).collect()
    }

    /// Reads the key schema from the body of a `DescribeTable` response.
    pub(super) fn from_description(body: &[u8]) -> Result<Self, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Response {
            table: Table,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Table {
            key_schema: Vec<Element>,
            attribute_definitions: Vec<Definition>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Element {
            attribute_name: String,
            key_type: String,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Definition {
            attribute_name: String,
            attribute_type: String,
        }

        let Response { table } = serde_json::from_slice(body).map_err(Error::broken_answer)?;
        let attribute = |key_type: &str| {
            let name = table.key_schema.iter().find(|element| element.key_type == key_type)?.attribute_name.clone();
            let definition = table.attribute_definitions.iter().find(|definition| definition.attribute_name == name)?;
            let code = Code::parse(&definition.attribute_type)?;
            Some((name, code))
        };
        let (name, code) = attribute("HASH").ok_or_else(|| Error::broken_answer("a table without a hash key"))?;
        let of_table = |name: &str| table.key_schema.iter().any(|element| element.attribute_name == name);
        let of_indexes = table.attribute_definitions.iter().filter(|definition| !of_table(&definition.attribute_name));
        Ok(Self {
            hash: KeyAttribute::hash(name, code),
            range: attribute("RANGE").map(|(name, code)| KeyAttribute::range(name, code)),
            of_indexes: of_indexes
                .filter_map(|definition| {
                    let code = Code::parse(&definition.attribute_type)?;
                    Some(KeyAttribute::of_index(definition.attribute_name.clone(), code))
                })
                .collect(),
        })
    }
}

impl KeyAttribute {
    pub(super) fn hash(name: String, code: Code) -> Self {
        Self { name, code, limit: (LARGEST_HASH, "hash key") }
    }

    pub(super) fn range(name: String, code: Code) -> Self {
        Self { name, code, limit: (LARGEST_RANGE, "range key") }
    }

    /// An attribute of an index's key. It is not known whether it is a hash or a range key, so the larger limit holds.
    fn of_index(name: String, code: Code) -> Self {
        Self { name, code, limit: (LARGEST_HASH, "index key") }
    }

    /// The attribute's name, and `json` as a value of the attribute's type.
    pub(super) fn attribute(
        &self,
        json: &Json,
        format: Format,
        path: &Path<'_>,
    ) -> Result<(String, AttributeValue), Error> {
        let value = value::key_value(json.clone(), self.code, format, path)?;
        self.check_size(&value, path)?;
        Ok((self.name.clone(), value))
    }

    fn check_size(&self, value: &AttributeValue, path: &Path<'_>) -> Result<(), Error> {
        let (most, key) = self.limit;
        match value::size::size(value) {
            size if size > most => Err(Error::input(
                path,
                format_args!("the value of the {key} `{}` has {size} bytes; DynamoDB holds {most} bytes", self.name),
            )),
            _ => Ok(()),
        }
    }

    /// Checks the attribute of an item or of a key: its type, its size, and that it is not empty.
    pub(super) fn check(&self, value: &AttributeValue, path: &Path<'_>) -> Result<(), Error> {
        let (_, key) = self.limit;
        match value::code_of(value) {
            Some(code) if code == self.code => {}
            given => {
                let given = given.map_or("unknown".to_owned(), |code| code.to_string());
                return Err(Error::input(
                    path,
                    format_args!("the {key} `{}` has the type {}, and the value has {given}", self.name, self.code),
                ));
            }
        }
        if value::size::size(value) == 0 {
            return Err(Error::input(path, format_args!("the value of the {key} `{}` is empty", self.name)));
        }
        self.check_size(value, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_types_come_from_the_key_schema() {
        let body = br#"{"Table":{"New":1,"AttributeDefinitions":[
            {"AttributeName":"at","AttributeType":"N"},{"AttributeName":"mail","AttributeType":"B"},{"AttributeName":"id","AttributeType":"S"}],
            "KeySchema":[{"AttributeName":"at","KeyType":"RANGE"},{"AttributeName":"id","KeyType":"HASH"}]}}"#;
        let expected = KeySchema {
            hash: KeyAttribute::hash("id".into(), Code::S),
            range: Some(KeyAttribute::range("at".into(), Code::N)),
            of_indexes: vec![KeyAttribute::of_index("mail".into(), Code::B)],
        };
        assert_eq!(KeySchema::from_description(body), Ok(expected));
    }

    #[test]
    fn a_hash_key_has_at_most_2048_bytes_and_a_range_key_1024() {
        let hash = KeyAttribute::hash("id".into(), Code::S);
        let range = KeyAttribute::range("at".into(), Code::B);
        let of = |attribute: &KeyAttribute, json: Json| {
            attribute.attribute(&json, Format::Plain, &Path::Input("v")).map_err(|error| error.to_string())
        };
        // The limit counts bytes, not characters: `é` has two bytes.
        assert!(of(&hash, Json::String("é".repeat(1_024))).is_ok());
        assert_eq!(
            of(&hash, Json::String("é".repeat(1_024) + "x")),
            Err("`v`: the value of the hash key `id` has 2049 bytes; DynamoDB holds 2048 bytes".into())
        );
        let bytes = |count| Json::Object(vec![("utf8".into(), Json::String("x".repeat(count)))]);
        assert!(of(&range, bytes(1_024)).is_ok());
        assert_eq!(
            of(&range, bytes(1_025)),
            Err("`v`: the value of the range key `at` has 1025 bytes; DynamoDB holds 1024 bytes".into())
        );
    }
}
