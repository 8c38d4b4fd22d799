//! What a form must know of an input beyond what the catalog says. All of it is derived from the input's name.

use shared::{Field, Shape};

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
