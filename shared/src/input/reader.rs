//! Reads the members of one object of inputs.

use super::{FromInputs, FromJson, Members};
use crate::{
    error::{Error, Problem},
    json::{Json, first_repeated},
    path::Path,
};

/// Reads an event's members into inputs.
///
/// # Errors
/// Returns [`Error::InvalidInput`] if a member is given twice or is nested too deep. Other errors are those of
/// [`Inputs::read`].
pub fn read_event<T: FromInputs>(members: Members<'_>) -> Result<T, Error> {
    let mut texts = Vec::new();
    T::texts(&mut texts);
    Inputs::read(members.parse_each(&texts)?, None)
}

/// The members of one object that have not been read yet.
#[derive(Debug)]
pub struct Inputs<'p> {
    place: Option<&'p Path<'p>>,
    given: Vec<(String, Json)>,
}

impl<'p> Inputs<'p> {
    /// Reads a whole object. `place` is its path. It is `None` for the event itself.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] for a name that `T` does not have. Other errors are those of
    /// [`FromInputs::read`].
    pub fn read<T: FromInputs>(given: Vec<(String, Json)>, place: Option<&'p Path<'p>>) -> Result<T, Error> {
        let mut names = Vec::new();
        T::names(&mut names);
        let mut inputs = Self { place, given };
        if let Some(name) = first_repeated(&inputs.given) {
            return Err(inputs.at(name, |path| Error::input(path, "given twice; give it once")));
        }
        for (name, _) in &inputs.given {
            inputs.check_name(name, &names)?;
        }
        T::read(&mut inputs)
    }

    /// Takes the input that has one of these names. The first is the input's own name.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] if the input is given under two names. Other errors are those of [`FromJson`].
    pub fn take<T: FromJson>(&mut self, names: &'static [&'static str]) -> Result<T, Error> {
        let mut found: Option<(String, Json)> = None;
        while let Some(at) = self.given.iter().position(|(name, _)| names.contains(&name.as_str())) {
            let (name, json) = self.given.swap_remove(at);
            match &found {
                _ if T::is_left_out(&json) => {}
                None => found = Some((name, json)),
                Some((other, _)) => {
                    return Err(self.at(&name, |path| Error::at(path, Problem::SameAs(other.clone()))));
                }
            }
        }
        match found {
            Some((name, json)) => self.at(&name, |path| T::from_json(json, path)),
            None => self.at(names[0], T::left_out),
        }
    }

    fn at<R>(&self, name: &str, then: impl FnOnce(&Path<'_>) -> R) -> R {
        match self.place {
            None => then(&Path::Input(name)),
            Some(place) => then(&place.member(name)),
        }
    }

    fn check_name(&self, name: &str, names: &[&[&'static str]]) -> Result<(), Error> {
        let known = || names.iter().copied().flatten().copied();
        if known().any(|known| known == name) {
            return Ok(());
        }
        let nearest = nearest(name, known());
        Err(self.at(name, |path| Error::at(path, Problem::Unknown { nearest })))
    }
}

/// The longest name, in bytes, for which a similar name is searched. All inputs have names of less than half that
/// length. The search takes time in proportion to the product of both lengths.
const LONGEST_SEARCHED: usize = 64;

/// The known name that takes the fewest edits from `name`.
fn nearest(name: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    if name.len() > LONGEST_SEARCHED {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    known.min_by_key(|known| strsim::damerau_levenshtein(&known.to_ascii_lowercase(), &lower))
}
