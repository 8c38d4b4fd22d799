//! Splits an event's text into its members.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{
    error::Error,
    json::{Json, first_repeated, starts_with, without_mark},
    path::Path,
};

/// The most members of an event. An action has fewer than 60 inputs, and an envelope has fewer members than that.
const MOST_MEMBERS: usize = 1_000;

/// An event's members. Each keeps its own text, so that an error can name the member.
#[derive(Debug)]
pub struct Members<'de>(Vec<(String, &'de RawValue)>);

impl<'de> Members<'de> {
    /// Splits an event's text. Ignores blanks and a byte order mark before it.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] if the text is not a JSON object.
    pub fn parse(payload: &'de str) -> Result<Self, Error> {
        let payload = without_mark(payload);
        if payload.trim().is_empty() {
            return Err(Error::event("the payload is empty; give a JSON object with the action's inputs"));
        }
        let members: Self = serde_json::from_str(payload).map_err(|error| {
            let what = if error.is_data() { "a JSON object" } else { "JSON" };
            Error::event(format!("the payload is not {what}: {error}"))
        })?;
        if members.0.len() > MOST_MEMBERS {
            return Err(Error::event(format!(
                "the event has more than {MOST_MEMBERS} members; give the action's inputs only"
            )));
        }
        Ok(members)
    }

    /// Splits an event's text. A list counts as the member `name`, whose value is the list.
    ///
    /// # Errors
    /// As [`Members::parse`].
    pub fn parse_list_as(name: &str, payload: &'de str) -> Result<Self, Error> {
        if !starts_with(payload, '[') {
            return Self::parse(payload);
        }
        match serde_json::from_str(without_mark(payload)) {
            Ok(list) => Ok(Self(vec![(name.to_owned(), list)])),
            Err(error) => Err(Error::event(format!("the payload is not JSON: {error}"))),
        }
    }

    /// The text of the member with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'de RawValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, text)| *text)
    }

    /// The name of the event's only member. `None` if the event has no members or several.
    #[must_use]
    pub fn only_name(&self) -> Option<&str> {
        match self.0.as_slice() {
            [(name, _)] => Some(name),
            _ => None,
        }
    }

    /// Reads the text of each member. A member with a name among `texts` that is not text itself is handed on as the
    /// text of its JSON.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] if a member is given twice or its text cannot be read. The error names the
    /// member.
    pub(super) fn parse_each(self, texts: &[&str]) -> Result<Vec<(String, Json)>, Error> {
        if let Some(name) = first_repeated(&self.0) {
            return Err(Error::input(&Path::Input(name), "given twice; give it once"));
        }
        self.0
            .into_iter()
            .map(|(name, text)| {
                let is_text = text.get().starts_with('"') || text.get() == "null";
                if texts.contains(&name.as_str()) && !is_text {
                    return Ok((name, Json::String(text.get().to_owned())));
                }
                match Json::parse(text.get()) {
                    Ok(json) => Ok((name, json)),
                    Err(error) => Err(error.locate(&Path::Input(&name), |path| Error::input(path, &error))),
                }
            })
            .collect()
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
                    // Reading one member more than allowed is enough to find that there are too many.
                    if members.len() <= MOST_MEMBERS {
                        members.push(member);
                    }
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}
