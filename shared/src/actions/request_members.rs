//! `queryParameters`: members of the API's request, for any action.

use crate::{
    error::Error,
    input::{Collection, FromJson, Shape, from_text, is_empty_structure},
    json::Json,
    path::Path,
};

/// Members of a request, as an object or as the component's list of `{"key", "value"}` pairs. In the list, text that is
/// JSON is read as that JSON: `"10"` is 10 and `"false"` is false. Other text stays text.
#[derive(Debug)]
pub(super) struct RequestMembers<T>(pub(super) T);

impl<T: FromJson> FromJson for RequestMembers<T> {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let members = match from_text(json, path)? {
            pairs @ Json::Array(_) => {
                let Collection(members) = Collection::<Json>::from_json(pairs, path)?;
                Json::Object(members.into_iter().map(|(name, json)| (name, parsed(json))).collect())
            }
            other => other,
        };
        T::from_json(members, path).map(Self)
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![T::shape(), Collection::<Json>::shape()])
    }

    fn is_empty(json: &Json) -> bool {
        is_empty_structure(json)
    }
}

fn parsed(json: Json) -> Json {
    match json {
        Json::String(text) => Json::parse(&text).unwrap_or(Json::String(text)),
        other => other,
    }
}
