//! Types as they are looked up while a value is read.

use std::{cell::Cell, collections::HashMap};

use super::{Code, Types, problem::Problem};
use crate::{error::Error, path::Path};

/// The type of one value, with a note of which names the values had.
///
/// A value may be a list with elements that lack a member. A type is in error only if no element has its member. That is
/// known at the end: [`Shape::check`].
pub(super) enum Shape<'t> {
    Code(Code),
    Members(Members<'t>),
    Elements(Box<Shape<'t>>),
}

impl<'t> Shape<'t> {
    pub(super) fn new(types: &'t Types) -> Self {
        match types {
            Types::Code(code) => Self::Code(*code),
            Types::Members(types) => Self::Members(Members::new(types)),
            Types::Elements(types) => Self::Elements(Box::new(Self::new(types))),
        }
    }

    /// Checks that the values that were read had every name.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] with the path of the type that no value had. `path` is the path of these types.
    pub(super) fn check(&self, path: &Path<'_>) -> Result<(), Error> {
        match self {
            Self::Code(_) => Ok(()),
            Self::Members(members) => members.check(path),
            Self::Elements(shape) => shape.check(&path.element(0)),
        }
    }
}

/// The types of an object's members.
pub(super) struct Members<'t> {
    given: &'t [(String, Types)],
    by_name: HashMap<&'t str, Member<'t>>,
    was_read: Cell<bool>,
}

struct Member<'t> {
    shape: Shape<'t>,
    had_value: Cell<bool>,
}

impl<'t> Members<'t> {
    pub(super) fn new(given: &'t [(String, Types)]) -> Self {
        let by_name = given.iter().map(|(name, types)| {
            let member = Member { shape: Shape::new(types), had_value: Cell::new(false) };
            (name.as_str(), member)
        });
        Self { given, by_name: by_name.collect(), was_read: Cell::new(false) }
    }

    /// Notes that an object is read by these types.
    pub(super) fn read(&self) {
        self.was_read.set(true);
    }

    /// The type of the member `name`, which has a value.
    pub(super) fn get(&self, name: &str) -> Option<&Shape<'t>> {
        let member = self.by_name.get(name)?;
        member.had_value.set(true);
        Some(&member.shape)
    }

    /// As [`Shape::check`]. Types that no object was read by are not in error: a list may be empty.
    pub(super) fn check(&self, path: &Path<'_>) -> Result<(), Error> {
        if !self.was_read.get() {
            return Ok(());
        }
        for (name, _) in self.given {
            let (Member { shape, had_value }, path) = (&self.by_name[name.as_str()], path.member(name));
            if !had_value.get() {
                return Err(Problem::TypeWithoutValue.at(&path));
            }
            shape.check(&path)?;
        }
        Ok(())
    }
}
