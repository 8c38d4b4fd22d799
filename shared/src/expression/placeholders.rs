//! The placeholders of a request: the caller's, and those that we make.
//!
//! The caller's win: one that we make never has the name of one that was given, and a text's `#x` is always the
//! caller's. DynamoDB refuses a placeholder that is used and not given, or given and not used; so do we, before
//! the call, and name all of them.

use std::collections::HashMap;

use super::{
    side::Side,
    tokenizer::{Token, TokenKind},
};
use crate::{error::Error, path::Path};

const NAMES: &str = "expressionAttributeNames";
const VALUES: &str = "expressionAttributeValues";

/// The names and values that a request's expressions stand for.
#[derive(Debug)]
pub struct Placeholders<V> {
    names: Side<String>,
    values: Side<V>,
    /// The placeholder that was made for an attribute.
    made: HashMap<String, String>,
}

/// What goes into the request; `None` where DynamoDB would refuse an empty map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent<V> {
    /// `ExpressionAttributeNames`.
    pub names: Option<HashMap<String, String>>,
    /// `ExpressionAttributeValues`.
    pub values: Option<HashMap<String, V>>,
}

impl<V> Placeholders<V> {
    /// What the caller gave: `#placeholder` and attribute's name, `:placeholder` and value.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if one lacks its sign, has more than letters, digits and `_`, or comes twice.
    pub fn new(names: Vec<(String, String)>, values: Vec<(String, V)>) -> Result<Self, Error> {
        Ok(Self { names: Side::new(NAMES, '#', names)?, values: Side::new(VALUES, ':', values)?, made: HashMap::new() })
    }

    /// The placeholder for an attribute of any name; the same one each time. It counts as used.
    pub fn name(&mut self, attribute: &str) -> String {
        self.name_like(attribute, attribute)
    }

    /// As [`name`](Self::name), but a new placeholder looks like `hint`.
    pub(super) fn name_like(&mut self, attribute: &str, hint: &str) -> String {
        if let Some(placeholder) = self.made.get(attribute) {
            return placeholder.clone();
        }
        let placeholder = self.names.make(hint, attribute.to_owned());
        self.made.insert(attribute.to_owned(), placeholder.clone());
        placeholder
    }

    /// A new placeholder for a value, which looks like `hint`. It counts as used.
    pub fn value(&mut self, hint: &str, value: V) -> String {
        self.values.make(hint, value)
    }

