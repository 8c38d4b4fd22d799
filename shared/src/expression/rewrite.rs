//! Placeholders for the names in an expression that DynamoDB does not take as they are.

use super::{
    Kind, Placeholders,
    check::check_size,
    grammar::{Role, roles},
    limits::LARGEST_EXPRESSION,
    problem::Problem,
    reserved_words::is_reserved,
    syntax::is_malformed,
    tokenizer::{Token, tokenize},
};
use crate::{error::Error, path::Path};

/// The hint for a placeholder that must be short.
const SHORT: &str = "n";

impl<V> Placeholders<V> {
    /// The expression `text` with a placeholder for each attribute name that DynamoDB reserves or that starts with `_`.
    /// Everything else in it is unchanged. Its placeholders count as used. `input` is the name of the expression in an error:
    /// `conditionExpression`.
    ///
    /// Placeholders in it that were not given are an error later, in [`finish`](Self::finish).
    ///
    /// # Errors
    /// [`Error::InvalidInput`] if the expression is larger than DynamoDB's 4 KB.
    pub fn rewrite(&mut self, input: &str, kind: Kind, text: &str) -> Result<String, Error> {
        check_size(input, text.len())?;
        let tokens = tokenize(text);
        let roles = roles(kind, &tokens);
        self.note(input, &tokens);
        if is_malformed(kind, &tokens, &roles) {
            self.note_malformed();
        }
        let names: Vec<&Token<'_>> = tokens
            .iter()
            .zip(&roles)
            .filter(|(token, role)| **role == Some(Role::Attribute) && needs_placeholder(token.text))
            .map(|(token, _)| token)
            .collect();
        // A placeholder with the name of its attribute has one more byte, the sign.
        let is_readable = text.len() + names.len() <= LARGEST_EXPRESSION;
        let mut rewritten = String::with_capacity(text.len() + 16);
        let mut copied = 0;
        for name in names {
            rewritten.push_str(&text[copied..name.start]);
            rewritten.push_str(&self.name_like(name.text, if is_readable { name.text } else { SHORT }));
            copied = name.end();
        }
        rewritten.push_str(&text[copied..]);
        if rewritten.len() > LARGEST_EXPRESSION {
            return Err(Problem::TooLongRewritten(rewritten.len()).at(&Path::Input(input)));
        }
        Ok(rewritten)
    }

    /// As [`rewrite`](Self::rewrite), for an expression that may be left out.
    ///
    /// # Errors
    /// As [`rewrite`](Self::rewrite).
    pub fn rewrite_if_given(&mut self, input: &str, kind: Kind, text: Option<&str>) -> Result<Option<String>, Error> {
        text.map(|text| self.rewrite(input, kind, text)).transpose()
    }
}

