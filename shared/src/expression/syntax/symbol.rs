//! The symbols of the grammar, made of tokens.

use crate::expression::{
    grammar::Role,
    tokenizer::{Token, TokenKind},
};

/// The names of functions. DynamoDB refuses a call of any other.
const FUNCTIONS: [&str; 8] = [
    "attribute_exists",
    "attribute_not_exists",
    "attribute_type",
    "begins_with",
    "contains",
    "size",
    "if_not_exists",
    "list_append",
];

/// A token of the grammar. A whole path is one symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Path,
    Value,
    Function,
    Equals,
    /// Any comparison other than `=`.
    Comparison,
    PlusOrMinus,
    Open,
    Close,
    Comma,
    And,
    Or,
    Not,
    Between,
    In,
    Set,
    Remove,
    Add,
    Delete,
}

/// The symbols of an expression. `None` if there is a token that no expression has in its place.
pub(super) fn symbols(tokens: &[Token<'_>], roles: &[Option<Role>]) -> Option<Vec<Symbol>> {
    let mut symbols = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.iter().zip(roles).peekable();
    while let Some((token, role)) = tokens.next() {
        let symbol = match (token.kind, role) {
            (TokenKind::Name, _) | (_, Some(Role::Attribute)) => {
                while let Some((step, _)) =
                    tokens.next_if(|(next, _)| matches!(next.kind, TokenKind::Dot | TokenKind::OpenIndex))
                {
                    let (next, role) = tokens.next()?;
                    let is_name = next.kind == TokenKind::Name || *role == Some(Role::Attribute);
                    let is_step = match step.kind {
                        TokenKind::Dot => is_name,
                        _ => next.kind == TokenKind::Number && tokens.next()?.0.kind == TokenKind::CloseIndex,
                    };
                    if !is_step {
                        return None;
                    }
                }
                Symbol::Path
            }
            (TokenKind::Value, _) => Symbol::Value,
            (_, Some(Role::Function)) if FUNCTIONS.contains(&token.text) => Symbol::Function,
            (_, Some(Role::Keyword)) => keyword(token)?,
            (TokenKind::Operator, _) => match token.text {
                "=" => Symbol::Equals,
                "+" | "-" => Symbol::PlusOrMinus,
                _ => Symbol::Comparison,
            },
            (TokenKind::Open, _) => Symbol::Open,
            (TokenKind::Close, _) => Symbol::Close,
            (TokenKind::Comma, _) => Symbol::Comma,
            _ => return None,
        };
        symbols.push(symbol);
    }
    Some(symbols)
}

fn keyword(token: &Token<'_>) -> Option<Symbol> {
    let keywords = [
        ("AND", Symbol::And),
        ("OR", Symbol::Or),
        ("NOT", Symbol::Not),
        ("BETWEEN", Symbol::Between),
        ("IN", Symbol::In),
        ("SET", Symbol::Set),
        ("REMOVE", Symbol::Remove),
        ("ADD", Symbol::Add),
        ("DELETE", Symbol::Delete),
    ];
    keywords.into_iter().find(|(word, _)| token.is(word)).map(|(_, symbol)| symbol)
}
