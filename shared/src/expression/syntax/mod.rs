//! Whether DynamoDB would find an error of syntax in an expression.
//!
//! The answer decides one thing only: whether this component or DynamoDB complains first. DynamoDB parses expressions before
//! it looks for missing and unused placeholders. If we complained of an unused placeholder first, an error of syntax would
//! stay hidden, which is often the reason why the placeholder is not used.
//!
//! The grammar is AWS's, as in
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html> and
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html>. What DynamoDB checks
//! after parsing is not checked here: the number and type of operands, clauses that occur twice, redundant parentheses.

mod symbol;

use self::symbol::{Symbol, symbols};
use super::{Kind, grammar::Role, tokenizer::Token};

/// The deepest parentheses that are followed. An expression with deeper ones counts as correct.
const DEEPEST: usize = 64;

/// Whether the expression with these tokens and their roles has an error of syntax.
pub(super) fn is_malformed(kind: Kind, tokens: &[Token<'_>], roles: &[Option<Role>]) -> bool {
    let Some(symbols) = symbols(tokens, roles) else { return true };
    let mut parser = Parser { rest: &symbols, depth: 0 };
    let parsed = match kind {
        Kind::KeyCondition | Kind::Filter | Kind::Condition => parser.condition(),
        Kind::Update => parser.update(),
        Kind::Projection => parser.separated(|parser| parser.take(Symbol::Path)),
    };
    match parsed {
        Ok(()) => !parser.rest.is_empty(),
        Err(Stop::Malformed) => true,
        Err(Stop::TooDeep) => false,
    }
}

/// Why the parser stopped.
enum Stop {
    Malformed,
    TooDeep,
}

type Parsed<T = ()> = Result<T, Stop>;

/// What parentheses or a whole condition hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Term {
    Operand,
    Condition,
    /// A call of a function, which may be either.
    Either,
}

impl Term {
    fn is_condition(self) -> Parsed {
        if self == Self::Operand { Err(Stop::Malformed) } else { Ok(()) }
    }
}

struct Parser<'s> {
    rest: &'s [Symbol],
    depth: usize,
}

impl Parser<'_> {
    fn next(&mut self) -> Parsed<Symbol> {
        let (first, rest) = self.rest.split_first().ok_or(Stop::Malformed)?;
        self.rest = rest;
        Ok(*first)
    }

    fn take(&mut self, symbol: Symbol) -> Parsed {
        if self.next()? == symbol { Ok(()) } else { Err(Stop::Malformed) }
    }

    fn take_if(&mut self, symbol: Symbol) -> bool {
        let is_next = self.rest.first() == Some(&symbol);
        if is_next {
            self.rest = &self.rest[1..];
        }
        is_next
    }

    /// One or more, with commas between them.
    fn separated(&mut self, mut one: impl FnMut(&mut Self) -> Parsed) -> Parsed {
        one(self)?;
        while self.take_if(Symbol::Comma) {
            one(self)?;
        }
        Ok(())
    }

    /// What comes after a `(`, up to the `)`.
    fn inside<T>(&mut self, content: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEEPEST {
            return Err(Stop::TooDeep);
        }
        self.depth += 1;
        let content = content(self)?;
        self.depth -= 1;
        self.take(Symbol::Close)?;
        Ok(content)
    }

    /// A whole condition.
    fn condition(&mut self) -> Parsed {
        self.conditions()?.is_condition()
    }

    /// Conditions joined by `AND` and `OR`, or a single operand.
    fn conditions(&mut self) -> Parsed<Term> {
        let first = self.negation()?;
        if !self.take_if(Symbol::And) && !self.take_if(Symbol::Or) {
            return Ok(first);
        }
        first.is_condition()?;
        loop {
            self.negation()?.is_condition()?;
            if !self.take_if(Symbol::And) && !self.take_if(Symbol::Or) {
                return Ok(Term::Condition);
            }
        }
    }

    fn negation(&mut self) -> Parsed<Term> {
        if !self.take_if(Symbol::Not) {
            return self.comparison();
        }
        while self.take_if(Symbol::Not) {}
        self.comparison()?.is_condition()?;
        Ok(Term::Condition)
    }

    /// An operand with what it is compared with, a function, or what parentheses hold.
    fn comparison(&mut self) -> Parsed<Term> {
        let term = self.term()?;
        if term == Term::Condition {
            return Ok(term);
        }
        match self.rest.first() {
            Some(Symbol::Equals | Symbol::Comparison) => {
                self.next()?;
                self.operand()?;
            }
            Some(Symbol::Between) => {
                self.next()?;
                self.operand()?;
                self.take(Symbol::And)?;
                self.operand()?;
            }
            Some(Symbol::In) => {
                self.next()?;
                self.take(Symbol::Open)?;
                self.inside(|parser| parser.separated(Self::operand))?;
            }
            _ => return Ok(term),
        }
        Ok(Term::Condition)
    }

    fn term(&mut self) -> Parsed<Term> {
        match self.next()? {
            Symbol::Path | Symbol::Value => Ok(Term::Operand),
            Symbol::Function => self.arguments().map(|()| Term::Either),
            Symbol::Open => self.inside(Self::conditions),
            _ => Err(Stop::Malformed),
        }
    }

    fn operand(&mut self) -> Parsed {
        match self.next()? {
            Symbol::Path | Symbol::Value => Ok(()),
            Symbol::Function => self.arguments(),
            Symbol::Open => self.inside(Self::operand),
            _ => Err(Stop::Malformed),
        }
    }

    fn arguments(&mut self) -> Parsed {
        self.take(Symbol::Open)?;
        self.inside(|parser| parser.separated(Self::operand))
    }

    /// The clauses of an update.
    fn update(&mut self) -> Parsed {
        loop {
            match self.next()? {
                Symbol::Set => self.separated(|parser| {
                    parser.take(Symbol::Path)?;
                    parser.take(Symbol::Equals)?;
                    parser.sum().map(|_| ())
                })?,
                Symbol::Remove => self.separated(|parser| parser.take(Symbol::Path))?,
                Symbol::Add | Symbol::Delete => self.separated(|parser| {
                    parser.take(Symbol::Path)?;
                    parser.take(Symbol::Value)
                })?,
                _ => return Err(Stop::Malformed),
            }
            if self.rest.is_empty() {
                return Ok(());
            }
        }
    }

    /// The value that `SET` assigns: an operand, or two with `+` or `-` between them. Returns whether it is the latter, which
    /// cannot be part of another sum.
    fn sum(&mut self) -> Parsed<bool> {
        let is_first_a_sum = self.addend()?;
        if !self.take_if(Symbol::PlusOrMinus) {
            return Ok(is_first_a_sum);
        }
        if is_first_a_sum || self.addend()? { Err(Stop::Malformed) } else { Ok(true) }
    }

    fn addend(&mut self) -> Parsed<bool> {
        if self.take_if(Symbol::Open) { self.inside(Self::sum) } else { self.operand().map(|()| false) }
    }
}

#[cfg(test)]
mod tests;