/// Whether DynamoDB refuses this name without a placeholder. `REMOVE` is a keyword that AWS's list of reserved words lacks. A
/// name must start with a letter.
pub(super) fn needs_placeholder(name: &str) -> bool {
    is_reserved(name) || name.eq_ignore_ascii_case("REMOVE") || name.starts_with('_')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::expression::Kind::{Condition, Filter, KeyCondition, Projection, Update};

    /// The rewritten text and the names to send. All placeholders of `text` are given.
    fn rewrite(kind: Kind, text: &str) -> (String, BTreeMap<String, String>) {
        let given = |sign: char| {
            let mut found: Vec<_> = tokenize(text).iter().map(|token| token.text.to_owned()).collect();
            found.retain(|token| token.len() > 1 && token.starts_with(sign));
            found.sort_unstable();
            found.dedup();
            found
        };
        let names = given('#').into_iter().map(|name| (name, "given".to_owned())).collect();
        let values = given(':').into_iter().map(|value| (value, ())).collect();
        let mut placeholders = Placeholders::new(names, values).unwrap();
        let rewritten = placeholders.rewrite("expression", kind, text).unwrap();
        let names = placeholders.finish().unwrap().names.unwrap_or_default();
        (rewritten, names.into_iter().filter(|(_, attribute)| attribute != "given").collect())
    }

    /// Each expression, and what is sent. A placeholder that we make has the name of its attribute.
    #[track_caller]
    fn check(kind: Kind, table: &[(&str, &str)]) {
        for (text, expected) in table {
            let (rewritten, names) = rewrite(kind, text);
            assert_eq!(rewritten, *expected, "{text}");
            for (placeholder, attribute) in names {
                assert_eq!(placeholder, format!("#{attribute}"), "{text}");
            }
        }
    }

    #[test]
    fn replaces_reserved_words_in_conditions() {
        for kind in [Condition, Filter, KeyCondition] {
            check(
                kind,
                &[
                    ("", ""),
                    ("Name = :n AND #s > :x", "#Name = :n AND #s > :x"),
                    ("id = :n and  STATUS\n<>\t:x", "id = :n and  #STATUS\n<>\t:x"),
                    (":n<=count", ":n<=#count"),
                    ("a.Name[0].status = :a", "a.#Name[0].#status = :a"),
                    ("a . Name = :a", "a . #Name = :a"),
                    ("#a.Name = :a AND Name.#b = :b", "#a.#Name = :a AND #Name.#b = :b"),
                    ("Data[0][1] = :a", "#Data[0][1] = :a"),
                    ("a BETWEEN :a AND :b AND Date = :c", "a BETWEEN :a AND :b AND #Date = :c"),
                    ("begins_with(Name, :a)", "begins_with(#Name, :a)"),
                    ("begins_with (Name,prefix)", "begins_with (#Name,prefix)"),
                    ("_id = :a AND a._b = :b AND __ <> a_", "#_id = :a AND a.#_b = :b AND #__ <> a_"),
                ],
            );
        }
    }

    #[test]
    fn a_keyword_is_an_attribute_where_an_operand_stands() {
        for kind in [Condition, Filter] {
            check(
                kind,
                &[
                    ("size = :v", "#size = :v"),
                    ("size(size) > :v", "size(#size) > :v"),
                    ("SIZE (size.size) > size", "SIZE (#size.#size) > #size"),
                    ("contains(contains, :a)", "contains(contains, :a)"),
                    ("between BETWEEN :a AND :b", "#between BETWEEN :a AND :b"),
                    ("between between between and and", "#between between #between and #and"),
                    ("in IN (:a, :b)", "#in IN (:a, :b)"),
                    ("in IN (in, not, and)", "#in IN (#in, #not, #and)"),
                    ("and = or AND or = and OR and = :a", "#and = #or AND #or = #and OR #and = :a"),
                    ("(and = :a) or (or = :b)", "(#and = :a) or (#or = :b)"),
                    ("set = :a AND remove = :b", "#set = :a AND #remove = :b"),
                    ("attribute_exists(between)", "attribute_exists(#between)"),
                    ("attribute_type(Type, :t)", "attribute_type(#Type, :t)"),
                    ("a < and AND b < :b", "a < #and AND b < :b"),
                ],
            );
        }
    }

    #[test]
    fn not_is_a_keyword_until_a_comparison_follows() {
        check(
            Condition,
            &[
                ("NOT a = :a", "NOT a = :a"),
                ("NOT Name = :a", "NOT #Name = :a"),
                ("NOT not = :a", "NOT #not = :a"),
                ("not not not = not", "not not #not = #not"),
                ("NOT(not = :a)", "NOT(#not = :a)"),
                ("NOT (NOT (a = :a))", "NOT (NOT (a = :a))"),
                ("NOT contains(not, :a)", "NOT contains(#not, :a)"),
                ("not.a = :a", "#not.a = :a"),
                ("not[0] = :a", "#not[0] = :a"),
                ("not", "#not"),
                ("(not) = :a", "(#not) = :a"),
                ("not IN (:a)", "#not IN (:a)"),
                ("NOT in = :a", "NOT #in = :a"),
                ("NOT in IN (:a)", "NOT #in IN (:a)"),
                ("NOT and = :a", "NOT #and = :a"),
                ("not BETWEEN :a AND :b", "#not BETWEEN :a AND :b"),
                ("NOT between = :a", "NOT #between = :a"),
                ("NOT between[0] = :a", "NOT #between[0] = :a"),
                ("NOT between IN (:a)", "NOT #between IN (:a)"),
                ("NOT between BETWEEN :a AND :b", "NOT #between BETWEEN :a AND :b"),
                ("NOT between BETWEEN and.a AND :b", "NOT #between BETWEEN #and.a AND :b"),
                ("NOT between BETWEEN and AND :b", "NOT #between BETWEEN #and AND :b"),
                ("not BETWEEN between AND :b", "#not BETWEEN #between AND :b"),
                ("not BETWEEN between.a AND :b", "#not BETWEEN #between.a AND :b"),
                ("not BETWEEN in AND not", "#not BETWEEN #in AND #not"),
                ("a BETWEEN not AND not AND NOT b = :b", "a BETWEEN #not AND #not AND NOT b = :b"),
                ("a = :a AND NOT b = :b", "a = :a AND NOT b = :b"),
                ("a = not OR NOT b = :b", "a = #not OR NOT b = :b"),
                ("a = not AND not < :b", "a = #not AND #not < :b"),
            ],
        );
    }

    #[test]
    fn replaces_reserved_words_in_updates() {
        check(
            Update,
            &[
                ("SET a = :a", "SET a = :a"),
                ("set set = :v remove remove, add", "set #set = :v remove #remove, #add"),
                ("ADD add :v, set :w DELETE delete :x", "ADD #add :v, #set :w DELETE #delete :x"),
                ("SET a = a + :x ADD b :y", "SET a = a + :x ADD b :y"),
                ("SET count = count-size", "SET #count = #count-#size"),
                ("SET a = if_not_exists(Name, :x) + size", "SET a = if_not_exists(#Name, :x) + #size"),
                ("SET list[0] = :x", "SET #list[0] = :x"),
                ("SET a = list_append(list, :x)", "SET a = list_append(#list, :x)"),
                ("SET a.set.add = :x REMOVE a.remove", "SET a.#set.#add = :x REMOVE a.#remove"),
                ("Remove Add Add Remove :a", "Remove #Add Add #Remove :a"),
                ("SET a = set SET b = :b", "SET a = #set SET b = :b"),
                ("SET a = (b + size)", "SET a = (b + #size)"),
                ("SET and = :a, or = :b, not = :c", "SET #and = :a, #or = :b, #not = :c"),
                ("SET not = not + not", "SET #not = #not + #not"),
                ("DELETE #s :s\nADD Count :c", "DELETE #s :s\nADD #Count :c"),
                ("SET _a = _b + :x REMOVE a._c", "SET #_a = #_b + :x REMOVE a.#_c"),
                // The keyword is missing. DynamoDB says so.
                ("name", "name"),
            ],
        );
    }

    #[test]
    fn every_word_of_a_projection_is_a_name() {
        check(
            Projection,
            &[
                ("id, Name,Status", "id, #Name,#Status"),
                ("a.Name[0].status, #s", "a.#Name[0].#status, #s"),
                ("and, or, not, in, between, set, size", "#and, #or, #not, #in, #between, #set, #size"),
                ("_id, a._b", "#_id, a.#_b"),
            ],
        );
    }

    #[test]
    fn leaves_what_no_expression_has_to_dynamodb() {
        for text in [
            "a == \"x\"",
            "größe = :a",
            "nameé = 0name",
            "a[name] = :a",
            "a[status",
            "a LIKE name",
            "# : $",
            "a\u{a0}= :a",
        ] {
            assert_eq!(rewrite(Condition, text), (text.to_owned(), BTreeMap::new()));
        }
    }

    #[test]
    fn a_request_has_one_placeholder_for_an_attribute() {
        let names = vec![("#Name".to_owned(), "other".to_owned()), ("#n".to_owned(), "Name".to_owned())];
        let mut placeholders = Placeholders::new(names, vec![(":a".to_owned(), ())]).unwrap();
        let texts = [(Update, "SET Name = :a, #Name = :a"), (Condition, "Name = #n OR NAME = :a")]
            .map(|(kind, text)| placeholders.rewrite("expression", kind, text).unwrap());
        assert_eq!(texts, ["SET #Name_1 = :a, #Name = :a", "#Name_1 = #n OR #NAME = :a"]);
        let names = placeholders.finish().unwrap().names.unwrap();
        assert_eq!(names["#Name_1"], "Name");
        assert_eq!(names["#NAME"], "NAME");
        assert_eq!(names.len(), 4);
    }

    #[test]
    fn rejects_an_expression_above_4_kb() {
        let rewrite = |text: &str| {
            let mut placeholders = Placeholders::new(vec![], vec![(":a".to_owned(), ())]).unwrap();
            placeholders.rewrite("filterExpression", Filter, text).map_err(|error| error.to_string())
        };
        let text = |bytes: usize| format!("{:<bytes$}", "a = :a");
        assert!(rewrite(&text(4_096)).is_ok());
        assert_eq!(
            rewrite(&text(4_097)).unwrap_err(),
            "`filterExpression`: the expression has 4097 bytes; DynamoDB takes 4096 bytes (4 KB)"
        );
        assert!(rewrite(&"a".repeat(6_000_000)).unwrap_err().contains("has 6000000 bytes"));
    }

    /// Names that fit without their signs still fit with them, by shorter placeholders.
    #[test]
    fn placeholders_do_not_make_an_expression_too_long() {
        let terms: Vec<_> = (0..200).map(|_| "Status = :a").collect();
        let mut text = terms.join(" OR ");
        text.push_str(&" ".repeat(4_096 - text.len()));
        let (rewritten, names) = rewrite(Filter, &text);
        assert!(rewritten.starts_with("#n = :a OR #n = :a"), "{rewritten}");
        assert_eq!(names, BTreeMap::from([("#n".to_owned(), "Status".to_owned())]));

        let terms: Vec<_> = (0..300).map(|_| "AT = :a").collect();
        let mut text = terms.join(" OR ");
        text.push_str(&" ".repeat(4_096 - text.len()));
        assert_eq!(rewrite(Filter, &text).0.len(), 4_096);
    }
}
