//! Typed items as CSV. One column holds the values of one attribute, which have one type.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{Header, csv_rows::header_cell, table::Described};

/// The most columns. Each item may have names of its own.
const MOST_COLUMNS: usize = 1_000;

type Item<'a> = BTreeMap<String, BTreeMap<String, &'a RawValue>>;

/// The columns of the items of a table.
#[derive(Debug)]
pub(super) struct Columns {
    /// The key attributes, which come first.
    keys: Vec<String>,
    types: BTreeMap<String, String>,
}

impl Columns {
    pub(super) fn new(table: &Described) -> Self {
        Self { keys: table.key_names().map(str::to_owned).collect(), types: BTreeMap::new() }
    }

    /// Adds the columns of an item.
    ///
    /// # Errors
    /// Returns what CSV cannot hold, by the attribute's name.
    pub(super) fn add(&mut self, item: &str) -> Result<(), String> {
        for (name, value) in read(item)? {
            let Some((code, value)) = value.first_key_value() else { return Err(format!("`{name}` has no value")) };
            match code.as_str() {
                "M" | "L" | "NULL" => {
                    let kind = match code.as_str() {
                        "M" => "a map",
                        "L" => "a list",
                        _ => "null",
                    };
                    return Err(format!("`{name}` is {kind} ({code})"));
                }
                "S" if value.get() == r#""""# => {
                    return Err(format!("`{name}` is an empty text, which CSV does not tell from a missing attribute"));
                }
                _ => {}
            }
            if name.starts_with('\u{feff}') {
                return Err(format!("the name `{name}` begins with a byte order mark"));
            }
            match self.types.get(&name) {
                Some(known) if known != code => {
                    return Err(format!(
                        "`{name}` is {known} in one item and {code} in another; a column has one type"
                    ));
                }
                Some(_) => {}
                None if self.types.len() == MOST_COLUMNS => {
                    return Err(format!("there are more than {MOST_COLUMNS} attributes"));
                }
                None => {
                    self.types.insert(name, code.clone());
                }
            }
        }
        Ok(())
    }

    /// The attributes in the order of the columns: the key, then the others in alphabetical order.
    fn names(&self) -> impl Iterator<Item = &String> {
        self.keys.iter().chain(self.types.keys().filter(|name| !self.keys.contains(name)))
    }

    /// The header. The columns must be known.
    pub(super) fn header(&self, names: Header) -> Vec<String> {
        let code = |name: &String| self.types.get(name).map_or("S", String::as_str);
        self.names().map(|name| header_cell(name, code(name), names)).collect()
    }

    /// The types that a load needs, if the header does not say them: `age:N,tags:SS`.
    pub(super) fn types(&self) -> String {
        let typed = self.names().filter_map(|name| self.types.get(name).map(|code| (name, code)));
        let typed: Vec<_> =
            typed.filter(|(_, code)| *code != "S").map(|(name, code)| format!("{name}:{code}")).collect();
        typed.join(",")
    }

    /// The record of an item.
    pub(super) fn record(&self, item: &str) -> Result<Vec<String>, String> {
        let item = read(item)?;
        let cell = |name: &String| {
            let Some((code, value)) = item.get(name).and_then(|value| value.first_key_value()) else {
                return Ok(String::new());
            };
            match code.as_str() {
                "S" | "N" | "B" => serde_json::from_str(value.get()).map_err(|error| format!("`{name}`: {error}")),
                _ => Ok(value.get().to_owned()),
            }
        };
        self.names().map(cell).collect()
    }
}

fn read(item: &str) -> Result<Item<'_>, String> {
    serde_json::from_str(item).map_err(|error| format!("an item is not DynamoDB JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(items: &[&str]) -> Result<Columns, String> {
        let mut columns = Columns { keys: vec!["id".into()], types: BTreeMap::new() };
        items.iter().try_for_each(|item| columns.add(item)).map(|()| columns)
    }

    #[test]
    fn the_key_comes_first_and_the_header_says_the_types() {
        let item =
            r#"{"n":{"N":"1.50"},"id":{"S":"a"},"bin":{"B":"aGk="},"tags":{"SS":["x","y\n"]},"ok":{"BOOL":true}}"#;
        let columns = columns(&[r#"{"id":{"S":"b"},"z:N":{"S":"q"}}"#, item]).unwrap();
        assert_eq!(columns.header(Header::Typed), ["id", "bin:B", "n:N", "ok:BOOL", "tags:SS", "z:N:S"]);
        assert_eq!(columns.header(Header::Plain), ["id", "bin", "n", "ok", "tags", "z:N"]);
        assert_eq!(columns.types(), "bin:B,n:N,ok:BOOL,tags:SS");
        assert_eq!(columns.record(item).unwrap(), ["a", "aGk=", "1.50", "true", r#"["x","y\n"]"#, ""]);
    }

    #[test]
    fn what_csv_cannot_hold_is_refused_by_name() {
        for (items, part) in [
            (&[r#"{"id":{"S":"a"},"address":{"M":{}}}"#][..], "`address` is a map (M)"),
            (&[r#"{"id":{"S":"a"},"scores":{"L":[]}}"#], "`scores` is a list (L)"),
            (&[r#"{"id":{"S":"a"},"gone":{"NULL":true}}"#], "`gone` is null (NULL)"),
            (&[r#"{"id":{"S":"a"},"note":{"S":""}}"#], "`note` is an empty text"),
            (&[r#"{"x":{"S":"a"}}"#, r#"{"x":{"N":"1"}}"#], "`x` is S in one item and N in another"),
        ] {
            let error = columns(items).unwrap_err();
            assert!(error.contains(part), "{items:?}: {error}");
        }
        let wide: Vec<String> = (0..=MOST_COLUMNS).map(|at| format!(r#"{{"a{at}":{{"S":"x"}}}}"#)).collect();
        let wide: Vec<&str> = wide.iter().map(String::as_str).collect();
        assert!(columns(&wide).unwrap_err().contains("more than 1000 attributes"));
    }
}
