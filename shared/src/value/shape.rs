//! Types as they are looked up while a value is read.

use std::cell::Cell;

use super::{Code, Types, problem::Problem};
use crate::{error::Error, path::Path};

/// The type of one value, with a note of which names the values had.
///
/// In a list, some elements may lack a member. A type is in error only if no element has its member. That is known at the
/// end: [`Shape::check`].
pub(super) enum Shape<'t> {
    Code(Code),
    Members(Box<Members<'t>>),
    Elements(Box<Shape<'t>>),
}

impl<'t> Shape<'t> {
    pub(super) fn new(types: &'t Types) -> Self {
        match types {
            Types::Code(code) => Self::Code(*code),
            Types::Members(types) => Self::Members(Box::new(Members::new(types))),
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
    /// As given, with the shape of each type.
    types: Vec<(&'t str, Shape<'t>)>,
    /// Positions in `types`, in the order of the names.
    by_name: Vec<usize>,
    /// The number of types, from the first, that must have a value.
    required: usize,
    /// For each of `types`, whether an object had its member.
    had_value: Vec<Cell<bool>>,
    was_read: Cell<bool>,
}

impl<'t> Members<'t> {
    pub(super) fn new(given: &'t [(String, Types)]) -> Self {
        Self::with_defaults(given, &[])
    }

    /// The types `given`, and `defaults` for other names. A default may have no value.
    pub(super) fn with_defaults(given: &'t [(String, Types)], defaults: &'t [(String, Types)]) -> Self {
        let is_given = |name: &String| given.iter().any(|(known, _)| known == name);
        let defaults = defaults.iter().filter(|(name, _)| !is_given(name));
        let types: Vec<_> =
            given.iter().chain(defaults).map(|(name, types)| (name.as_str(), Shape::new(types))).collect();
        let mut by_name: Vec<usize> = (0..types.len()).collect();
        by_name.sort_unstable_by_key(|at| types[*at].0);
        Self {
            had_value: vec![Cell::new(false); types.len()],
            types,
            by_name,
            required: given.len(),
            was_read: Cell::new(false),
        }
    }

    /// Notes that an object is read by these types.
    pub(super) fn read(&self) {
        self.was_read.set(true);
    }

    /// The type of the member `name`, which has a value.
    pub(super) fn get(&self, name: &str) -> Option<&Shape<'t>> {
        let place = self.by_name.binary_search_by(|at| self.types[*at].0.cmp(name)).ok()?;
        let at = self.by_name[place];
        self.had_value[at].set(true);
        Some(&self.types[at].1)
    }

    /// As [`Shape::check`]. Types that no object was read by are not in error, because a list may be empty.
    pub(super) fn check(&self, path: &Path<'_>) -> Result<(), Error> {
        if !self.was_read.get() {
            return Ok(());
        }
        for ((name, shape), had_value) in self.types.iter().zip(&self.had_value).take(self.required) {
            let path = path.member(name);
            if !had_value.get() {
                return Err(Problem::TypeWithoutValue.at(&path));
            }
            shape.check(&path)?;
        }
        Ok(())
    }
}
