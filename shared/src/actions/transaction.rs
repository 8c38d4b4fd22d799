//! What the actions that make transactions have in common: the number of parts, and the table that they name.

use crate::{error::Error, path::Path};

/// The most parts of a transaction:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html>.
pub(super) const MOST_PARTS: usize = 100;

/// Rejects an empty list of parts and one that is longer than `most`.
pub(super) fn check_count(list: &'static str, count: usize, most: usize) -> Result<(), Error> {
    let path = Path::Input(list);
    match count {
        0 => Err(Error::input(&path, format_args!("an empty list; give 1 to {most}"))),
        count if count > most => {
            Err(Error::input(&path, format_args!("a list of {count}; a transaction takes {most}, make several")))
        }
        _ => Ok(()),
    }
}

/// The table, if all parts name the same one.
pub(super) fn only_table<'t>(mut tables: impl Iterator<Item = &'t str>) -> Option<String> {
    let first = tables.next()?;
    tables.all(|table| table == first).then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_parts() {
        assert!(check_count("gets", 1, 100).is_ok() && check_count("gets", 100, 100).is_ok());
        assert_eq!(check_count("gets", 0, 100).unwrap_err().to_string(), "`gets`: an empty list; give 1 to 100");
        assert_eq!(
            check_count("gets", 101, 100).unwrap_err().to_string(),
            "`gets`: a list of 101; a transaction takes 100, make several"
        );
    }

    #[test]
    fn several_tables_have_no_only_one() {
        assert_eq!(only_table(["T", "T"].into_iter()), Some("T".to_owned()));
        assert_eq!(only_table(["T", "U"].into_iter()), None);
        assert_eq!(only_table([].into_iter()), None);
    }
}
