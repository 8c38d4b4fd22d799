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

use crate::{
    error::{Error, quote},
    json::{Json, first_repeated},
    path::Path,
};

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
                Err($crate::error::Error::unfit(path, &json, concat!("one of" $(, " ", $word)+)))
            }
        }
    };
}

/// The members of an object, which may be given as text that holds one.
pub fn object(json: Json, path: &Path<'_>) -> Result<Vec<(String, Json)>, Error> {
    match from_text(json, path)? {
        Json::Object(members) => Ok(members),
        other => Err(Error::unfit(path, &other, "an object")),
    }
}

/// A structure, or the one that a text holds.
pub fn from_text(json: Json, path: &Path<'_>) -> Result<Json, Error> {
    match json {
        Json::String(text) => {
            Json::parse(&text).map_err(|error| Error::input(path, format_args!("the text is not JSON: {error}")))
        }
        other => Ok(other),
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        if json.is_left_out() { Ok(None) } else { T::from_json(json, path).map(Some) }
    }

    fn left_out(_path: &Path<'_>) -> Result<Self, Error> {
        Ok(None)
    }
}

/// A value: whatever JSON stands there.
impl FromJson for Json {
    fn from_json(json: Json, _path: &Path<'_>) -> Result<Self, Error> {
        Ok(json)
    }
}

/// A name or an expression, without the blanks around it.
impl FromJson for String {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match json {
            Json::String(text) if text.trim().is_empty() => Self::left_out(path),
            Json::String(text) if text.trim().len() == text.len() => Ok(text),
            Json::String(text) => Ok(text.trim().to_owned()),
            other => Err(Error::unfit(path, &other, "a string")),
        }
    }
}

/// A string as it stands, blanks and all; it may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verbatim(pub String);

impl FromJson for Verbatim {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match json {
            Json::String(text) => Ok(Self(text)),
            other => Err(Error::unfit(path, &other, "a string")),
        }
    }
}

/// A boolean, or one of the words and numbers that stand for it.
impl FromJson for bool {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        boolean(&json).ok_or_else(|| Error::unfit(path, &json, BOOLEAN_RULE))
    }
}

/// What counts as a boolean, for an error.
pub const BOOLEAN_RULE: &str = "a boolean: true/t/yes/y/1 or false/f/no/n/0";

/// A boolean, or one of the words (in any letter case) and numbers that stand for it; never "truthy".
#[must_use]
pub fn boolean(json: &Json) -> Option<bool> {
    let word = match json {
        Json::Bool(value) => return Some(*value),
        Json::Number(digits) => digits.as_str(),
        Json::String(text) => text.trim(),
        Json::Null | Json::Array(_) | Json::Object(_) => return None,
    };
    let is = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    if is(&["true", "t", "yes", "y", "1"]) {
        Some(true)
    } else if is(&["false", "f", "no", "n", "0"]) {
        Some(false)
    } else {
        None
    }
}

/// A whole number from 1 to `MOST`, given as a number or as its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count<const MOST: i64 = { i32::MAX as i64 }>(i64);

impl<const MOST: i64> Count<MOST> {
    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

impl Count {
    /// The number, as the SDK's `Limit` wants it.
    #[must_use]
    pub fn to_limit(self) -> i32 {
        i32::try_from(self.0).unwrap_or(i32::MAX)
    }
}

impl<const MOST: i64> FromJson for Count<MOST> {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let digits = match &json {
            Json::Number(digits) => digits.as_str(),
            Json::String(text) => text.trim(),
            Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => "",
        };
        match digits.parse() {
            Ok(number) if (1..=MOST).contains(&number) => Ok(Self(number)),
            _ => Err(Error::unfit(path, &json, format_args!("a whole number from 1 to {MOST}"))),
        }
    }
}

/// A list, or text that holds one.
impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match from_text(json, path)? {
            Json::Array(elements) => {
                elements.into_iter().enumerate().map(|(index, json)| T::from_json(json, &path.element(index))).collect()
            }
            other => Err(Error::unfit(path, &other, "a list")),
        }
    }
}

/// Values by name: an object `{"name": value}`, a list `[{"key": "name", "value": …}]`, or text that holds
/// either; every name once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection<T>(pub Vec<(String, T)>);

