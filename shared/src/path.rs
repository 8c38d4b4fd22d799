//! The path of a value in the event: `item.address.zip`, `parameters[2]`.
//!
//! A [`Path`] is a chain of borrowed parts on the stack. It is formatted only for an error.

use std::{fmt, iter};

/// The path of one value: a chain that leads back to the input that holds it.
#[derive(Debug, Clone, Copy)]
pub enum Path<'a> {
    /// An input of the event: `item`.
    Input(&'a str),
    /// A member of an object: `item.address`.
    Member(&'a Path<'a>, &'a str),
    /// An element of a list: `item.scores[0]`.
    Element(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    /// The path of the member `name` of this object.
    #[must_use]
    pub fn member(&'a self, name: &'a str) -> Self {
        Self::Member(self, name)
    }

    /// The path of the element at `index` of this list.
    #[must_use]
    pub fn element(&'a self, index: usize) -> Self {
        Self::Element(self, index)
    }

    /// The number of objects and lists around the value.
    #[must_use]
    pub fn depth(&self) -> usize {
        let parent = |path: &Self| match path {
            Self::Input(_) => None,
            Self::Member(parent, _) | Self::Element(parent, _) => Some(**parent),
        };
        iter::successors(parent(self), parent).count()
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(name) => write_name(f, name),
            Self::Member(parent, name) => {
                write!(f, "{parent}.")?;
                write_name(f, name)
            }
            Self::Element(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// The longest name that is shown in full, in characters.
const SHOWN: usize = 100;

/// Writes a name on one line. Cuts a long name.
fn write_name(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    match name.char_indices().nth(SHOWN) {
        None => write!(f, "{}", name.escape_debug()),
        Some((end, _)) => write!(f, "{}…", name[..end].escape_debug()),
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn is_written_as_a_user_would_write_it() {
        let item = Path::Input("item");
        let address = item.member("address");
        let lines = address.member("lines");
        assert_eq!(lines.element(2).to_string(), "item.address.lines[2]");
        assert_eq!(lines.element(2).depth(), 3);
        assert_eq!(item.depth(), 0);
    }

    #[test]
    fn stays_on_one_line() {
        assert_eq!(Path::Input("item").member("a\nb").to_string(), r"item.a\nb");
    }
}
