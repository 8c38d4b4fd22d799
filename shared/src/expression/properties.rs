//! Properties of every text.

use proptest::prelude::*;

use super::{
    DocumentPath, Kind, Placeholders, Sent, SimpleUpdate,
    grammar::roles,
    reserved_words::RESERVED_WORDS,
    rewrite::needs_placeholder,
    syntax::is_malformed,
    tokenizer::{Token, TokenKind, tokenize},
};

const KINDS: [Kind; 5] = [Kind::KeyCondition, Kind::Filter, Kind::Condition, Kind::Update, Kind::Projection];

/// Rewrites `text` with all of its placeholders given. Each name stands for the attribute `given`.
fn rewrite(kind: Kind, text: &str) -> (String, Sent<()>) {
    let tokens = tokenize(text);
    let given = |kind: TokenKind| {
        let mut found: Vec<String> =
            tokens.iter().filter(|token| token.kind == kind).map(|token| token.text.to_owned()).collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    let names = given(TokenKind::Name).into_iter().map(|name| (name, "given".to_owned())).collect();
    let values = given(TokenKind::Value).into_iter().map(|value| (value, ())).collect();
    let mut placeholders = Placeholders::new(names, values).unwrap();
    let rewritten = placeholders.rewrite("expression", kind, text).unwrap();
    (rewritten, placeholders.finish().unwrap())
}

/// Expressions with `@` in every place where an attribute's name can be.
const PLACES: &[(Kind, &[&str])] = &[
    (Kind::KeyCondition, &["@ = :a", "a = :a AND @ = :b", "@ = :a and @ BETWEEN :b AND :c", "begins_with(@, :a)"]),
    (Kind::Filter, CONDITIONS),
    (Kind::Condition, CONDITIONS),
    (
        Kind::Update,
        &[
            "SET @ = :a",
            "set @=@+@",
            "SET @ = @ - :a, @.a = :b, a.@[0].@ = :c",
            "SET a = if_not_exists(@, :a) + @, b = list_append(@, @)",
            "REMOVE @, @[0], a.@ SET @ = :a ADD @ :b DELETE @ :c, @.@ :d",
            "DELETE @ :a ADD @ :b REMOVE @",
        ],
    ),
    (Kind::Projection, &["@", "@,@, @", "@.@[0].@", "#a.@"]),
];

const CONDITIONS: &[&str] = &[
    "@ = :a",
    ":a<@",
    "@ = @ AND @ <> @ OR @ >= @",
    "NOT @ = :a AND NOT (@ = :b)",
    "NOT NOT @ IN (:a)",
    "(@ = :a)or(@ = :b)",
    "@ BETWEEN :a AND :b",
    ":a BETWEEN @ AND @ AND @ = @",
    "@ IN (:a, @,@)",
    "NOT @ IN (:a) OR NOT @ BETWEEN :a AND :b",
    "@.a = :a AND a.@ = :b AND @.@.@[0].@[1][2] = @[0]",
    "@.@ BETWEEN @.@ AND @.@ AND @[0] IN (@[0])",
    "#a.@ = :a AND @.#a = :b",
    "size(@) > @ AND size ( @.@ ) < size(@)",
    "attribute_exists(@) AND attribute_not_exists(a.@) AND NOT attribute_type(@, :t)",
    "begins_with(@, @) OR contains(@[0], @)",
];

#[test]
fn every_reserved_word_is_replaced_at_every_place() {
    for word in RESERVED_WORDS {
        for name in [word.to_owned(), word.to_ascii_lowercase()] {
            for (kind, texts) in PLACES {
                for text in *texts {
                    let written = text.replace('@', &name);
                    let (rewritten, sent) = rewrite(*kind, &written);
                    assert_eq!(rewritten, text.replace('@', &format!("#{name}")), "{written}");
                    let names = sent.names.unwrap();
                    assert_eq!(names[&format!("#{name}")], name);
                }
            }
        }
    }
}

/// Words that the grammar knows, and some that it does not.
fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "and",
        "OR",
        "not",
        "NOT",
        "in",
        "Between",
        "set",
        "remove",
        "ADD",
        "delete",
        "size",
        "Name",
        "x",
        "contains",
        "if_not_exists",
        "list_append",
        "begins_with",
        "_y1",
    ])
    .prop_map(|name| format!("⟨{name}⟩"))
}

