//! The inputs of a simple update, and the values that they become.

use std::{collections::HashMap, mem};

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    DocumentPath, Placeholders, SimpleUpdate,
    problem::{Problem, Verb},
    simple_update::check_path_count,
};
use crate::{
    error::Error,
    input::{Collection, FromJson, List, Shape, Verbatim, from_text, is_empty_structure},
    inputs,
    json::{Json, starts_with},
    path::Path,
    value::{Code, Format, Types, Values},
};

inputs! {
    /// The simple form of an update. Paths may have `.` and `[n]`, and attributes may have any name.
    pub struct SimpleInputs {
        /// Path → new value.
        pub set: Option<Collection<Json>> = ["set"] { example: {"address.city": "Bergen"} },
        /// Path → type of the new value.
        pub set_types: Option<Collection<Types>> = ["setTypes"],
        /// The paths to remove.
        pub remove: Option<Paths> = ["remove"] { example: ["oldName"] },
        /// Path → a number to add, or the elements to add to a set.
        pub add: Option<Collection<Json>> = ["add"] { example: {"age": 1} },
        /// Path → N, SS, NS or BS.
        pub add_types: Option<Collection<Types>> = ["addTypes"],
        /// Path → the elements to remove from a set.
        pub delete_from_set: Option<Collection<Json>> = ["deleteFromSet"],
        /// Path → SS, NS or BS.
        pub delete_from_set_types: Option<Collection<Types>> = ["deleteFromSetTypes"],
        /// Path → the values to append to a list.
        pub append: Option<Collection<Json>> = ["append"],
        /// Path → type of the list of these values: `["N"]`.
        pub append_types: Option<Collection<Types>> = ["appendTypes"],
    }
}

/// Paths: a list, text that holds one, or one path as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths(pub Vec<String>);

impl FromJson for Paths {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let List(paths) = List::<Verbatim>::from_json(json, path)?;
        Ok(Self(paths.into_iter().map(|Verbatim(path)| path).collect()))
    }

    fn shape() -> Shape {
        List::<Verbatim>::shape()
    }

    fn is_empty(json: &Json) -> bool {
        is_empty_structure(json)
    }
}

impl SimpleInputs {
    /// Whether there is nothing in any of the inputs.
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        fn is_empty<T>(collection: Option<&Collection<T>>) -> bool {
            collection.is_none_or(|Collection(members)| members.is_empty())
        }
        let Self {
            set,
            set_types,
            remove,
            add,
            add_types,
            delete_from_set,
            delete_from_set_types,
            append,
            append_types,
        } = self;
        [set, add, delete_from_set, append].into_iter().all(|values| is_empty(values.as_ref()))
            && [set_types, add_types, delete_from_set_types, append_types]
                .into_iter()
                .all(|types| is_empty(types.as_ref()))
            && remove.as_ref().is_none_or(|Paths(paths)| paths.is_empty())
    }

    /// Whether the update has the same effect if it is made twice.
    ///
    /// This holds for values that are set and attributes that are removed. It does not hold for elements of a list: the next
    /// one takes the place of one that was removed, and one that is set behind the end is appended.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        let Self { set, remove, add, delete_from_set, append, .. } = self;
        let set = set.iter().flat_map(|Collection(values)| values).map(|(path, _)| path);
        let mut paths = set.chain(remove.iter().flat_map(|Paths(paths)| paths));
        [add, delete_from_set, append]
            .into_iter()
            .all(|values| values.as_ref().is_none_or(|Collection(v)| v.is_empty()))
            && !paths.any(|path| DocumentPath::parse(path).is_ok_and(|path| path.is_element()))
    }

    /// The update expression. Its names and values are added to `placeholders`.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for values that cannot be read or used there, and as [`SimpleUpdate::into_expression`].
    pub fn into_expression(
        self,
        format: Format,
        placeholders: &mut Placeholders<AttributeValue>,
    ) -> Result<String, Error> {
        let count = [&self.set, &self.add, &self.delete_from_set, &self.append]
            .into_iter()
            .flatten()
            .map(|Collection(values)| values.len())
            .chain(self.remove.iter().map(|Paths(paths)| paths.len()));
        check_path_count(count.sum())?;
        let set = Values { input: "set", values: self.set, types_input: "setTypes", types: self.set_types };
        let add = Values { input: "add", values: self.add, types_input: "addTypes", types: self.add_types };
        let delete = Values {
            input: "deleteFromSet",
            values: self.delete_from_set,
            types_input: "deleteFromSetTypes",
            types: self.delete_from_set_types,
        };
        let append =
            Values { input: "append", values: self.append, types_input: "appendTypes", types: self.append_types };
        let update = SimpleUpdate {
            set: set.into_attributes(format)?,
            remove: self.remove.map(|Paths(paths)| paths).unwrap_or_default(),
            add: read(add, Verb::Add, format)?,
            delete_from_set: read(delete, Verb::DeleteFromSet, format)?,
            append: read(append, Verb::Append, format)?,
        };
        update.into_expression(placeholders, || AttributeValue::L(Vec::new()))
    }
}

