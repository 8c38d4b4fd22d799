//! Reads a type of `aws_lambda_events` from those members of a payload that the functions need.
//!
//! The types describe everything that AWS sends. To read all of it would have two costs:
//!
//! - A member that no action needs could fail the event. The types require members that AWS sometimes leaves out (a FIFO topic
//!   does not sign its notifications), and they refuse header names that a load balancer passes on.
//! - Some members are `serde_json::Value`s. They take many times the memory of their text, and the caller chooses their size.
//!
//! Therefore each type has a list of [`Member`]s. All other members are skipped, and their values are not kept.

mod part;

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor},
};
use serde_json::{Error, value::RawValue};

use self::part::{Part, parts};
use crate::input::Members;

/// The most bytes of a member that is not the event, as JSON text. AWS sends no header, id or ARN that is longer.
const LARGEST_METADATA: usize = 65_536;

/// A member of an object, and how it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    name: &'static str,
    kind: Kind,
    /// JSON text that stands for a member that is missing or `null`. `None`: the type has a default of its own.
    default: Option<&'static str>,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Event,
    Metadata,
    Object(&'static [Member]),
    Headers(&'static [Member]),
    Unread,
}

impl Member {
    /// The event, or text that holds it. It may have any size.
    pub(super) const fn event(name: &'static str) -> Self {
        Self { name, kind: Kind::Event, default: None }
    }

    /// Anything else, of at most [`LARGEST_METADATA`] bytes.
    pub(super) const fn metadata(name: &'static str) -> Self {
        Self { name, kind: Kind::Metadata, default: None }
    }

    /// An object, of which only `members` are read.
    pub(super) const fn object(name: &'static str, members: &'static [Self]) -> Self {
        Self { name, kind: Kind::Object(members), default: None }
    }

    /// An object of HTTP headers, of which only `headers` are read. Their names are in lower case here, and in any case in
    /// the payload.
    pub(super) const fn headers(name: &'static str, headers: &'static [Self]) -> Self {
        Self { name, kind: Kind::Headers(headers), default: None }
    }

    /// A member that the type requires and the functions do not need. `json` stands for it, whatever is given.
    pub(super) const fn unread(name: &'static str, json: &'static str) -> Self {
        Self { name, kind: Kind::Unread, default: Some(json) }
    }

    /// Reads `json` where the member is missing or `null`.
    pub(super) const fn or(self, json: &'static str) -> Self {
        Self { default: Some(json), ..self }
    }

    /// What is read for this member. `None`: nothing.
    fn part<'de>(&self, given: Option<&'de RawValue>) -> Result<Option<Part<'de>>, Error> {
        let text = match given.filter(|_| !matches!(self.kind, Kind::Unread)) {
            Some(given) => given,
            None => match self.default {
                Some(json) => serde_json::from_str(json)?,
                None => return Ok(None),
            },
        };
        if matches!(self.kind, Kind::Metadata) && text.get().len() > LARGEST_METADATA {
            return Err(Error::custom(format_args!("`{}` has more than {LARGEST_METADATA} bytes", self.name)));
        }
        Ok(Some(Part { name: self.name, kind: self.kind, text }))
    }
}

/// Reads a `T` from these members of a payload.
pub(super) fn read<'de, T: Deserialize<'de>>(payload: &Members<'de>, members: &[Member]) -> Result<T, Error> {
    let given = members.iter().map(|member| payload.get(member.name).filter(|text| text.get() != NULL)).collect();
    T::deserialize(parts(members, given)?)
}

/// Reads a `T` from these members of an object. `name`: what an error calls the object.
pub(super) fn read_object<'de, T: Deserialize<'de>>(
    name: &'static str,
    text: &'de RawValue,
    members: &'static [Member],
) -> Result<T, Error> {
    T::deserialize(Part { name, kind: Kind::Object(members), text })
}

/// The texts of these members of an object. A member that is `null` counts as missing. `None`: it is not an object.
pub(super) fn select<'de, const N: usize>(text: &'de RawValue, names: [&str; N]) -> Option<[Option<&'de RawValue>; N]> {
    let position = |name: &str| names.iter().position(|known| *known == name);
    text.deserialize_map(Selection { position, found: [None; N] }).ok()
}

const NULL: &str = "null";

/// Finds members of an object: those whose name has a position.
struct Selection<P, F> {
    position: P,
    found: F,
}

impl<'de, P, F> Visitor<'de> for Selection<P, F>
where
    P: Fn(&str) -> Option<usize>,
    F: AsMut<[Option<&'de RawValue>]>,
{
    type Value = F;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut access: A) -> Result<F, A::Error> {
        while let Some(position) = access.next_key_seed(Name(&self.position))? {
            match position {
                None => {
                    access.next_value::<IgnoredAny>()?;
                }
                Some(position) => {
                    let text: &RawValue = access.next_value()?;
                    let found = &mut self.found.as_mut()[position];
                    *found = found.or_else(|| Some(text).filter(|text| text.get() != NULL));
                }
            }
        }
        Ok(self.found)
    }
}

/// The name of a member, as its position.
struct Name<'p, P>(&'p P);

impl<'de, P: Fn(&str) -> Option<usize>> DeserializeSeed<'de> for Name<'_, P> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<P: Fn(&str) -> Option<usize>> Visitor<'_> for Name<'_, P> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok((self.0)(name))
    }
}
