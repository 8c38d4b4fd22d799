//! What the batches share that take one table or a list of `requests` for several tables.

use crate::{error::Error, path::Path};

/// Refuses inputs beside `requests` that belong into each of them. `given`: the inputs' names, and whether the event has
/// them.
pub(super) fn refuse_beside_requests(given: &[(&str, bool)]) -> Result<(), Error> {
    match given.iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((name, _)) => {
            Err(Error::input(&Path::Input(name), "does not go with `requests`; give it in each of them"))
        }
    }
}
