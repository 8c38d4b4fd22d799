//! The two macros that declare inputs.

/// Declares a structure of inputs: its fields, their meaning, their names on the wire and their other spellings.
///
/// ```text
/// inputs! {
///     /// What it takes.
///     pub struct Input {
///         /// The table's name. A type without a default is required.
///         pub table_name: String = ["tableName"] { example: "Customers" },
///         /// An optional input with a second spelling.
///         pub update_expression: Option<String> = ["updateExpression", "query"],
///         /// An optional input with a default.
///         pub fetch_all: Option<bool> = ["fetchAll"] { default: false },
///     }
/// }
/// ```
///
/// A field with `= group` is another such structure. Its inputs stand in the same object. After the names, braces may
/// hold `default` and `example`, each a JSON value, `alternatives`, the names of the inputs that may replace this one,
/// and what a form needs: `label`, `choices` and `source`, each as in [`Field`](crate::input::Field).
macro_rules! inputs {
    (
        $(#[$($attribute:tt)*])*
        $visibility:vis struct $name:ident {
            $(
                $(#[$($field_attribute:tt)*])*
                $field_visibility:vis $field:ident : $type:ty = $spec:tt $({ $($key:ident : $value:tt),+ $(,)? })?
            ),* $(,)?
        }
    ) => {
        $(#[$($attribute)*])*
        #[derive(Debug)]
        $visibility struct $name {
            $( $(#[$($field_attribute)*])* $field_visibility $field: $type, )*
        }

        impl $crate::input::FromInputs for $name {
            #[allow(unused_variables, reason = "a structure may have no inputs of its own")]
            fn fields(fields: &mut Vec<$crate::input::Field>) {
                $(
                    $crate::input::inputs!(
                        @field fields, $type, $spec, concat!($($crate::input::inputs!(@doc $($field_attribute)*)),*),
                        $({ $($key : $value),+ })?
                    );
                )*
            }

            #[allow(unused_variables, reason = "a structure may have no inputs of its own")]
            fn names(names: &mut Vec<&'static [&'static str]>) {
                $( $crate::input::inputs!(@names names, $type, $spec); )*
            }

            #[allow(unused_variables, reason = "a structure may have no inputs of its own")]
            fn texts(names: &mut Vec<&'static str>) {
                $( $crate::input::inputs!(@texts names, $type, $spec); )*
            }

            #[allow(unused_variables, reason = "a structure may have no inputs of its own")]
            fn read(inputs: &mut $crate::input::Inputs<'_>) -> Result<Self, $crate::error::Error> {
                Ok(Self { $( $field: $crate::input::inputs!(@read inputs, $type, $spec), )* })
            }
        }

        impl $crate::input::FromJson for $name {
            fn from_json(
                json: $crate::json::Json,
                path: &$crate::path::Path<'_>,
            ) -> Result<Self, $crate::error::Error> {
                $crate::input::Inputs::read($crate::input::object(json, path)?, Some(path))
            }

            fn shape() -> $crate::input::Shape {
                $crate::input::Shape::Structure($crate::input::fields_of::<Self>())
            }

            fn is_empty(json: &$crate::json::Json) -> bool {
                $crate::input::is_empty_structure(json)
            }
        }
    };
    (@doc doc = $text:literal) => { concat!($text, "\n") };
    (@doc $($other:tt)*) => { "" };
    (@names $names:ident, $type:ty, group) => { <$type as $crate::input::FromInputs>::names($names) };
    (@names $names:ident, $type:ty, [$($name:literal),+]) => { $names.push(&[$($name),+]) };
    (@texts $names:ident, $type:ty, group) => { <$type as $crate::input::FromInputs>::texts($names) };
    (@texts $names:ident, $type:ty, [$($name:literal),+]) => {
        if <$type as $crate::input::FromJson>::READS_TEXT {
            $names.extend([$($name),+]);
        }
    };
    (@read $inputs:ident, $type:ty, group) => { <$type as $crate::input::FromInputs>::read($inputs)? };
    (@read $inputs:ident, $type:ty, [$($name:literal),+]) => { $inputs.take(&[$($name),+])? };
    (@field $fields:ident, $type:ty, group, $summary:expr,) => { <$type as $crate::input::FromInputs>::fields($fields) };
    (@field $fields:ident, $type:ty, [$($name:literal),+], $summary:expr, $({ $($key:ident : $value:tt),+ })?) => {
        $fields.push($crate::input::Field {
            $( $($key: $crate::input::inputs!(@annotation $key $value),)+ )?
            ..$crate::input::Field::new(
                &[$($name),+],
                $summary,
                <$type as $crate::input::FromJson>::shape(),
                <$type as $crate::input::FromJson>::is_required(),
            )
        })
    };
    (@annotation alternatives $value:tt) => { &$value };
    (@annotation choices $value:tt) => { &$value };
    (@annotation label $value:tt) => { Some($value) };
    (@annotation source $value:tt) => { Some($value) };
    (@annotation $key:ident $value:tt) => { Some(serde_json::json!($value)) };
}

/// Declares a closed set of words as an enum. It is read in any letter case and written as DynamoDB spells it.
macro_rules! words {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident { $( $(#[$variant_attribute:meta])* $variant:ident = $word:literal ),+ $(,)? }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $visibility enum $name { $( $(#[$variant_attribute])* $variant, )+ }

        impl $name {
            /// The word on the wire.
            #[must_use]
            #[allow(dead_code, reason = "words that only this component knows are never sent")]
            $visibility fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word, )+ }
            }
        }

        impl $crate::input::FromJson for $name {
            fn from_json(
                json: $crate::json::Json,
                path: &$crate::path::Path<'_>,
            ) -> Result<Self, $crate::error::Error> {
                if let $crate::json::Json::String(text) = &json {
                    $( if text.trim().eq_ignore_ascii_case($word) { return Ok(Self::$variant); } )+
                }
                Err($crate::error::Error::invalid(path, &json, concat!("one of" $(, " ", $word)+)))
            }

            fn shape() -> $crate::input::Shape {
                $crate::input::Shape::Words(&[$($word),+])
            }
        }
    };
}

pub(crate) use {inputs, words};
