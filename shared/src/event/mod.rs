//! The event: one JSON object with the action's inputs and those that every action has.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{
    call::{Call, Circumstances},
    connection::{Clients, Connection, Region},
    error::Error,
    input::{FromInputs, Inputs},
    inputs,
    json::{Json, first_repeated},
    path::Path,
    value::Format,
};

inputs! {
    /// The inputs that every action has.
    pub struct Common {
        /// Who we are; left out: the function's own execution role.
        pub connection: Connection = ["connection", "awsConnection"],
        /// Where DynamoDB is called; left out: the function's `AWS_REGION`.
        pub region: Option<Region> = ["awsRegion", "region"],
        /// How the event's values are written; left out: plain.
        pub input_format: Option<Format> = ["inputFormat"],
        /// How items come back; left out: as the action has it.
        pub output_format: Option<Format> = ["outputFormat"],
    }
}

impl Common {
    /// What the action works with.
    ///
    /// # Errors
    /// As [`Clients::get`].
    pub fn call(&self, clients: &Clients, circumstances: Circumstances) -> Result<Call, Error> {
        let client = clients.get(&self.connection, self.region.as_ref())?;
        Ok(Call::new(client, self, circumstances))
    }
}

/// An event for an action with the input `I`.
#[derive(Debug)]
pub struct Event<I> {
    /// What every action has.
    pub common: Common,
    /// The action's own.
    pub input: I,
}

impl<I: FromInputs> FromInputs for Event<I> {
    fn names(names: &mut Vec<&'static [&'static str]>) {
        I::names(names);
        Common::names(names);
    }

    fn read(inputs: &mut Inputs<'_>) -> Result<Self, Error> {
        Ok(Self { common: Common::read(inputs)?, input: I::read(inputs)? })
    }
}

/// Reads an event's members into inputs.
///
/// # Errors
/// [`Error::InvalidInput`] when one is named twice, or holds what is nested without end; and as [`Inputs::read`].
pub fn read<T: FromInputs>(members: Members<'_>) -> Result<T, Error> {
    let Members(members) = members;
    if let Some(name) = first_repeated(&members) {
        return Err(Error::input(&Path::Input(name), "given twice; give it once"));
    }
    let given = members
        .into_iter()
        .map(|(name, text)| match Json::parse(text.get()) {
            Ok(json) => Ok((name, json)),
            Err(error) => Err(Error::input(&Path::Input(&name), nested_or(&error))),
        })
        .collect::<Result<_, _>>()?;
    Inputs::read(given, None)
}

/// What is wrong with one input's JSON, in DynamoDB's terms where it has one.
fn nested_or(error: &str) -> String {
    if error.starts_with("recursion limit exceeded") {
        "nested more than 127 levels deep; DynamoDB holds 32 levels".into()
    } else {
        error.to_owned()
    }
}

/// An event's members, each as its own text: so that an error in one can name it.
#[derive(Debug)]
pub struct Members<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Members<'de> {
    /// Splits an event's text.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when it is not a JSON object.
    pub fn parse(payload: &'de str) -> Result<Self, Error> {
        if payload.trim().is_empty() {
            return Err(Error::InvalidInput(
                "the payload is empty; give a JSON object with the action's inputs".into(),
            ));
        }
        serde_json::from_str(payload).map_err(|error| {
            let what = if error.is_data() { "a JSON object" } else { "JSON" };
            Error::InvalidInput(format!("the payload is not {what}: {error}"))
        })
    }

    /// The text of the member with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'de RawValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, text)| *text)
    }

    /// The name of the member, if the event has exactly one.
    #[must_use]
    pub fn only_name(&self) -> Option<&str> {
        match self.0.as_slice() {
            [(name, _)] => Some(name),
            _ => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with the action's inputs")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = access.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    inputs! {
        #[expect(dead_code, reason = "only errors are looked at")]
        struct Sample {
            item: Option<Json> = ["item"],
        }
    }

    #[test]
    fn a_payload_that_is_no_event_is_an_error_that_says_so() {
        for (payload, message) in [
            ("", "the payload is empty"),
            (" ", "the payload is empty"),
            ("null", "the payload is not a JSON object: invalid type: null, expected an object"),
            ("[]", "the payload is not a JSON object: invalid type: sequence"),
            (r#""text""#, "the payload is not a JSON object: invalid type: string"),
            ("12", "the payload is not a JSON object: invalid type"),
            ("{", "the payload is not JSON: EOF"),
            ("what", "the payload is not JSON: expected"),
            (r#"{"item": 1, "item": 2}"#, "`item`: given twice"),
            (r#"{"item": {"a": 1, "a": 2}}"#, "`item`: the object names `a` twice"),
            (r#"{"itme": 1}"#, "`itme`: unknown input; the nearest is `item`"),
            (r#"{"inputFormat": "json"}"#, "`inputFormat`: `\"json\"` is not one of plain typed"),
            (r#"{"region": "evil.example"}"#, "`region`: `\"evil.example\"` is not the name of an AWS region"),
        ] {
            let error = Members::parse(payload).and_then(read::<Event<Sample>>).unwrap_err().to_string();
            assert!(error.starts_with(message), "{payload}: {error}");
        }
    }

    #[test]
    fn names_the_input_that_is_nested_without_end() {
        let payload = format!(r#"{{"item": {}{}}}"#, "[".repeat(1_000), "]".repeat(1_000));
        let error = Members::parse(&payload).and_then(read::<Event<Sample>>).unwrap_err().to_string();
        assert_eq!(error, "`item`: nested more than 127 levels deep; DynamoDB holds 32 levels");
    }
}
