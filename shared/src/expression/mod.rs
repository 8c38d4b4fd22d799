//! Expressions: no reserved word in the way, no placeholder forgotten.
//!
//! A user writes `Name = :n AND #s > :x`. `Name` is one of the 573 words that DynamoDB refuses as a bare
//! attribute name; what is sent is `#Name = :n AND #s > :x`, and `#Name` goes along in
//! `ExpressionAttributeNames`. Nothing else changes, not even a blank, and nothing is checked that DynamoDB checks
//! itself: a text with a syntax error is sent as it is, and DynamoDB says what is wrong with it.
//!
//! | [`Kind`] | keywords | |
//! |---|---|---|
//! | [`KeyCondition`](Kind::KeyCondition) | `AND` `BETWEEN` (the others, for DynamoDB to refuse) | [AWS](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html) |
//! | [`Filter`](Kind::Filter) | `AND` `OR` `NOT` `BETWEEN` `IN` | [AWS](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.FilterExpression.html) |
//! | [`Condition`](Kind::Condition) | `AND` `OR` `NOT` `BETWEEN` `IN` | [AWS](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html) |
//! | [`Update`](Kind::Update) | `SET` `REMOVE` `ADD` `DELETE` | [AWS](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html) |
//! | [`Projection`](Kind::Projection) | none | [AWS](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html) |
//!
//! Keywords are read in any letter case. Where an operand may stand, a word before a `(` is a function; any other
//! word there is an attribute, were it `AND`: `and IN (:a) AND size(size) > :n` is `#and IN (:a) AND size(#size) > :n`.
//!
//! A request's expressions share one [`Placeholders`]:
//!
//! ```
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
//! Who would rather write no expression gives a [`SimpleUpdate`], in which a [`DocumentPath`] takes any name.

mod document_path;
mod grammar;
mod inputs;
mod placeholders;
pub mod reserved_words;
mod rewrite;
mod side;
mod simple_update;
mod tokenizer;

#[cfg(test)]
mod properties;

pub use document_path::DocumentPath;
pub use grammar::Kind;
pub use inputs::{NameInputs, PlaceholderInputs};
pub use placeholders::{Placeholders, Sent};
pub use simple_update::SimpleUpdate;
