//! A limit for the memory that values take, checked while they are made.
//!
//! Values take far more memory than their JSON: `{"":0}` has six bytes as JSON and some 400 bytes as a value. An event of 6 MB
//! could end a small function. DynamoDB's limit for an item's size is reached long before, but the size of an item is known
//! only when the item is made. So what lists and maps take of it is counted on the way. Scalars are not counted: they take no
//! more memory than their JSON.

use std::cell::Cell;

use super::{limits::LARGEST_ITEM, problem::Problem};
use crate::{error::Error, path::Path};

/// The bytes that DynamoDB counts for a list or map, without its elements.
pub(super) const CONTAINER: usize = 3;
/// The bytes that DynamoDB counts for an element or member of a list or map, without its name and value.
pub(super) const ELEMENT: usize = 1;

/// The bytes that are left for names, lists and maps in the values of one input.
pub(super) struct Budget(Cell<usize>);

impl Budget {
    pub(super) fn new() -> Self {
        Self(Cell::new(LARGEST_ITEM))
    }

    /// Takes the bytes of the list or map at `path`, without names and values.
    pub(super) fn container(&self, elements: usize, path: &Path<'_>) -> Result<(), Error> {
        self.spend(CONTAINER + elements * ELEMENT, path)
    }

    /// Takes the bytes of a name in the item or map at `path`.
    pub(super) fn name(&self, name: &str, path: &Path<'_>) -> Result<(), Error> {
        self.spend(name.len(), path)
    }

    fn spend(&self, bytes: usize, path: &Path<'_>) -> Result<(), Error> {
        let left = self.0.get().checked_sub(bytes).ok_or_else(|| Problem::TooManyValues.at(path))?;
        self.0.set(left);
        Ok(())
    }
}