fn path() -> impl Strategy<Value = String> {
    let step =
        prop_oneof![name().prop_map(|name| format!(".{name}")), Just("[0]".to_owned()), Just(" . #g".to_owned())];
    let first = prop_oneof![8 => name(), 1 => Just("#g".to_owned())];
    (first, prop::collection::vec(step, 0..3)).prop_map(|(name, steps)| name + &steps.concat())
}

fn operand() -> impl Strategy<Value = String> {
    prop_oneof![4 => path(), 1 => Just(":v".to_owned()), 1 => path().prop_map(|path| format!("size({path})"))]
}

fn keyword(word: &'static str) -> impl Strategy<Value = String> {
    prop::sample::select(vec![word.to_owned(), word.to_ascii_lowercase()])
}

/// A correct condition. Attribute names are between `⟨` and `⟩`.
fn condition() -> impl Strategy<Value = String> {
    // After `NOT between`, a lower bound named `and` or `between` would need a longer look ahead than ours.
    let low = operand()
        .prop_filter("a name that BETWEEN takes for its own", |low| !["⟨and⟩", "⟨Between⟩"].contains(&low.as_str()));
    let comparison = prop_oneof![
        (operand(), prop::sample::select(vec!["=", " <> ", "<", ">= "]), operand())
            .prop_map(|(a, sign, b)| a + sign + &b),
        (operand(), keyword("BETWEEN"), low, keyword("AND"), operand())
            .prop_map(|(a, between, low, and, high)| format!("{a} {between} {low} {and} {high}")),
        (operand(), keyword("IN"), prop::collection::vec(operand(), 1..3))
            .prop_map(|(a, word, list)| format!("{a} {word} ({})", list.join(", "))),
        (prop::sample::select(vec!["attribute_exists", "contains"]), operand()).prop_map(|(f, a)| format!("{f} ({a})")),
    ];
    comparison.prop_recursive(4, 16, 2, |inner| {
        prop_oneof![
            (keyword("NOT"), inner.clone()).prop_map(|(not, a)| format!("{not} {a}")),
            (inner.clone(), prop_oneof![keyword("AND"), keyword("OR")], inner.clone())
                .prop_map(|(a, word, b)| format!("{a} {word} {b}")),
            inner.prop_map(|a| format!("({a})")),
        ]
    })
}

/// A correct update. Attribute names are between `⟨` and `⟩`.
fn update() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        operand(),
        (operand(), operand()).prop_map(|(a, b)| format!("{a} + {b}")),
        (path(), operand()).prop_map(|(a, b)| format!("if_not_exists({a}, {b})-{b}")),
    ];
    let clause = |word, action: BoxedStrategy<String>| {
        (keyword(word), prop::collection::vec(action, 1..4))
            .prop_map(|(word, actions)| format!("{word} {}", actions.join(", ")))
    };
    let clause = prop_oneof![
        clause("SET", (path(), value).prop_map(|(path, value)| format!("{path} = {value}")).boxed()),
        clause("REMOVE", path().boxed()),
        clause("ADD", path().prop_map(|path| path + " :v").boxed()),
        clause("DELETE", path().prop_map(|path| path + " :v").boxed()),
    ];
    prop::collection::vec(clause, 1..5).prop_map(|clauses| clauses.join(" "))
}

/// Pieces of expressions in any order, and any text.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(vec![
            " ", "\n", "(", ")", "[", "]", ".", ",", "=", "<", ">", "+", "-", "#", ":", "#a", ":a", "0", "é", "\u{a0}",
            "\"", "SET", "remove", "AND", "NOT", "in", "BETWEEN", "size", "foo", "_",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(RESERVED_WORDS.to_vec()).prop_map(str::to_ascii_lowercase),
        1 => any::<char>().prop_map(String::from),
    ];
    prop_oneof![prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat()), any::<String>()]
}

/// `marked` as the user writes it, and as it is to be sent.
fn written_and_sent(marked: &str) -> (String, String) {
    let mut sent = String::new();
    for part in marked.split_inclusive(['⟨', '⟩']) {
        match part.strip_suffix('⟩') {
            Some(name) if needs_placeholder(name) => sent.extend(["#", name]),
            Some(name) => sent.push_str(name),
            None => sent.push_str(part.trim_end_matches('⟨')),
        }
    }
    (marked.replace(['⟨', '⟩'], ""), sent)
}

