use super::is_malformed;
use crate::expression::{
    Kind::{self, Condition, Filter, KeyCondition, Projection, Update},
    grammar::roles,
    tokenizer::tokenize,
};

fn check(kind: Kind, expected: bool, texts: &[&str]) {
    for text in texts {
        let tokens = tokenize(text);
        assert_eq!(is_malformed(kind, &tokens, &roles(kind, &tokens)), expected, "{text}");
    }
}

#[test]
fn finds_errors_in_conditions() {
    for kind in [Condition, Filter, KeyCondition] {
        check(
            kind,
            true,
            &[
                " ",
                "a",
                "a =",
                "= :a",
                "a == :a",
                "a != :a",
                "a = 5",
                "a = 'x'",
                "a = \"x\"",
                "a = :a AND",
                "a = :a AND AND b = :b",
                "a = :a && b = :b",
                "a = :a, b = :b",
                "a = :a b = :b",
                "a :a",
                "a b = :a",
                "a LIKE :a",
                "a = :a AND b",
                "a AND b = :b",
                "NOT a",
                "(a = :a",
                "a = :a)",
                "(a = :a) b",
                "(a) AND b = :b",
                "a BETWEEN :a",
                "a BETWEEN :a OR :b",
                "a BETWEEN :a, :b",
                "a IN :a",
                "a IN ()",
                "a IN (:a, )",
                "a IN (:a :b)",
                "a. = :a",
                "a[] = :a",
                "a[:i] = :a",
                "a[0 = :a",
                ":a.b = :a",
                "contains(a, :a",
                "contains(a :a)",
                "contains()",
                "startswith(a, :a)",
                "a = b + :a",
                "a = = :a",
                "größe = :a",
                "#a-b = :a",
                "SET a = :a",
            ],
        );
        check(
            kind,
            false,
            &[
                "a = :a",
                "a = :a AND b BETWEEN :b AND :c or NOT c IN (:a, :b)",
                "NOT NOT (a = :a AND (b = :b OR NOT c = :c))",
                "attribute_exists(a) AND NOT attribute_not_exists (a.b[0].#c[1][2])",
                "size(a) > :a AND :a < size(a)",
                "size(a) BETWEEN size(b) AND :b",
                "(a) = (b)",
                "(size(a)) > :a",
                "((a = :a))",
                "(contains(a, :a))",
                "not = :a AND and IN (or)",
            ],
        );
    }
}

#[test]
fn finds_errors_in_updates() {
    check(
        Update,
        true,
        &[
            "",
            "a = :a",
            "SET",
            "SET a",
            "SET a :a",
            "SET a = ",
            "SET a == :a",
            "SET a = :a,",
            "SET a = :a b = :b",
            "SET a = :a AND b = :b",
            "SET a += :a",
            "SET a = :a + ",
            "SET a = 1",
            "SET a = :a; REMOVE b",
            "SET a < :a",
            "SET :a = a",
            "SET a = foo(:a)",
            "SET a = (a + :b) - (:c)",
            "SET a = a + b + c",
            "SET a = list_append(a, :a",
            "REMOVE",
            "REMOVE a b",
            "REMOVE a = :a",
            "ADD a",
            "ADD a = :a",
            "ADD a :a b :b",
            "ADD a b",
            "DELETE a, b",
            "UPDATE a = :a",
            "SET a = :a WHERE b = :b",
        ],
    );
    check(
        Update,
        false,
        &[
            "SET a = :a",
            "SET a = :a, b.c[0] = #b - :b REMOVE d, e[0] ADD f :f, g :g DELETE h :h",
            "set a = if_not_exists(a, :a) + :b",
            "SET a = list_append(if_not_exists(a, :a), :b)",
            "SET a = (a + :b)",
            "SET a = (a) - (:c)",
            "REMOVE remove SET set = :a",
        ],
    );
}

#[test]
fn finds_errors_in_projections() {
    check(Projection, true, &["", "a b", "a,", ",a", "a, :a", "a.", "a[x]", "a[-1]", "size(a)", "*", "a; b"]);
    check(Projection, false, &["a", "a, b.c[0], #d.#e[1][2]", "and, or, size"]);
}

#[test]
fn parentheses_without_end_are_not_followed() {
    let nested = |depth: usize| format!("{}a = :a{}", "(".repeat(depth), ")".repeat(depth));
    check(Condition, false, &[&nested(64), &nested(65), &nested(2_000), &"(".repeat(4_096)]);
    check(Condition, true, &[&format!("{})", nested(64))]);
}
