//! Keys of items, compared as DynamoDB compares them.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{KeySchema, schema::KeyAttribute};
use crate::{
    error::Error,
    input::{Collection, FromJson as _},
    json::Json,
    path::Path,
    value::{self, Format, Types, number::Number},
};

/// The key of an item within its table. Two keys are equal if they name the same item: numbers are compared by value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ItemKey {
    hash: Scalar,
    range: Option<Scalar>,
}

/// The value of a key attribute, as DynamoDB compares it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Scalar {
    Text(Box<str>),
    Number(Number),
    Bytes(Box<[u8]>),
}

impl Scalar {
    /// `None` for a value that cannot be a key.
    pub(super) fn of(value: &AttributeValue) -> Option<Self> {
        match value {
            AttributeValue::S(text) => Some(Self::Text(text.as_str().into())),
            AttributeValue::N(digits) => Number::parse(digits).ok().map(Self::Number),
            AttributeValue::B(bytes) => Some(Self::Bytes(bytes.as_ref().into())),
            _ => None,
        }
    }
}

impl KeySchema {
    /// The key in the attributes of an item. `None` if an attribute of the key is missing or cannot be a key.
    pub fn key_in<'a>(&self, attribute: impl Fn(&str) -> Option<&'a AttributeValue>) -> Option<ItemKey> {
        let scalar = |name: &str| attribute(name).and_then(Scalar::of);
        let range = match &self.range {
            None => None,
            Some(range) => Some(scalar(&range.name)?),
        };
        Some(ItemKey { hash: scalar(&self.hash.name)?, range })
    }

    /// Checks the key attributes of an item to write: the table's key must be there, and each key attribute must have its
    /// type, a size within DynamoDB's limit, and not be empty. Attributes of index keys may be missing.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] at the attribute.
    pub fn check_item(&self, item: &[(String, AttributeValue)], path: &Path<'_>) -> Result<ItemKey, Error> {
        let attribute = |name: &str| item.iter().find(|(known, _)| known == name).map(|(_, value)| value);
        for key in [Some(&self.hash), self.range.as_ref()].into_iter().flatten() {
            match attribute(&key.name) {
                Some(value) => key.check(value, &path.member(&key.name))?,
                None => return Err(self.lacks(&key.name, path)),
            }
        }
        for key in &self.of_indexes {
            if let Some(value) = attribute(&key.name) {
                key.check(value, &path.member(&key.name))?;
            }
        }
        // The attributes were checked, so they make a key.
        self.key_in(attribute).ok_or_else(|| Error::Internal("a checked key that is none".to_owned()))
    }

    /// Checks a whole key: the attributes of the table's key and no others.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] at the key or the attribute.
    pub fn check_key(&self, key: &[(String, AttributeValue)], path: &Path<'_>) -> Result<ItemKey, Error> {
        let names = self.attribute_names();
        if let Some((name, _)) = key.iter().find(|(name, _)| !names.contains(name)) {
            return Err(Error::input(&path.member(name), self.is_no_key()));
        }
        self.check_item(key, path)
    }

    /// The types of all key attributes, of the table's key and of its indexes' keys.
    #[must_use]
    pub fn types(&self) -> Vec<(String, Types)> {
        let of_table = [Some(&self.hash), self.range.as_ref()].into_iter().flatten();
        of_table.chain(&self.of_indexes).map(|key| (key.name.clone(), Types::Code(key.code))).collect()
    }

    /// The key that an element of a list of keys gives: the whole key as named values, or the hash key's value alone if
    /// the table has no range key.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] at the key or the attribute.
    pub fn read_key(
        &self,
        json: Json,
        types: Option<&Collection<Types>>,
        format: Format,
        path: &Path<'_>,
    ) -> Result<Vec<(String, AttributeValue)>, Error> {
        let is_whole = match &json {
            Json::Array(_) => true,
            // A typed value holds no object, a whole key of typed values does.
            Json::Object(members) => {
                format == Format::Plain || members.iter().any(|(_, json)| matches!(json, Json::Object(_)))
            }
            _ => false,
        };
        if !is_whole {
            if let Some(range) = &self.range {
                return Err(Error::input(
                    path,
                    format_args!("the table has the range key `{}`; give the whole key as an object", range.name),
                ));
            }
            return Ok(vec![self.hash.attribute(&json, format, path)?]);
        }
        let Collection(members) = Collection::<Json>::from_json(json, path)?;
        let given = types.map_or(&[][..], |Collection(types)| types);
        let keys = || [Some(&self.hash), self.range.as_ref()].into_iter().flatten();
        members
            .into_iter()
            .map(|(name, json)| {
                let path = path.member(&name);
                let Some(key) = keys().find(|key| key.name == name) else {
                    return Err(Error::input(&path, self.is_no_key()));
                };
                let code = match given.iter().find(|(known, _)| *known == name) {
                    Some((_, Types::Code(code))) => *code,
                    _ => key.code,
                };
                Ok((name.clone(), value::key_value(json, code, format, &path)?))
            })
            .collect()
    }

    /// The schema of a table that cannot be described, from one of its keys.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] at `path` if it is no key.
    pub fn assumed(key: &[(String, AttributeValue)], path: &Path<'_>) -> Result<Self, Error> {
        let attribute = |(name, value): &(String, AttributeValue)| Some((name.clone(), value::code_of(value)?));
        let attributes: Option<Vec<_>> = key.iter().map(attribute).collect();
        let attributes = attributes.unwrap_or_default();
        let (hash, range) = match attributes.as_slice() {
            [hash] => (hash, None),
            [hash, range] => (hash, Some(range)),
            _ => return Err(Error::input(path, "a key has one attribute, or two")),
        };
        Ok(Self {
            hash: KeyAttribute::hash(hash.0.clone(), hash.1),
            range: range.map(|(name, code)| KeyAttribute::range(name.clone(), *code)),
            of_indexes: Vec::new(),
        })
    }

    fn is_no_key(&self) -> String {
        format!("not of the table's key, which is `{}`", self.attribute_names().join("` and `"))
    }

    fn lacks(&self, name: &str, path: &Path<'_>) -> Error {
        let names = self.attribute_names().join("` and `");
        Error::input(path, format_args!("lacks `{name}`; the table's key is `{names}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Code;

    fn schema() -> KeySchema {
        KeySchema {
            hash: KeyAttribute::hash("id".into(), Code::S),
            range: Some(KeyAttribute::range("at".into(), Code::N)),
            of_indexes: vec![KeyAttribute::hash("color".into(), Code::S)],
        }
    }

    fn text(text: &str) -> AttributeValue {
        AttributeValue::S(text.into())
    }

    fn item(id: AttributeValue, at: &str, more: &[(&str, AttributeValue)]) -> Vec<(String, AttributeValue)> {
        let mut item = vec![("id".to_owned(), id), ("at".to_owned(), AttributeValue::N(at.into()))];
        item.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        item
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let key = |at| schema().check_item(&item(text("a"), at, &[]), &Path::Input("item")).unwrap();
        assert_eq!(key("1"), key("1.0"));
        assert_eq!(key("100"), key("1e2"));
        assert_ne!(key("1"), key("2"));
    }

    #[test]
    fn every_key_attribute_is_checked() {
        let problem = |item: Vec<(String, AttributeValue)>| {
            schema().check_item(&item, &Path::Input("item")).unwrap_err().to_string()
        };
        for (item, message) in [
            (item(text(""), "1", &[]), "`item.id`: the value of the hash key `id` is empty"),
            (
                item(AttributeValue::N("1".into()), "1", &[]),
                "`item.id`: the hash key `id` has the type S, and the value has N",
            ),
            (
                item(text("a"), "1", &[("color", AttributeValue::Null(true))]),
                "`item.color`: the hash key `color` has the type S, and the value has NULL",
            ),
            (item(text("a"), "1", &[])[..1].to_vec(), "`item`: lacks `at`; the table's key is `id` and `at`"),
        ] {
            assert_eq!(problem(item), message);
        }
        assert!(schema().check_item(&item(text("a"), "1", &[("color", text("red"))]), &Path::Input("item")).is_ok());
    }

    #[test]
    fn a_key_has_no_other_attribute() {
        let error = schema().check_key(&item(text("a"), "1", &[("color", text("red"))]), &Path::Input("key"));
        assert_eq!(error.unwrap_err().to_string(), "`key.color`: not of the table's key, which is `id` and `at`");
    }
}
