//! Text → [`Json`], by `serde_json`'s reader.
//!
//! `serde_json`'s errors are text only. This reader therefore counts the depth itself and notes what it finds wrong, and
//! where, in [`Findings`].

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};

use super::{
    Json, ParseError,
    error::{Fault, Step},
    first_repeated,
    limits::{DEEPEST, MOST_VALUES},
};

/// Reads one document, which starts at the first byte or after ASCII blanks.
pub(super) fn document(text: &str) -> Result<Json, ParseError> {
    let findings = Findings::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    // The depth is counted here, because `serde_json` does not say that its own limit was the reason for an error.
    deserializer.disable_recursion_limit();
    let reader = Reader { depth: 0, findings: &findings };
    match reader.deserialize(&mut deserializer).and_then(|json| deserializer.end().map(|()| json)) {
        Ok(json) => Ok(json),
        Err(error) => {
            let Findings { fault, path, .. } = findings;
            let mut path = path.into_inner();
            path.reverse();
            Err(ParseError::new(text, &error, fault.into_inner(), path))
        }
    }
}

/// What a reader found wrong.
#[derive(Default)]
struct Findings {
    /// `None` for an error of syntax.
    fault: Cell<Option<Fault>>,
    /// The way from the innermost value that could not be read out to the document.
    path: RefCell<Vec<Step>>,
    /// The number of values read so far.
    values: Cell<usize>,
}

#[derive(Clone, Copy)]
struct Reader<'f> {
    /// How many arrays and objects the value is in.
    depth: usize,
    findings: &'f Findings,
}

impl Reader<'_> {
    /// The reader of what is in this array or object.
    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth + 1;
        if depth > DEEPEST { Err(self.fails(Fault::TooDeep)) } else { Ok(Reader { depth, ..self }) }
    }

    fn fails<E: serde::de::Error>(self, fault: Fault) -> E {
        self.findings.fault.set(Some(fault));
        E::custom("a fault of another kind than syntax")
    }

    /// Notes that the error is in the value at `step`.
    fn passes<E>(self, step: Step, error: E) -> E {
        self.findings.path.borrow_mut().push(step);
        error
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        let values = self.findings.values.get() + 1;
        if values > MOST_VALUES {
            return Err(self.fails(Fault::TooManyValues));
        }
        self.findings.values.set(values);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    // Integers that fit into 64 bits come as integers. All other numbers come as their digits (see `Name`).
    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let reader = self.inside()?;
        let mut elements = Vec::new();
        loop {
            match access.next_element_seed(reader) {
                Ok(Some(element)) => elements.push(element),
                Ok(None) => {
                    shrink(&mut elements);
                    return Ok(Json::Array(elements));
                }
                Err(error) => return Err(self.passes(Step::Element(elements.len()), error)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = access.next_key()? {
            let name = match name {
                Name::OfNumber => return Ok(Json::Number(access.next_value()?)),
                Name::Member(name) => name,
            };
            match access.next_value_seed(self.inside()?) {
                Ok(value) => members.push((name, value)),
                Err(error) => return Err(self.passes(Step::Member(name), error)),
            }
        }
        // An empty object counts as a level, too.
        self.inside::<A::Error>()?;
        if let Some(name) = first_repeated(&members) {
            return Err(self.fails(Fault::RepeatedMember(name.to_owned())));
        }
        shrink(&mut members);
        Ok(Json::Object(members))
    }
}

/// Frees the room in a vector if it is more than what is in use. A vector of one element has room for four.
fn shrink<T>(vector: &mut Vec<T>) {
    if vector.capacity() > 2 * vector.len() {
        vector.shrink_to_fit();
    }
}

/// The name of an object's member, or the mark by which `serde_json` announces a number's digits.
///
/// With `arbitrary_precision` a number comes as a map with one entry. The entry's name answers `deserialize_option` with a
/// plain string. The name of a real member answers it with `visit_some`. This tells a number from an object that has a
/// member of the same name.
enum Name {
    OfNumber,
    Member(String),
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E>(self, _mark: &str) -> Result<Name, E> {
        Ok(Name::OfNumber)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        String::deserialize(deserializer).map(Name::Member)
    }
}