    /// Notes the placeholders among an expression's tokens as used.
    pub(super) fn note(&mut self, input: &str, tokens: &[Token<'_>]) -> Result<(), Error> {
        let mut missing: Vec<&str> = tokens
            .iter()
            .filter(|token| match token.kind {
                TokenKind::Name => !self.names.note(token.text),
                TokenKind::Value => !self.values.note(token.text),
                _ => false,
            })
            .map(|token| token.text)
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        missing.sort_unstable();
        missing.dedup();
        let inputs: Vec<&str> = [('#', NAMES), (':', VALUES)]
            .into_iter()
            .filter(|(sign, _)| missing.iter().any(|placeholder| placeholder.starts_with(*sign)))
            .map(|(_, input)| input)
            .collect();
        Err(Error::input(&Path::Input(input), format_args!("uses {}, not given in {}", list(&missing), list(&inputs))))
    }

    /// Ends the request's expressions: what to send.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] that names every placeholder that was given and no expression uses.
    pub fn finish(self) -> Result<Sent<V>, Error> {
        let unused = [self.names.unused(), self.values.unused()].concat();
        if !unused.is_empty() {
            return Err(Error::event(format!(
                "{}: used by no expression, which DynamoDB refuses: use or remove",
                list(&unused)
            )));
        }
        Ok(Sent { names: self.names.into_map(), values: self.values.into_map() })
    }
}

/// Each between backticks.
fn list(texts: &[impl AsRef<str>]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("`{}`", text.as_ref())).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Placeholders, Sent};
    use crate::expression::Kind;

    fn given(names: &[(&str, &str)], values: &[&str]) -> Result<Placeholders<()>, String> {
        Placeholders::new(
            names.iter().map(|(name, attribute)| ((*name).into(), (*attribute).into())).collect(),
            values.iter().map(|value| ((*value).into(), ())).collect(),
        )
        .map_err(|error| error.to_string())
    }

    #[test]
    fn rejects_what_is_no_placeholder() {
        let rule = |sign: char| format!("must be `{sign}` and then letters, digits and `_` only, as in `{sign}a_1`");
        for name in ["", "s", "#", "#a-b", "# a", ":s", "#é", "##"] {
            let error = given(&[(name, "status")], &[]).unwrap_err();
            assert_eq!(error, format!("`expressionAttributeNames.{name}`: {}", rule('#')));
        }
        for value in ["", "v", ":", ":a.b", "#v", "::v"] {
            let error = given(&[], &[value]).unwrap_err();
            assert_eq!(error, format!("`expressionAttributeValues.{value}`: {}", rule(':')));
        }
    }

    #[test]
    fn rejects_a_placeholder_given_twice() {
        let error = given(&[], &[":a", ":b", ":a"]).unwrap_err();
        assert_eq!(error, "`expressionAttributeValues.:a`: given twice");
    }

    #[test]
    fn names_every_placeholder_that_is_not_given() {
        for (text, expected) in [
            (
                "#n = :v AND #n <> :w",
                "uses `#n`, `:v`, `:w`, not given in `expressionAttributeNames`, `expressionAttributeValues`",
            ),
            ("a = :v", "uses `:v`, not given in `expressionAttributeValues`"),
            // Those that we make are not the caller's.
            ("Name = #Name", "uses `#Name`, not given in `expressionAttributeNames`"),
        ] {
            let mut placeholders = given(&[], &[]).unwrap();
            placeholders.name("Name");
            let error = placeholders.rewrite("filterExpression", Kind::Filter, text).unwrap_err();
            assert_eq!(error.to_string(), format!("`filterExpression`: {expected}"));
        }
    }

    #[test]
    fn names_every_placeholder_that_is_not_used() {
        let mut placeholders = given(&[("#a", "x"), ("#b", "y")], &[":used", ":limit", ":from"]).unwrap();
        placeholders.rewrite("filterExpression", Kind::Filter, "#b = :used").unwrap();
        assert_eq!(
            placeholders.finish().unwrap_err().to_string(),
            "`expressionAttributeNames.#a`, `expressionAttributeValues.:from`, `expressionAttributeValues.:limit`: \
             used by no expression, which DynamoDB refuses: use or remove"
        );
        let one = given(&[], &[":limit"]).unwrap();
        assert_eq!(
            one.finish().unwrap_err().to_string(),
            "`expressionAttributeValues.:limit`: used by no expression, which DynamoDB refuses: use or remove"
        );
    }

    #[test]
    fn one_expression_that_uses_a_placeholder_is_enough() {
        let mut placeholders = given(&[("#a", "x")], &[":v"]).unwrap();
        placeholders.rewrite("updateExpression", Kind::Update, "SET #a = :v").unwrap();
        placeholders.rewrite("conditionExpression", Kind::Condition, "id = :v").unwrap();
        assert!(placeholders.finish().is_ok());
    }

    #[test]
    fn sends_no_empty_map() {
        let expected = Sent { names: None, values: None };
        assert_eq!(given(&[], &[]).unwrap().finish().unwrap(), expected);
    }

    #[test]
    fn makes_placeholders_that_collide_with_none() {
        let mut placeholders = given(&[("#Name", "other"), ("#Name_1", "another")], &[":v"]).unwrap();
        assert_eq!(placeholders.name("Name"), "#Name_2");
        assert_eq!(placeholders.name("Name"), "#Name_2", "one attribute, one placeholder");
        assert_eq!(placeholders.name("name"), "#name", "another attribute");
        assert_eq!(placeholders.name("Name_3"), "#Name_3");
        assert_eq!(placeholders.name("first-name"), "#first_name");
        assert_eq!(placeholders.name("first.name"), "#first_name_1");
        assert_eq!(placeholders.name("größe"), "#gr__e");
        assert_eq!(placeholders.name(&"x".repeat(300)), format!("#{}", "x".repeat(32)));
        assert_eq!(placeholders.value("v", ()), ":v_1");
        assert_eq!(placeholders.value("v", ()), ":v_2");
        assert_eq!(placeholders.value("", ()), ":_");
    }
}
