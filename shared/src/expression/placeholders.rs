//! The placeholders of a request: those that the caller gave, and those that we make.
//!
//! The caller's placeholders win. A placeholder that we make never has the name of one that was given, and `#x` in a text is
//! always the caller's. DynamoDB refuses a placeholder that is used but not given, or given but not used. These are refused
//! before the call, with all of their names.
//!
//! DynamoDB parses the expressions first, and complains of placeholders only if it can. So where an expression has an error
//! of syntax, placeholders are not checked here, and the request is sent: DynamoDB's answer names the error.

use std::collections::HashMap;

use super::{
    placeholder_set::PlaceholderSet,
    problem::{List, Problem},
    tokenizer::{Token, TokenKind},
};
use crate::{error::Error, path::Path};

pub(super) const NAMES: &str = "expressionAttributeNames";
pub(super) const VALUES: &str = "expressionAttributeValues";

/// The names and values that a request's expressions use.
#[derive(Debug)]
pub struct Placeholders<V> {
    names: PlaceholderSet<String>,
    values: PlaceholderSet<V>,
    /// The placeholder that was made for each attribute.
    made: HashMap<String, String>,
    /// The error for the first expression that uses placeholders that were not given.
    missing: Option<Error>,
    /// Whether an expression has an error of syntax.
    is_malformed: bool,
}

/// What goes into the request. `None` where DynamoDB would refuse an empty map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent<V> {
    /// `ExpressionAttributeNames`.
    pub names: Option<HashMap<String, String>>,
    /// `ExpressionAttributeValues`.
    pub values: Option<HashMap<String, V>>,
}

impl<V> Placeholders<V> {
    /// `names`: `#placeholder` and attribute name. `values`: `:placeholder` and value.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if a placeholder lacks its sign, has other characters than letters, digits and `_`, or occurs
    /// twice, and if there are more than [`MOST_PLACEHOLDERS`](super::MOST_PLACEHOLDERS).
    pub fn new(names: Vec<(String, String)>, values: Vec<(String, V)>) -> Result<Self, Error> {
        Ok(Self {
            names: PlaceholderSet::new(NAMES, '#', names)?,
            values: PlaceholderSet::new(VALUES, ':', values)?,
            made: HashMap::new(),
            missing: None,
            is_malformed: false,
        })
    }

    /// The placeholder for an attribute of any name, the same one each time.
    pub fn name(&mut self, attribute: &str) -> String {
        self.name_like(attribute, attribute)
    }

    /// As [`name`](Self::name). A new placeholder resembles `hint`.
    pub(super) fn name_like(&mut self, attribute: &str, hint: &str) -> String {
        if let Some(placeholder) = self.made.get(attribute) {
            return placeholder.clone();
        }
        let placeholder = self.names.make(hint, attribute.to_owned());
        self.made.insert(attribute.to_owned(), placeholder.clone());
        placeholder
    }

    /// A new placeholder for a name that is not known yet. It resembles `hint`. Put the name in its place
    /// before the request is sent.
    pub fn reserve_name(&mut self, hint: &str) -> String {
        self.names.make(hint, String::new())
    }

    /// A new placeholder for a value. It resembles `hint`.
    pub fn value(&mut self, hint: &str, value: V) -> String {
        self.values.make(hint, value)
    }

    /// Notes which placeholders the expression in `input` uses.
    pub(super) fn note(&mut self, input: &str, tokens: &[Token<'_>]) {
        let mut missing: Vec<String> = tokens
            .iter()
            .filter(|token| match token.kind {
                TokenKind::Name => !self.names.mark_used(token.text),
                TokenKind::Value => !self.values.mark_used(token.text),
                _ => false,
            })
            .map(|token| token.text.to_owned())
            .collect();
        if missing.is_empty() || self.missing.is_some() {
            return;
        }
        missing.sort_unstable();
        missing.dedup();
        let inputs = [('#', NAMES), (':', VALUES)]
            .into_iter()
            .filter(|(sign, _)| missing.iter().any(|placeholder| placeholder.starts_with(*sign)))
            .map(|(_, input)| input)
            .collect();
        self.missing = Some(Problem::Missing { placeholders: missing, inputs }.at(&Path::Input(input)));
    }

    /// Notes that an expression has an error of syntax.
    pub(super) fn note_malformed(&mut self) {
        self.is_malformed = true;
    }

    /// What to send, once all expressions are rewritten.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] that names the placeholders that were used and not given, or given and not used. None if an
    /// expression has an error of syntax.
    pub fn finish(self) -> Result<Sent<V>, Error> {
        if !self.is_malformed {
            if let Some(error) = self.missing {
                return Err(error);
            }
            let unused = [self.names.unused(), self.values.unused()].concat();
            if !unused.is_empty() {
                return Err(Error::event(format!(
                    "{}: used by no expression, which DynamoDB refuses: use or remove",
                    List(&unused)
                )));
            }
        }
        Ok(Sent { names: self.names.into_map(), values: self.values.into_map() })
    }
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
            placeholders.rewrite("filterExpression", Kind::Filter, text).unwrap();
            let error = placeholders.finish().unwrap_err();
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
    fn a_placeholder_that_is_not_given_is_named_before_one_that_is_not_used() {
        let mut placeholders = given(&[], &[":a"]).unwrap();
        placeholders.rewrite("filterExpression", Kind::Filter, "a = :b").unwrap();
        let error = placeholders.finish().unwrap_err().to_string();
        assert!(error.starts_with("`filterExpression`: uses `:b`, not given"), "{error}");
    }

    /// DynamoDB says what is wrong with the syntax. Where one expression is malformed, this holds for all of a request.
    #[test]
    fn an_error_of_syntax_is_left_to_dynamodb() {
        for texts in [["a == :a", "b = :b"], ["b = :b", "a = :a AND"], ["a = 5", "b = :missing"]] {
            let mut placeholders = given(&[("#unused", "x")], &[":b", ":unused"]).unwrap();
            for text in texts {
                assert_eq!(placeholders.rewrite("filterExpression", Kind::Filter, text).unwrap(), text);
            }
            assert!(placeholders.finish().is_ok(), "{texts:?}");
        }
    }

    #[test]
    fn rejects_more_placeholders_than_expressions_have_room_for() {
        let values: Vec<_> = (0..300_000).map(|number| (format!(":v{number}"), ())).collect();
        let few = values[..4_096].to_vec();
        assert!(Placeholders::new(vec![], few).is_ok());
        let error = Placeholders::new(vec![], values).unwrap_err().to_string();
        assert!(error.starts_with("`expressionAttributeValues`: 300000 placeholders; "), "{error}");
    }

    #[test]
    fn errors_name_the_first_of_many_placeholders() {
        let values: Vec<_> = (0..4_000).map(|number| (format!(":v{number:04}"), ())).collect();
        let error = Placeholders::new(vec![], values).unwrap().finish().unwrap_err().to_string();
        assert!(error.contains("`expressionAttributeValues.:v0009` and 3990 more: used by no expression"), "{error}");
        let text: Vec<_> = (0..400).map(|number| format!(":v{number:03}")).collect();
        let text = format!("a IN ({})", text.join(","));
        let mut none = given(&[], &[]).unwrap();
        none.rewrite("filterExpression", Kind::Filter, &text).unwrap();
        let error = none.finish().unwrap_err().to_string();
        assert!(error.contains("`:v009` and 390 more, not given in `expressionAttributeValues`"), "{error}");
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
