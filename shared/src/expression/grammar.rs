//! Which words of an expression name an attribute.
//!
//! The position decides. In operand position, a word before a `(` is a function, and any other word is an attribute name,
//! even `AND`. After an operand, words are keywords. One word needs a look ahead: where a whole condition may come, `NOT` is
//! the keyword, unless a comparison follows, as in `not = :a`.

use super::tokenizer::{Token, TokenKind};

/// Which of a request's expressions this is. They have different keywords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `KeyConditionExpression`.
    KeyCondition,
    /// `FilterExpression`.
    Filter,
    /// `ConditionExpression`.
    Condition,
    /// `UpdateExpression`.
    Update,
    /// `ProjectionExpression`.
    Projection,
}

/// The part that a word plays in an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It names an attribute.
    Attribute,
    /// It names a function. A `(` follows.
    Function,
    Keyword,
    /// No word can stand here: an error of syntax.
    Misplaced,
}

/// The role of each token. `None` for tokens that are not words.
pub(super) fn roles(kind: Kind, tokens: &[Token<'_>]) -> Vec<Option<Role>> {
    let mut reader = Reader::new(kind);
    let roles = tokens.iter().enumerate().map(|(at, token)| reader.read(token, &tokens[at + 1..]));
    roles.collect()
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// The first keyword of an update.
    Clause,
    /// A condition, which starts with an operand, a function, `NOT` or `(`.
    Condition,
    /// An attribute, a function or a value.
    Operand,
    /// The name after a `.`.
    Member,
    /// The number after a `[`.
    Index,
    /// What follows an operand: a keyword or a sign.
    Operator,
}

struct Reader {
    kind: Kind,
    expected: Expected,
    /// Whether the next `AND` belongs to a `BETWEEN`.
    between: bool,
}

impl Reader {
    fn new(kind: Kind) -> Self {
        let expected = match kind {
            Kind::KeyCondition | Kind::Filter | Kind::Condition => Expected::Condition,
            Kind::Update => Expected::Clause,
            Kind::Projection => Expected::Operand,
        };
        Self { kind, expected, between: false }
    }

    /// Reads `token`, which comes before `rest`.
    fn read(&mut self, token: &Token<'_>, rest: &[Token<'_>]) -> Option<Role> {
        self.expected = match token.kind {
            TokenKind::Word => return Some(self.read_word(token, rest)),
            // Where a condition may come, `(` groups conditions. Elsewhere it starts the arguments of a function or of `IN`.
            TokenKind::Open if self.expected == Expected::Condition => Expected::Condition,
            TokenKind::Open | TokenKind::Operator | TokenKind::Comma => Expected::Operand,
            TokenKind::Dot => Expected::Member,
            TokenKind::OpenIndex => Expected::Index,
            TokenKind::Number if self.expected == Expected::Index => Expected::Index,
            TokenKind::Name | TokenKind::Value | TokenKind::Number | TokenKind::Close | TokenKind::CloseIndex => {
                Expected::Operator
            }
            TokenKind::Unknown => self.expected,
        };
        None
    }

    fn read_word(&mut self, word: &Token<'_>, rest: &[Token<'_>]) -> Role {
        match (self.kind, self.expected) {
            (_, Expected::Index) => Role::Misplaced,
            // Every word of a projection is a name, even where a comma is missing.
            (_, Expected::Member) | (Kind::Projection, _) => {
                self.expected = Expected::Operator;
                Role::Attribute
            }
            (_, Expected::Clause | Expected::Operator) => {
                if self.read_keyword(word) {
                    Role::Keyword
                } else {
                    Role::Misplaced
                }
            }
            (_, Expected::Condition) if word.is("NOT") && !is_compared(rest) => Role::Keyword,
            (_, Expected::Condition | Expected::Operand) if is_open(rest) => {
                self.expected = Expected::Operand;
                Role::Function
            }
            (_, Expected::Condition | Expected::Operand) => {
                self.expected = Expected::Operator;
                Role::Attribute
            }
        }
    }

    /// Reads a word that can only be a keyword. Returns false if it is none. What follows is then not rewritten, up to the
    /// next sign or keyword.
    fn read_keyword(&mut self, word: &Token<'_>) -> bool {
        let (expected, between) = if self.kind == Kind::Update {
            if !CLAUSES.iter().any(|clause| word.is(clause)) {
                return false;
            }
            (Expected::Operand, false)
        } else if word.is("BETWEEN") {
            (Expected::Operand, true)
        } else if word.is("IN") || (word.is("AND") && self.between) {
            (Expected::Operand, false)
        } else if word.is("AND") || word.is("OR") {
            (Expected::Condition, false)
        } else {
            return false;
        };
        (self.expected, self.between) = (expected, between);
        true
    }
}

/// The keywords of an update.
const CLAUSES: [&str; 4] = ["SET", "REMOVE", "ADD", "DELETE"];

/// Whether a `NOT` before `rest` is an attribute, because it is compared with something or nothing follows that it negates.
fn is_compared(rest: &[Token<'_>]) -> bool {
    match rest {
        [] => true,
        [next, after @ ..] if next.is("IN") => is_open(after),
        [next, after @ ..] if next.is("BETWEEN") => is_bounded(after),
        [next, ..] => ends_an_operand(next),
    }
}

/// Whether a `BETWEEN` after `NOT` and before `rest` is the keyword. It is in `not BETWEEN :a AND :b`. It is an attribute in
/// `NOT between = :a` and `NOT between BETWEEN :a AND :b`.
fn is_bounded(rest: &[Token<'_>]) -> bool {
    match rest {
        [] => false,
        [next, after @ ..] if next.is("IN") => !is_open(after),
        // The second `between` is the lower bound, so the first one is the keyword.
        [next, dot, ..] if next.is("BETWEEN") && matches!(dot.kind, TokenKind::Dot | TokenKind::OpenIndex) => true,
        [next, and, after @ ..] if next.is("BETWEEN") => {
            and.is("AND")
                && match after {
                    [second, _, ..] if second.is("AND") => false,
                    [second, ..] => !ends_an_operand(second),
                    [] => true,
                }
        }
        [next, ..] => !ends_an_operand(next),
    }
}

fn is_open(rest: &[Token<'_>]) -> bool {
    rest.first().is_some_and(|next| next.kind == TokenKind::Open)
}

fn ends_an_operand(next: &Token<'_>) -> bool {
    match next.kind {
        TokenKind::Operator | TokenKind::Dot | TokenKind::OpenIndex | TokenKind::Close | TokenKind::Comma => true,
        TokenKind::Word
        | TokenKind::Name
        | TokenKind::Value
        | TokenKind::Number
        | TokenKind::Open
        | TokenKind::CloseIndex
        | TokenKind::Unknown => false,
    }
}
