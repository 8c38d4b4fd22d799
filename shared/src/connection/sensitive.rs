//! The one type that secrets live in.

use std::fmt;

use zeroize::Zeroizing;

/// A secret: it cannot be printed or serialized, and its memory is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Sensitive(Zeroizing<String>);

impl Sensitive {
    /// Keeps a secret.
    #[must_use]
    pub fn new(secret: String) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// The secret, for the one who signs with it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("** redacted **")
    }
}

#[cfg(test)]
mod tests {
    use super::Sensitive;

    #[test]
    fn is_not_printed() {
        assert_eq!(format!("{:?}", Some(Sensitive::new("marked".into()))), "Some(** redacted **)");
    }
}