impl<T> Default for Collection<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: FromJson> FromJson for Collection<T> {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let members = match from_text(json, path)? {
            Json::Object(members) => members,
            Json::Array(pairs) => {
                let members = pairs
                    .into_iter()
                    .enumerate()
                    .map(|(index, pair)| key_and_value(pair, &path.element(index)))
                    .collect::<Result<Vec<_>, _>>()?;
                if let Some(name) = first_repeated(&members) {
                    return Err(Error::input(&path.member(name), "the list has this key twice; give each once"));
                }
                members
            }
            other => {
                return Err(Error::unfit(path, &other, r#"an object {"name": value} or a list [{"key", "value"}]"#));
            }
        };
        members
            .into_iter()
            .map(|(name, json)| {
                let value = T::from_json(json, &path.member(&name))?;
                Ok((name, value))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn key_and_value(pair: Json, path: &Path<'_>) -> Result<(String, Json), Error> {
    let Json::Object(members) = pair else {
        return Err(no_pair(&pair, path));
    };
    match <[_; 2]>::try_from(members) {
        Ok([(key, Json::String(name)), (value, json)] | [(value, json), (key, Json::String(name))])
            if key == "key" && value == "value" =>
        {
            Ok((name, json))
        }
        Ok(other) => Err(no_pair(&Json::Object(other.into()), path)),
        Err(members) => Err(no_pair(&Json::Object(members), path)),
    }
}

fn no_pair(json: &Json, path: &Path<'_>) -> Error {
    Error::input(path, format_args!("{} is not an object with a `key` and a `value`", quote(json)))
}

#[cfg(test)]
mod tests {
    use super::*;

    inputs! {
        struct Sample {
            table: String = ["tableName"],
            limit: Option<Count> = ["limit"],
            fetch_all: Option<bool> = ["fetchAll"],
            value: Option<Json> = ["hashKeyValue", "value"],
            names: Option<Collection<String>> = ["names"],
        }
    }

    fn read(text: &str) -> Result<Sample, String> {
        let Json::Object(members) = Json::parse(text).unwrap() else { panic!("not an object") };
        Inputs::read(members, None).map_err(|error| error.to_string())
    }

    #[test]
    fn reads_what_forms_send() {
        let sample = read(
            r#"{"tableName": " Users ", "limit": "25", "fetchAll": "Yes", "value": 0, "names": "[{\"key\":\"a\",\"value\":\"b\"}]"}"#,
        )
        .unwrap();
        assert_eq!(sample.table, "Users");
        assert_eq!(sample.limit.map(Count::get), Some(25));
        assert_eq!(sample.fetch_all, Some(true));
        assert_eq!(sample.value, Some(Json::Number("0".into())));
        assert_eq!(sample.names, Some(Collection(vec![("a".into(), "b".into())])));
    }

    #[test]
    fn null_and_an_empty_string_are_left_out() {
        let sample =
            read(r#"{"tableName": "T", "limit": "", "fetchAll": null, "value": "", "hashKeyValue": "k"}"#).unwrap();
        assert_eq!(sample.limit, None);
        assert_eq!(sample.fetch_all, None);
        assert_eq!(sample.value, Some(Json::String("k".into())));
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for (event, message) in [
            ("{}", "`tableName`: required input is missing"),
            (r#"{"tableName": "  "}"#, "`tableName`: required input is missing"),
            (r#"{"tabelName": "T"}"#, "`tabelName`: unknown input; the nearest is `tableName`"),
            (r#"{"tableName": "T", "xyz": null}"#, "`xyz`: unknown input; the nearest is `"),
            (r#"{"tableName": 7}"#, "`tableName`: `7` is not a string"),
            (r#"{"tableName": "T", "limit": 0}"#, "`limit`: `0` is not a whole number from 1 to 2147483647"),
            (r#"{"tableName": "T", "limit": 1.5}"#, "`limit`: `1.5` is not a whole number"),
            (
                r#"{"tableName": "T", "fetchAll": "maybe"}"#,
                "`fetchAll`: `\"maybe\"` is not a boolean: true/t/yes/y/1 or",
            ),
            (r#"{"tableName": "T", "fetchAll": 2}"#, "`fetchAll`: `2` is not a boolean"),
            (r#"{"tableName": "T", "value": 1, "hashKeyValue": 2}"#, "the same input as `"),
            (
                r#"{"tableName": "T", "names": [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]}"#,
                "`names.a`: the list has this key twice",
            ),
            (
                r#"{"tableName": "T", "names": [{"key": "a"}]}"#,
                "`names[0]`: `{\"key\":\"a\"}` is not an object with a `key` and a `value`",
            ),
            (r#"{"tableName": "T", "names": "{"}"#, "`names`: the text is not JSON: EOF"),
            (r#"{"tableName": "T", "names": {"a": 1}}"#, "`names.a`: `1` is not a string"),
        ] {
            let error = read(event).unwrap_err();
            assert!(error.contains(message), "{event}: {error}");
        }
    }
}