fn malformed(kind: Kind, marked: &str) -> bool {
    let text = marked.replace(['⟨', '⟩'], "");
    let tokens = tokenize(&text);
    is_malformed(kind, &tokens, &roles(kind, &tokens))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_condition_loses_no_keyword_and_sends_no_reserved_word(marked in condition()) {
        let (written, sent) = written_and_sent(&marked);
        for kind in [Kind::KeyCondition, Kind::Filter, Kind::Condition] {
            prop_assert_eq!(&rewrite(kind, &written).0, &sent);
        }
    }

    #[test]
    fn no_correct_expression_counts_as_malformed(condition in condition(), update in update(), projection in prop::collection::vec(path(), 1..5)) {
        let projection = projection.join(", ");
        for kind in [Kind::KeyCondition, Kind::Filter, Kind::Condition] {
            prop_assert!(!malformed(kind, &condition), "{condition}");
        }
        prop_assert!(!malformed(Kind::Update, &update), "{update}");
        prop_assert!(!malformed(Kind::Projection, &projection), "{projection}");
    }

    /// Whatever is appended to a correct expression here makes it incorrect.
    #[test]
    fn an_incomplete_or_broken_expression_counts_as_malformed(
        condition in condition(),
        update in update(),
        junk in prop::sample::select(vec![" AND", " =", " )", " (", " 5", " ,", " :v :v", " LIKE :v", " \"", "[", " é", ";", " <>"]),
    ) {
        prop_assert!(malformed(Kind::Condition, &(condition.clone() + junk)), "{condition}{junk}");
        prop_assert!(malformed(Kind::Update, &(update.clone() + junk)), "{update}{junk}");
        prop_assert!(malformed(Kind::Condition, &condition.replace(":v", "'v'")) || !condition.contains(":v"));
    }

    #[test]
    fn an_update_loses_no_keyword_and_sends_no_reserved_word(marked in update()) {
        let (written, sent) = written_and_sent(&marked);
        prop_assert_eq!(rewrite(Kind::Update, &written).0, sent);
    }

    /// If names replace the placeholders that we made, the text is the user's, byte for byte.
    #[test]
    fn a_rewritten_text_differs_by_names_of_reserved_words_only(text in pieces()) {
        for kind in KINDS {
            let (rewritten, sent) = rewrite(kind, &text);
            let names = sent.names.unwrap_or_default();
            let before = tokenize(&text);
            let after = tokenize(&rewritten);
            prop_assert_eq!(before.len(), after.len());
            let mut restored = String::new();
            let mut copied = 0;
            for (before, after) in before.iter().zip(&after) {
                restored.push_str(&rewritten[copied..after.start]);
                copied = after.end();
                restored.push_str(if is_made(before, after) { &names[after.text] } else { after.text });
                prop_assert!(before.text == after.text || needs_placeholder(before.text));
            }
            restored.push_str(&rewritten[copied..]);
            prop_assert_eq!(&restored, &text);
        }
    }

    #[test]
    fn what_was_rewritten_needs_no_more(text in pieces()) {
        for kind in KINDS {
            let (rewritten, _) = rewrite(kind, &text);
            prop_assert_eq!(&rewrite(kind, &rewritten).0, &rewritten);
        }
    }

    #[test]
    fn any_text_is_a_path_or_an_error(text in any::<String>(), pieces in r"[a.\[\]\\0é]{0,12}") {
        for text in [text, pieces] {
            let update = SimpleUpdate { append: vec![(text.clone(), ())], ..SimpleUpdate::default() };
            let mut placeholders = Placeholders::new(vec![], vec![]).unwrap();
            let expression = update.into_expression(&mut placeholders, || ());
            prop_assert_eq!(expression.is_ok(), DocumentPath::parse(&text).is_ok());
        }
    }

    #[test]
    fn a_name_of_any_characters_is_one_segment(names in prop::collection::vec(any::<String>().prop_filter("a name", |name| !name.is_empty()), 1..5)) {
        let escape = |name: &String| name.replace('\\', r"\\").replace('.', r"\.").replace('[', r"\[");
        let text = names.iter().map(escape).collect::<Vec<_>>().join(".");
        let mut placeholders = Placeholders::new(vec![], vec![(":v".to_owned(), ())]).unwrap();
        let path = DocumentPath::parse(&text).unwrap().placeholders(&mut placeholders);
        placeholders.rewrite("expression", Kind::Condition, ":v = :v").unwrap();
        let sent = placeholders.finish().unwrap().names.unwrap();
        let read: Vec<_> = path.split('.').map(|placeholder| sent[placeholder].clone()).collect();
        prop_assert_eq!(read, names);
    }
}

fn is_made(before: &Token<'_>, after: &Token<'_>) -> bool {
    before.kind == TokenKind::Word && after.kind == TokenKind::Name
}
