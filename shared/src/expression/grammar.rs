//! Which words of an expression name an attribute.
//!
//! Two places decide. Where an operand may stand, a word before a `(` is a function and any other word an
//! attribute; after an operand, words are keywords. One word needs a look ahead: where a whole condition may
//! stand, `NOT` is the keyword, unless a comparison follows, as in `not = :a`.

use super::tokenizer::{Token, TokenKind};

/// Which expression of a request this is: its keywords differ.
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

/// The words of an expression's `tokens` that name attributes, in order.
pub(super) fn attribute_names<'t>(kind: Kind, tokens: &[Token<'t>]) -> Vec<Token<'t>> {
    let mut reader = Reader::new(kind);
    let mut names = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        if reader.read(token, &tokens[place + 1..]) {
            names.push(*token);
        }
    }
    names
}

/// What may stand next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    /// An update's first keyword.
    Clause,
    /// A condition, which starts with an operand, a function, `NOT` or `(`.
    Condition,
    /// An attribute, a function or a value.
    Operand,
    /// The name after a `.`.
    Member,
    /// The number after a `[`.
    Index,
    /// What joins an operand to the next one: a keyword, a sign.
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

    /// Goes past `token`, before `rest`. True if it names an attribute.
    fn read(&mut self, token: &Token<'_>, rest: &[Token<'_>]) -> bool {
        self.expected = match token.kind {
            TokenKind::Word => return self.read_word(token, rest),
            // Where a condition may stand, `(` groups conditions; else it starts the arguments of a function or `IN`.
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
        false
    }

    fn read_word(&mut self, word: &Token<'_>, rest: &[Token<'_>]) -> bool {
        let is_name = match (self.kind, self.expected) {
            (_, Expected::Index) => false,
            (_, Expected::Member) | (Kind::Projection, _) => true,
            (_, Expected::Clause | Expected::Operator) => {
                self.read_keyword(word);
                return false;
            }
            (_, Expected::Condition) if word.is("NOT") && !is_compared(rest) => return false,
            (_, Expected::Condition | Expected::Operand) => {
                let is_function = rest.first().is_some_and(|next| next.kind == TokenKind::Open);
                self.expected = Expected::Operand;
                !is_function
            }
        };
        if is_name {
            self.expected = Expected::Operator;
        }
        is_name
    }

    /// A word that is no keyword here is an error of syntax; until a sign or keyword follows, the rest is left alone.
    fn read_keyword(&mut self, word: &Token<'_>) {
        if self.kind == Kind::Update {
            if ["SET", "REMOVE", "ADD", "DELETE"].iter().any(|clause| word.is(clause)) {
                self.expected = Expected::Operand;
            }
        } else if word.is("BETWEEN") {
            self.between = true;
            self.expected = Expected::Operand;
        } else if word.is("IN") || (word.is("AND") && self.between) {
            self.between = false;
            self.expected = Expected::Operand;
        } else if word.is("AND") || word.is("OR") {
            self.between = false;
            self.expected = Expected::Condition;
        }
    }
}

/// Whether a `NOT` before `rest` is an attribute: it is compared to something, or nothing to negate follows.
fn is_compared(rest: &[Token<'_>]) -> bool {
    match rest {
        [] => true,
        [next, after @ ..] if next.is("IN") => is_open(after),
        [next, after @ ..] if next.is("BETWEEN") => is_bounded(after),
        [next, ..] => ends_an_operand(next),
    }
}

/// Whether the `BETWEEN` before `rest` is the keyword, and not an attribute that `NOT` negates:
/// `not BETWEEN :a AND :b`, `NOT between = :a`, `NOT between BETWEEN :a AND :b`.
fn is_bounded(rest: &[Token<'_>]) -> bool {
    match rest {
        [] => false,
        [next, after @ ..] if next.is("IN") => !is_open(after),
        // Only an attribute of that name as the lower bound makes the first one a keyword.
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
