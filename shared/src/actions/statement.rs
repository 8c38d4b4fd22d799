//! The parameters of a PartiQL statement.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::{
    error::Error,
    input::JsonList,
    path::Path,
    value::{self, Format, Types},
};

/// The parameters of a statement as DynamoDB's values.
///
/// # Errors
/// Returns [`Error::InvalidInput`] for a value that does not fit its type, for a type without a value, and for any type
/// beside typed values.
pub(super) fn typed(
    parameters: Option<JsonList>,
    types: Option<Vec<Option<Types>>>,
    format: Format,
) -> Result<Option<Vec<AttributeValue>>, Error> {
    let count = parameters.as_ref().map_or(0, |JsonList(values)| values.len());
    let types = types.unwrap_or_default();
    let types_path = Path::Input("parameterTypes");
    if types.len() > count {
        return Err(Error::input(&types_path.element(count), "a type for a parameter that has no value"));
    }
    if format == Format::Typed && types.iter().any(Option::is_some) {
        return Err(Error::input(
            &types_path,
            "with `inputFormat` `typed` the values carry their types; leave this out",
        ));
    }
    parameters
        .map(|given| each_typed(given, format, &Path::Input("parameters"), |index| types.get(index)?.as_ref()))
        .transpose()
}

/// Each of the parameters at `path` as DynamoDB's value. `types` returns the type of the parameter at an index.
///
/// # Errors
/// As [`value::value`].
pub(super) fn each_typed<'t>(
    JsonList(values): JsonList,
    format: Format,
    path: &Path<'_>,
    types: impl Fn(usize) -> Option<&'t Types>,
) -> Result<Vec<AttributeValue>, Error> {
    values
        .into_iter()
        .enumerate()
        .map(|(index, json)| value::value(json, types(index), format, &path.element(index)))
        .collect()
}
