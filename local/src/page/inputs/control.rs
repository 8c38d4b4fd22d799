//! The controls of a form, and which one an input has.

use shared::{
    Field, Shape,
    catalog::{Definition, FUNCTIONS},
};

use super::{Form, Input, hints, inputs};

/// How a form asks for an input.
#[derive(Debug)]
pub(in crate::page) enum Control {
    /// One line of text, or several.
    Text {
        is_long: bool,
    },
    /// A choice from what this function lists, or another text.
    PickList(&'static Definition),
    /// A password field. Its text is never shown again.
    Secret,
    /// One of these words.
    Words(&'static [&'static str]),
    Boolean,
    Number,
    /// A value with its type beside it.
    Value,
    /// A list of values.
    Rows(Rows),
    /// A text that holds JSON.
    Json,
    /// None: the function accepts the input and does not read it.
    Ignored,
    /// A structure whose inputs have controls of their own.
    Inputs(Vec<Input>),
}

/// A list of rows. Each one holds a value.
#[derive(Debug, Clone, Copy)]
pub(in crate::page) struct Rows {
    /// Whether each value has a name.
    pub(in crate::page) is_named: bool,
    /// Whether each value has a type. Other values are texts.
    pub(in crate::page) is_typed: bool,
    /// The input that holds the types. Without one, only JSON's own types can be chosen.
    pub(in crate::page) types: Option<&'static str>,
}

impl Control {
    /// The control of a field at `key`. `beside`: the fields of the same structure.
    pub(super) fn of(form: &Form<'_>, key: &str, field: &Field, beside: &[Field]) -> Self {
        if !field.choices().is_empty() {
            return Self::Words(field.choices());
        }
        let source = field.source.and_then(|source| FUNCTIONS.iter().find(|function| function.action == source));
        if let Some(source) = source {
            return Self::PickList(source);
        }
        Self::of_shape(form, key, field, &field.shape, beside)
    }

    fn of_shape(form: &Form<'_>, key: &str, field: &Field, shape: &Shape, beside: &[Field]) -> Self {
        let rows = |is_named: bool, element: &Shape| match element {
            Shape::Text | Shape::Verbatim => Self::Rows(Rows { is_named, is_typed: false, types: None }),
            Shape::Value => Self::Rows(Rows { is_named, is_typed: true, types: hints::types_of(field, beside) }),
            _ => Self::Json,
        };
        match shape {
            Shape::Text | Shape::Verbatim => Self::Text { is_long: hints::is_long(field) },
            Shape::Secret => Self::Secret,
            Shape::Boolean => Self::Boolean,
            Shape::Whole { .. } => Self::Number,
            Shape::Words(words) => Self::Words(words),
            Shape::Value => Self::Value,
            Shape::List(element) => rows(false, element),
            Shape::Collection(element) => rows(true, element),
            Shape::Structure(fields) if fields.iter().all(|field| is_simple(&field.shape)) => {
                Self::Inputs(inputs(form, &format!("{key}."), fields))
            }
            Shape::OneOf(shapes) if shapes.iter().any(|shape| matches!(shape, Shape::Value)) => Self::Value,
            Shape::OneOf(shapes) => match shapes.first() {
                Some(first) => Self::of_shape(form, key, field, first, beside),
                None => Self::Json,
            },
            Shape::Named("types", _) | Shape::Types | Shape::Structure(_) | Shape::Document => Self::Json,
            Shape::Ignored => Self::Ignored,
            Shape::Named(_, of) => Self::of_shape(form, key, field, &of(), beside),
        }
    }
}

/// Whether a control of one line is enough.
fn is_simple(shape: &Shape) -> bool {
    matches!(
        shape,
        Shape::Text
            | Shape::Verbatim
            | Shape::Secret
            | Shape::Boolean
            | Shape::Whole { .. }
            | Shape::Words(_)
            | Shape::Ignored
    )
}
