//! A line of JSON Lines: one item.
//!
//! A key of a table is a text, a number or a binary. So a plain item has at least one member that is no object, and an item
//! whose members are all typed (`{"id": {"S": "C-1"}}`) is DynamoDB JSON. The first item says which one the file holds.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::Values;

/// Members by name. A member that is given twice is refused by the function, which sees the line as it is.
type Members<'a> = BTreeMap<String, &'a RawValue>;

/// Reads the lines of one file.
#[derive(Debug)]
pub(super) struct JsonLines {
    values: Option<Values>,
    /// Whether each item is the member `Item` of its line, as in DynamoDB's own export to S3.
    is_wrapped: Option<bool>,
}

/// An item, as JSON.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The item, if it is not the whole row.
    pub(super) json: Option<String>,
    /// The names of its attributes.
    pub(super) names: Vec<String>,
}

impl JsonLines {
    /// `values`: what the lines hold. `None`: the first item says it.
    pub(super) fn new(values: Option<Values>) -> Self {
        Self { values, is_wrapped: None }
    }

    /// What the lines hold. Plain JSON until the first item said otherwise.
    pub(super) fn values(&self) -> Values {
        self.values.unwrap_or(Values::Plain)
    }

    /// Reads a line.
    ///
    /// # Errors
    /// Returns why the line is no item.
    pub(super) fn item(&mut self, line: &str) -> Result<Item, String> {
        let members = members(line)?;
        let is_wrapped = *self.is_wrapped.get_or_insert_with(|| inner(&members).is_some());
        if !is_wrapped {
            self.learn(&members);
            return Ok(Item { json: None, names: members.into_keys().collect() });
        }
        let Some((json, members)) = inner(&members) else {
            return Err("it has no member `Item` with a typed item, as the first row has".into());
        };
        self.learn(&members);
        Ok(Item { json: Some(json.to_owned()), names: members.into_keys().collect() })
    }

    fn learn(&mut self, members: &Members<'_>) {
        if self.values.is_none() {
            self.values = Some(if is_typed(members) { Values::Typed } else { Values::Plain });
        }
    }
}

fn members(json: &str) -> Result<Members<'_>, String> {
    if !json.trim_ascii_start().starts_with('{') {
        return Err("it is no JSON object; each line holds one item".into());
    }
    serde_json::from_str(json).map_err(|error| {
        // A row is one line.
        format!("it is not JSON: {}", error.to_string().replace("line 1 column", "character"))
    })
}

/// The typed item in a line of DynamoDB's own export: `{"Item": {"id": {"S": "C-1"}}}`.
fn inner<'a>(line: &Members<'a>) -> Option<(&'a str, Members<'a>)> {
    let json = line.get("Item").filter(|_| line.len() == 1)?.get();
    let members = members(json).ok()?;
    is_typed(&members).then_some((json, members))
}

/// Whether each member is an object with a type as its only member.
fn is_typed(members: &Members<'_>) -> bool {
    const CODES: [&str; 11] = ["S", "N", "B", "BOOL", "NULL", "NUL", "M", "L", "SS", "NS", "BS"];
    let typed = |value: &&RawValue| {
        let value = value.get();
        value.starts_with('{')
            && serde_json::from_str::<Members<'_>>(value).is_ok_and(|inner| {
                let mut names = inner.keys();
                names.next().is_some_and(|name| CODES.iter().any(|code| code.eq_ignore_ascii_case(name)))
                    && names.next().is_none()
            })
    };
    !members.is_empty() && members.values().all(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(line: &str) -> (Values, Item) {
        let mut lines = JsonLines::new(None);
        let item = lines.item(line).unwrap();
        (lines.values(), item)
    }

    #[test]
    fn the_first_item_says_whether_the_file_is_typed() {
        for (line, values) in [
            (r#"{"id":{"S":"a"},"n":{"N":"1.50"}}"#, Values::Typed),
            (r#" {"id" : {"s":"a"}, "x":{"Bool":true}}"#, Values::Typed),
            (r#"{"id":"a","m":{"S":"a"}}"#, Values::Plain),
            (r#"{"id":{"utf8":"a"}}"#, Values::Plain),
            (r#"{"id":{"S":"a","N":"1"}}"#, Values::Plain),
            ("{}", Values::Plain),
        ] {
            assert_eq!(first(line).0, values, "{line}");
        }
    }

    #[test]
    fn an_export_of_dynamodb_is_unwrapped() {
        let (values, item) = first(r#"{"Item":{"id":{"S":"a"}}}"#);
        assert_eq!((values, item.json.as_deref()), (Values::Typed, Some(r#"{"id":{"S":"a"}}"#)));
        assert_eq!(item.names, ["id"]);
        assert_eq!(first(r#"{"Item":"a"}"#).1, Item { json: None, names: vec!["Item".into()] });
        let mut lines = JsonLines::new(None);
        lines.item(r#"{"Item":{"id":{"S":"a"}}}"#).unwrap();
        assert!(lines.item(r#"{"id":{"S":"b"}}"#).unwrap_err().contains("`Item`"));
    }

    #[test]
    fn a_line_that_is_no_object_is_named() {
        for (line, part) in [
            ("[1]", "no JSON object"),
            ("id,at", "no JSON object"),
            (r#"{"a":1"#, "EOF while parsing"),
            (r#"{"a":01}"#, "at character 7"),
            (r#"{"a":1} {"b":2}"#, "trailing characters"),
        ] {
            let error = JsonLines::new(None).item(line).unwrap_err();
            assert!(error.contains(part), "{line}: {error}");
        }
    }
}
