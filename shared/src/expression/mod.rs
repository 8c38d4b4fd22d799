//! Expressions: placeholders for reserved words, and checks of the placeholders that the caller gave.
//!
//! A user writes `Name = :n AND #s > :x`. `Name` is one of the 573 words that DynamoDB refuses as bare attribute names. So
//! `#Name = :n AND #s > :x` is sent, with `#Name` in `ExpressionAttributeNames`. A name that starts with `_` gets a
//! placeholder too. Nothing else in the text changes, blanks included.
//!
//! | [`Kind`] | keywords | |
//! |---|---|---|
//! | [`KeyCondition`](Kind::KeyCondition) | `AND` `BETWEEN` (the others are for DynamoDB to refuse) | [AWS](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html) |
//! | [`Filter`](Kind::Filter) | `AND` `OR` `NOT` `BETWEEN` `IN` | [AWS](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.FilterExpression.html) |
//! | [`Condition`](Kind::Condition) | `AND` `OR` `NOT` `BETWEEN` `IN` | [AWS](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html) |
//! | [`Update`](Kind::Update) | `SET` `REMOVE` `ADD` `DELETE` | [AWS](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html) |
//! | [`Projection`](Kind::Projection) | none | [AWS](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html) |
//!
//! Keywords may be in any letter case. In operand position, a word before a `(` is a function. Any other word there is an
//! attribute name, even `AND`: `and IN (:a) AND size(size) > :n` becomes `#and IN (:a) AND size(#size) > :n`.
//!
//! Placeholders that are used but not given, or given but not used, are errors that name them. Errors of syntax are
//! DynamoDB's to report: a text with such an error is sent, and placeholders are then not checked. An expression above 4 KB
//! is refused before it is read.
//!
//! A request's expressions share one [`Placeholders`]:
//!
//! ```text
//! use shared::expression::{Kind, Placeholders};
//!
//! let names = vec![("#s".to_owned(), "score".to_owned())];
//! let values = vec![(":n".to_owned(), "Ann"), (":x".to_owned(), "7")];
//! let mut placeholders = Placeholders::new(names, values)?;
//! let text = placeholders.rewrite("conditionExpression", Kind::Condition, "Name = :n AND #s > :x")?;
//! assert_eq!(text, "#Name = :n AND #s > :x");
//! let sent = placeholders.finish()?;
//! assert_eq!(sent.names.map(|names| names["#Name"].clone()), Some("Name".to_owned()));
//! # Ok::<(), shared::error::Error>(())
//! ```
//!
//! A [`SimpleUpdate`] needs no expression. Its [`DocumentPath`]s take any attribute name.
//!
//! - `inputs`, `simple_inputs`: what callers give
//! - `tokenizer`, `grammar`: tokens, and which words name attributes
//! - `syntax`: whether DynamoDB will find an error of syntax
//! - `projected`: the attributes that a projection names
//! - `rewrite`: placeholders for names that need one
//! - `placeholders`, `placeholder_set`: what they stand for, and which were used
//! - `limits`, `problem`: DynamoDB's limits, and why an expression cannot be sent

mod also_set;
mod check;
mod document_path;
mod grammar;
mod inputs;
mod limits;
mod placeholder_set;
mod placeholders;
mod problem;
mod projected;
pub mod reserved_words;
mod rewrite;
mod simple_inputs;
mod simple_update;
mod syntax;
mod tokenizer;

#[cfg(test)]
mod properties;

pub use also_set::also_set;
pub use check::check_placeholder_count;
pub use document_path::{DocumentPath, PathError};
pub use grammar::Kind;
pub use inputs::{NameInputs, PlaceholderInputs};
pub use limits::{LARGEST_EXPRESSION, MOST_PLACEHOLDERS};
pub use placeholders::{Placeholders, Sent};
pub use simple_inputs::{Paths, SimpleInputs};
pub use simple_update::SimpleUpdate;
