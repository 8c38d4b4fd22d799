//! The words and signs of an expression, and their positions.
//!
//! This never fails. A character that no expression has is [`TokenKind::Unknown`]. Blanks are not tokens.

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A keyword, a function or the name of an attribute: `AND`, `size`, `Name`. The [grammar](super::grammar) tells which.
    Word,
    /// `#name`, with its sign.
    Name,
    /// `:value`, with its sign.
    Value,
    /// A word that starts with a digit: `0`.
    Number,
    /// `=` `<>` `<` `<=` `>` `>=` `+` `-`
    Operator,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `[`
    OpenIndex,
    /// `]`
    CloseIndex,
    /// `.`
    Dot,
    /// `,`
    Comma,
    /// Anything else, which no expression has: `"`, `$`, `é`, a single `#`.
    Unknown,
}

/// One token of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    /// The text of the token.
    pub(super) text: &'t str,
    /// The position of its first byte.
    pub(super) start: usize,
}

impl Token<'_> {
    /// The position after its last byte.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether this is the word `word`, in any letter case.
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }
}

/// The tokens of `text`, in order.
pub(super) fn tokenize(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        if first.is_ascii_whitespace() {
            start += 1;
            continue;
        }
        let (kind, length) = match first {
            '#' | ':' => placeholder(rest),
            '<' if rest.starts_with("<>") || rest.starts_with("<=") => (TokenKind::Operator, 2),
            '>' if rest.starts_with(">=") => (TokenKind::Operator, 2),
            '=' | '<' | '>' | '+' | '-' => (TokenKind::Operator, 1),
            '(' => (TokenKind::Open, 1),
            ')' => (TokenKind::Close, 1),
            '[' => (TokenKind::OpenIndex, 1),
            ']' => (TokenKind::CloseIndex, 1),
            '.' => (TokenKind::Dot, 1),
            ',' => (TokenKind::Comma, 1),
            _ if is_of_a_word(first) => word(rest),
            _ => (TokenKind::Unknown, first.len_utf8()),
        };
        tokens.push(Token { kind, text: &rest[..length], start });
        start += length;
    }
    tokens
}

/// Whether `text` is not empty and may follow the sign of a placeholder.
pub(super) fn names_a_placeholder(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_of_a_placeholder)
}

fn placeholder(text: &str) -> (TokenKind, usize) {
    let kind = if text.starts_with('#') { TokenKind::Name } else { TokenKind::Value };
    match run(&text[1..], is_of_a_placeholder) {
        0 => (TokenKind::Unknown, 1),
        length => (kind, 1 + length),
    }
}

/// A word with a letter that is not ASCII is one unknown token, so that no part of it is replaced: `größe` is not `gr` and `e`.
fn word(text: &str) -> (TokenKind, usize) {
    let length = run(text, is_of_a_word);
    let kind = if !text[..length].is_ascii() {
        TokenKind::Unknown
    } else if text.starts_with(|first: char| first.is_ascii_digit()) {
        TokenKind::Number
    } else {
        TokenKind::Word
    };
    (kind, length)
}

fn run(text: &str, belongs: fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_of_a_placeholder(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::{TokenKind, names_a_placeholder, tokenize};

    #[test]
    fn reads_every_kind_of_token() {
        use TokenKind::{Close, CloseIndex, Comma, Dot, Name, Number, Open, OpenIndex, Operator, Unknown, Value, Word};
        for (text, expected) in [
            ("", vec![]),
            (" \t\r\n", vec![]),
            ("Name", vec![(Word, "Name")]),
            ("_id a_1", vec![(Word, "_id"), (Word, "a_1")]),
            ("#s:v", vec![(Name, "#s"), (Value, ":v")]),
            ("#0 :_", vec![(Name, "#0"), (Value, ":_")]),
            ("a[0].b", vec![(Word, "a"), (OpenIndex, "["), (Number, "0"), (CloseIndex, "]"), (Dot, "."), (Word, "b")]),
            ("0status", vec![(Number, "0status")]),
            ("(,)", vec![(Open, "("), (Comma, ","), (Close, ")")]),
            ("<><=<", vec![(Operator, "<>"), (Operator, "<="), (Operator, "<")]),
            (">=>=", vec![(Operator, ">="), (Operator, ">=")]),
            ("+-", vec![(Operator, "+"), (Operator, "-")]),
            ("##n# :", vec![(Unknown, "#"), (Name, "#n"), (Unknown, "#"), (Unknown, ":")]),
            ("größe 5é", vec![(Unknown, "größe"), (Unknown, "5é")]),
            ("$a🦀", vec![(Unknown, "$"), (Word, "a"), (Unknown, "🦀")]),
            ("a\u{a0}b", vec![(Word, "a"), (Unknown, "\u{a0}"), (Word, "b")]),
        ] {
            let tokens = tokenize(text);
            let read: Vec<_> = tokens.iter().map(|token| (token.kind, token.text)).collect();
            assert_eq!(read, expected, "{text}");
            assert!(tokens.iter().all(|token| &text[token.start..token.end()] == token.text), "{text}");
        }
    }

    #[test]
    fn a_placeholder_is_letters_digits_and_underscores() {
        for name in ["a", "A_1", "0", "_"] {
            assert!(names_a_placeholder(name), "{name}");
        }
        for name in ["", "a-b", "a.b", "é", " a", "#a"] {
            assert!(!names_a_placeholder(name), "{name}");
        }
    }
}
