//! Positions in a list of inputs, as an error names them.

use std::fmt;

/// Positions in the list `list`, in order: `actions[0]`, `actions[2]` to `actions[5]`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Indexes<'a> {
    /// The name of the list.
    pub(super) list: &'static str,
    /// The positions, in ascending order.
    pub(super) indexes: &'a [usize],
}

impl fmt::Display for Indexes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { list, indexes } = self;
        for (number, run) in indexes.chunk_by(|one, next| one + 1 == *next).enumerate() {
            if number > 0 {
                f.write_str(", ")?;
            }
            match run {
                [first, .., last] => write!(f, "`{list}[{first}]` to `{list}[{last}]`")?,
                run => run.iter().try_for_each(|index| write!(f, "`{list}[{index}]`"))?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Indexes;

    #[test]
    fn neighbours_are_one_range() {
        for (indexes, text) in
            [(&[][..], ""), (&[7], "`a[7]`"), (&[0, 1, 2, 5, 8, 9], "`a[0]` to `a[2]`, `a[5]`, `a[8]` to `a[9]`")]
        {
            assert_eq!(Indexes { list: "a", indexes }.to_string(), text);
        }
    }
}