/// The values of one input, of a type that its action takes.
fn read(mut values: Values, verb: Verb, format: Format) -> Result<Vec<(String, AttributeValue)>, Error> {
    let path = Path::Input(values.input);
    if format == Format::Plain {
        prepare(&mut values, verb)?;
    }
    let attributes = values.into_attributes(format)?;
    match attributes.iter().find(|(_, value)| !takes(verb, value)) {
        None => Ok(attributes),
        Some((name, _)) => Err(Problem::NotTakenBy(verb).at(&path.member(name))),
    }
}

/// Reads lists in text, makes a list of a single element of a set, and gives a type where the caller gave none.
fn prepare(values: &mut Values, verb: Verb) -> Result<(), Error> {
    let path = Path::Input(values.input);
    let Some(Collection(members)) = &mut values.values else { return Ok(()) };
    let Collection(types) = values.types.get_or_insert_default();
    let asked_for: HashMap<&str, &Types> = types.iter().map(|(name, types)| (name.as_str(), types)).collect();
    let mut inferred = Vec::new();
    for (name, json) in members {
        let path = path.member(name);
        if matches!(json, Json::String(text) if starts_with(text, '[')) {
            *json = from_text(mem::replace(json, Json::Null), &path)?;
        }
        let asked_for = asked_for.get(name.as_str()).copied();
        if verb == Verb::Append {
            continue;
        }
        let is_set = match asked_for {
            Some(types) => matches!(types, Types::Code(Code::Ss | Code::Ns | Code::Bs)),
            None => verb == Verb::DeleteFromSet || matches!(json, Json::Array(_)),
        };
        if is_set {
            *json = match mem::replace(json, Json::Null) {
                Json::Array(elements) if elements.is_empty() => return Err(Problem::NoElements.at(&path)),
                Json::Array(elements) => Json::Array(elements),
                element => Json::Array(vec![element]),
            };
        }
        if asked_for.is_none() {
            inferred.push((name.clone(), Types::Code(code_of(json))));
        }
    }
    types.extend(inferred);
    Ok(())
}

/// The type of what is to be added or removed. The first element decides.
fn code_of(json: &Json) -> Code {
    match json {
        Json::Array(elements) => match elements.first() {
            Some(Json::Number(_)) => Code::Ns,
            Some(Json::Object(_)) => Code::Bs,
            _ => Code::Ss,
        },
        _ => Code::N,
    }
}

/// Whether the action takes this value.
fn takes(verb: Verb, value: &AttributeValue) -> bool {
    let is_set = matches!(value, AttributeValue::Ss(_) | AttributeValue::Ns(_) | AttributeValue::Bs(_));
    match verb {
        Verb::Add => is_set || value.is_n(),
        Verb::DeleteFromSet => is_set,
        Verb::Append => value.is_l(),
    }
}

#[cfg(test)]
mod tests;
