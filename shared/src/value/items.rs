//! Many items with the same types.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    Code, Format, Origin, Types, check_depths, key::check_plain, plain, problem::Problem, shape::Members, size, typed,
};
use crate::{error::Error, input::Collection, json::Json, path::Path};

/// Reads items one by one. The types are the same for all of them. It is enough if one item has a type's attribute.
pub struct Items<'t> {
    format: Format,
    types: Members<'t>,
    given: &'t [(String, Types)],
    keys: &'t [(String, Types)],
    omits_empty_text: bool,
}

impl<'t> Items<'t> {
    /// The reader for items with these types. `keys` are the types of key attributes. `types_path`: the path of `types`.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] for types beside typed values.
    pub fn new(
        format: Format,
        types: Option<&'t Collection<Types>>,
        keys: &'t [(String, Types)],
        types_path: &Path<'_>,
    ) -> Result<Self, Error> {
        let types = types.map_or(&[][..], |Collection(types)| types);
        if format == Format::Typed && !types.is_empty() {
            return Err(Problem::TypeBesideTyped.at(types_path));
        }
        let members = Members::with_defaults(types, keys);
        Ok(Self { format, types: members, given: types, keys, omits_empty_text: false })
    }

    /// Leaves out the attributes whose value is empty text. Such an attribute counts as one that its type had a value for.
    #[must_use]
    pub fn without_empty_text(self) -> Self {
        Self { omits_empty_text: true, ..self }
    }

    /// Reads one item, and checks its depth and its size.
    ///
    /// # Errors
    /// As [`Values::into_attributes`](super::Values::into_attributes) and [`size::check_item`].
    pub fn read(
        &self,
        Collection(mut item): Collection<Json>,
        path: &Path<'_>,
    ) -> Result<Vec<(String, AttributeValue)>, Error> {
        if self.omits_empty_text {
            item.retain(|(name, value)| {
                let is_empty = matches!(value, Json::String(text) if text.is_empty());
                if is_empty {
                    self.types.get(name);
                }
                !is_empty
            });
        }
        let attributes = match self.format {
            Format::Plain => {
                for (name, json) in &item {
                    if let Some(code) = self.key_code(name) {
                        check_plain(json, Some(code), &path.member(name))?;
                    }
                }
                plain::members_by(item, &self.types, path)?
            }
            Format::Typed => typed::members_from_typed(item, Origin::InputFormat, path)?,
        };
        check_depths(&attributes, path)?;
        size::check_item(&attributes, path)?;
        Ok(attributes)
    }

    /// The type of a key attribute. `None` for other attributes, and if the caller gave it another type.
    fn key_code(&self, name: &str) -> Option<Code> {
        let of = |types: &'t [(String, Types)]| types.iter().find(|(known, _)| known == name).map(|(_, types)| types);
        match (of(self.keys)?, of(self.given)) {
            (key, Some(given)) if given != key => None,
            (Types::Code(code), _) => Some(*code),
            _ => None,
        }
    }

    /// Checks at the end that each type had a value.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] for a type that no item had a value for.
    pub fn check_types(&self, types_path: &Path<'_>) -> Result<(), Error> {
        self.types.check(types_path)
    }
}
