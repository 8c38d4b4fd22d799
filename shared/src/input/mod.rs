//! From the event's JSON to an action's input: names, spellings, what was left out.
//!
//! An action declares its inputs once, with the [`inputs!`](crate::inputs) macro; reading them follows the
//! contract's rules for every action alike:
//!
//! - an input that the action does not have is an error that names the nearest one that it has, so that a
//!   misspelt `conditionExpresion` never becomes an unconditional write;
//! - `null` and an empty string mean that the input was left out, as forms send it;
//! - a structure may come as text that holds its JSON, a number as its digits, a boolean as a word, a
//!   collection of named values as an object or as a list of `{"key", "value"}`.
//!
//! `serde`'s derive gives none of these, nor the path of the offending value, and loses numbers in a flattened
//! structure; hence [`FromJson`].

mod kinds;

pub use self::kinds::{BOOLEAN_RULE, Collection, Count, Verbatim, boolean, from_text, object};
use crate::{error::Error, json::Json, path::Path};

/// A type that an input's JSON can be read into.
pub trait FromJson: Sized {
    /// Reads the value of the input at `path`.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] that names the path, the value and the rule.
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error>;

    /// What it means that the input was left out: an error, but for types that have a default.
    ///
    /// # Errors
    /// [`Error::InvalidInput`]: the input is required.
    fn left_out(path: &Path<'_>) -> Result<Self, Error> {
        Err(Error::input(path, "required input is missing"))
    }
}

/// A set of inputs that stand side by side in one object; made by the [`inputs!`](crate::inputs) macro.
pub trait FromInputs: Sized {
    /// Adds every name, each with the other spellings that are also accepted.
    fn names(names: &mut Vec<&'static [&'static str]>);

    /// Takes its inputs out of the object.
    ///
    /// # Errors
    /// As [`FromJson::from_json`] of each input.
    fn read(inputs: &mut Inputs<'_>) -> Result<Self, Error>;
}

/// The members of one object of inputs that are still to be read.
#[derive(Debug)]
pub struct Inputs<'p> {
    place: Option<&'p Path<'p>>,
    given: Vec<(String, Json)>,
}

impl<'p> Inputs<'p> {
    /// Reads a whole object: `place` is where it stands, `None` for the event itself.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a name that `T` does not have, and as [`FromInputs::read`].
    pub fn read<T: FromInputs>(given: Vec<(String, Json)>, place: Option<&'p Path<'p>>) -> Result<T, Error> {
        let mut names = Vec::new();
        T::names(&mut names);
        for (name, _) in &given {
            check_name(name, &names, place)?;
        }
        T::read(&mut Self { place, given })
    }

    /// Takes the one input that has any of these names, the first of which is the input's own.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when it is given under two names, and as [`FromJson`].
    pub fn take<T: FromJson>(&mut self, names: &'static [&'static str]) -> Result<T, Error> {
        let mut found: Option<(String, Json)> = None;
        while let Some(at) = self.given.iter().position(|(name, _)| names.contains(&name.as_str())) {
            let (name, json) = self.given.swap_remove(at);
            match &found {
                _ if json.is_left_out() => {}
                None => found = Some((name, json)),
                Some((other, _)) => {
                    let message = format!("the same input as `{other}`; give one of them");
                    return Err(self.at(&name, |path| Error::input(path, message)));
                }
            }
        }
        match found {
            Some((name, json)) => self.at(&name, |path| T::from_json(json, path)),
            None => self.at(names[0], T::left_out),
        }
    }

    fn at<R>(&self, name: &str, then: impl FnOnce(&Path<'_>) -> R) -> R {
        match self.place {
            None => then(&Path::Input(name)),
            Some(place) => then(&place.member(name)),
        }
    }
}

fn check_name(name: &str, names: &[&[&'static str]], place: Option<&Path<'_>>) -> Result<(), Error> {
    let all = || names.iter().copied().flatten();
    if all().any(|known| *known == name) {
        return Ok(());
    }
    let lower = name.to_ascii_lowercase();
    let nearest = all().min_by_key(|known| strsim::damerau_levenshtein(&known.to_ascii_lowercase(), &lower));
    let message = format!("unknown input; the nearest is `{}`", nearest.unwrap_or(&""));
    Err(match place {
        None => Error::input(&Path::Input(name), message),
        Some(place) => Error::input(&place.member(name), message),
    })
}

/// Declares a structure of inputs: its fields, their names on the wire, other accepted spellings.
///
/// ```
/// shared::inputs! {
///     /// What it takes.
///     pub struct Input {
///         /// Required: a type without a default.
///         pub table_name: String = ["tableName"],
///         /// Optional, with a second spelling.
///         pub update_expression: Option<String> = ["updateExpression", "query"],
///     }
/// }
/// ```
///
/// A field with `= group` is another such structure, whose inputs stand beside these.
#[macro_export]
macro_rules! inputs {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident {
            $( $(#[$field_attribute:meta])* $field_visibility:vis $field:ident : $type:ty = $spec:tt ),* $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug)]
        $visibility struct $name {
            $( $(#[$field_attribute])* $field_visibility $field: $type, )*
        }

        impl $crate::input::FromInputs for $name {
            #[allow(unused_variables, reason = "a structure may have no inputs of its own")]
            fn names(names: &mut Vec<&'static [&'static str]>) {
                $( $crate::inputs!(@names names, $type, $spec); )*
            }

            #[allow(unused_variables, reason = "a structure may have no inputs of its own")]
            fn read(inputs: &mut $crate::input::Inputs<'_>) -> Result<Self, $crate::error::Error> {
                Ok(Self { $( $field: $crate::inputs!(@read inputs, $type, $spec), )* })
            }
        }

        impl $crate::input::FromJson for $name {
            fn from_json(
                json: $crate::json::Json,
                path: &$crate::path::Path<'_>,
            ) -> Result<Self, $crate::error::Error> {
                $crate::input::Inputs::read($crate::input::object(json, path)?, Some(path))
            }
        }
    };
    (@names $names:ident, $type:ty, group) => { <$type as $crate::input::FromInputs>::names($names) };
    (@names $names:ident, $type:ty, [$($name:literal),+]) => { $names.push(&[$($name),+]) };
    (@read $inputs:ident, $type:ty, group) => { <$type as $crate::input::FromInputs>::read($inputs)? };
    (@read $inputs:ident, $type:ty, [$($name:literal),+]) => { $inputs.take(&[$($name),+])? };
}

/// Declares a closed set of words: an enum, read in any letter case, written as DynamoDB spells it.
#[macro_export]
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
        }
    };
}

#[cfg(test)]
mod tests;
