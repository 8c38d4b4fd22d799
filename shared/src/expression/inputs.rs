//! The inputs that go with expressions.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    Placeholders, check_placeholder_count,
    placeholders::{NAMES, VALUES},
};
use crate::{
    error::Error,
    input::{Collection, Verbatim},
    inputs,
    json::Json,
    value::{Format, Types, Values},
};

inputs! {
    /// `expressionAttributeNames` alone, for a read that has no values.
    #[derive(Clone)]
    pub struct NameInputs {
        /// Placeholder (`#n`) → attribute name.
        pub names: Option<Collection<Verbatim>> = ["expressionAttributeNames"],
    }
}

inputs! {
    /// `expressionAttributeNames` and `expressionAttributeValues` with their types.
    #[derive(Default)]
    pub struct PlaceholderInputs {
        /// Placeholder (`#n`) → attribute name.
        pub names: Option<Collection<Verbatim>> = ["expressionAttributeNames"],
        /// Placeholder (`:v`) → value.
        pub values: Option<Collection<Json>> = ["expressionAttributeValues"],
        /// Placeholder (`:v`) → type.
        pub types: Option<Collection<Types>> = ["expressionAttributeValueTypes"],
    }
}

impl NameInputs {
    /// The placeholders for a request's expressions.
    ///
    /// # Errors
    /// As [`Placeholders::new`].
    pub fn into_placeholders(self) -> Result<Placeholders<AttributeValue>, Error> {
        Placeholders::new(verbatim(self.names), Vec::new())
    }
}

impl PlaceholderInputs {
    /// The placeholders for a request's expressions.
    ///
    /// # Errors
    /// As [`PlaceholderInputs::into_names_and_values`] and [`Placeholders::new`].
    pub fn into_placeholders(self, format: Format) -> Result<Placeholders<AttributeValue>, Error> {
        let (names, values) = self.into_names_and_values(format)?;
        Placeholders::new(names, values)
    }

    /// Attribute names and DynamoDB's values, by placeholder.
    ///
    /// # Errors
    /// As [`Values::into_attributes`], and for more placeholders than [`MOST_PLACEHOLDERS`](super::MOST_PLACEHOLDERS).
    pub fn into_names_and_values(self, format: Format) -> Result<NamesAndValues, Error> {
        check_placeholder_count(NAMES, count(self.names.as_ref()))?;
        check_placeholder_count(VALUES, count(self.values.as_ref()))?;
        check_placeholder_count(VALUE_TYPES, count(self.types.as_ref()))?;
        let values = Values { input: VALUES, values: self.values, types_input: VALUE_TYPES, types: self.types };
        Ok((verbatim(self.names), values.into_attributes(format)?))
    }
}

/// Attribute names and values, each by its placeholder.
pub type NamesAndValues = (Vec<(String, String)>, Vec<(String, AttributeValue)>);

const VALUE_TYPES: &str = "expressionAttributeValueTypes";

fn count<T>(collection: Option<&Collection<T>>) -> usize {
    collection.map_or(0, |Collection(members)| members.len())
}

fn verbatim(names: Option<Collection<Verbatim>>) -> Vec<(String, String)> {
    names.unwrap_or_default().0.into_iter().map(|(placeholder, Verbatim(name))| (placeholder, name)).collect()
}
