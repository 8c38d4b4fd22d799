//! What the catalog says of a function.

use std::fmt::Debug;

use crate::{
    dynamodb::{
        Effect, Operation,
        operation::{IamAction, Traits},
    },
    error::Error,
    input::{Field, FromInputs, Members, fields_of, read_event},
    value::Format,
};

/// A function: its names, what it does, what it takes and answers.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// The function's and its binary's name: `get-item`.
    pub name: &'static str,
    /// The component's name of the action or data source: `getItem`.
    pub action: &'static str,
    /// What a person reads: `Get Item`.
    pub label: &'static str,
    /// What it does, in one sentence without a full stop.
    pub summary: &'static str,
    /// The operations of DynamoDB that it can call. They are what its role must allow.
    pub operations: &'static [Operation],
    /// The event that it takes.
    pub event: EventType,
    /// How items come back when `outputFormat` is left out; `None` where there are none.
    pub output_format: Option<Format>,
    /// What it answers.
    pub answer: AnswerShape,
}

impl Definition {
    /// Whether it fills a pick-list.
    #[must_use]
    pub fn is_source(&self) -> bool {
        matches!(self.answer, AnswerShape::PickList)
    }

    /// Whether it can change anything.
    #[must_use]
    pub fn is_write(&self) -> bool {
        self.operations.iter().any(|operation| operation.effect(Traits::default()) != Effect::Read)
    }

    /// Whether its calls are signed by a connection.
    #[must_use]
    pub fn has_connection(&self) -> bool {
        !self.operations.is_empty()
    }

    /// The IAM actions that it can need, each once.
    #[must_use]
    pub fn iam_actions(&self) -> Vec<IamAction> {
        let mut actions: Vec<IamAction> = Vec::new();
        for action in self.operations.iter().flat_map(|operation| operation.iam_actions()) {
            if !actions.contains(action) {
                actions.push(*action);
            }
        }
        actions
    }
}

/// An event, as a type that is not named here.
#[derive(Debug, Clone, Copy)]
pub struct EventType {
    /// Describes all of its inputs.
    pub fields: fn() -> Vec<Field>,
    /// Reads the text of one.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] and [`Error::InvalidConnection`], as a function answers with them.
    pub check: fn(&str) -> Result<(), Error>,
    /// Reads the text of one; what was read, as `Debug` writes it.
    #[cfg(test)]
    pub(crate) read: fn(&str) -> Result<String, Error>,
}

impl EventType {
    /// The event with the inputs `T`.
    #[must_use]
    pub const fn of<T: FromInputs + Debug>() -> Self {
        Self {
            fields: fields_of::<T>,
            check: check::<T>,
            #[cfg(test)]
            read: read::<T>,
        }
    }
}

#[cfg(test)]
fn read<T: FromInputs + Debug>(event: &str) -> Result<String, Error> {
    Members::parse(event).and_then(read_event::<T>).map(|event| format!("{event:?}"))
}

fn check<T: FromInputs>(event: &str) -> Result<(), Error> {
    Members::parse(event).and_then(read_event::<T>).map(drop)
}

/// What a function answers.
#[derive(Debug, Clone, Copy)]
pub enum AnswerShape {
    /// `{"data": {"$metadata", members}}`
    Data(&'static [Member]),
    /// `{"data": {"result": {"$metadata", members}, "found"}}`
    Found(&'static [Member]),
    /// `{"result": [{"label", "key"}]}`
    PickList,
    /// The report of `testConnection`.
    ConnectionReport,
}

/// A member of an answer, under DynamoDB's own name.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: MemberKind,
    /// Whether it is always there.
    pub is_required: bool,
}

/// What a member of an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberKind {
    /// An item, or some of its attributes, in the output format.
    Item,
    /// A list of items, in the output format.
    Items,
    /// A key in DynamoDB's JSON, whatever the output format.
    Key,
    /// What DynamoDB says of the consumed capacity.
    ConsumedCapacity,
    /// What DynamoDB says of a local index's item collection.
    ItemCollectionMetrics,
    /// A table's description, its times in ISO 8601.
    Table,
    /// A number.
    Count,
    /// Text.
    Text,
    /// A list of texts.
    Texts,
}

impl Member {
    /// A member that is always there.
    #[must_use]
    pub const fn required(name: &'static str, kind: MemberKind) -> Self {
        Self { name, kind, is_required: true }
    }

    /// A member that can be missing.
    #[must_use]
    pub const fn optional(name: &'static str, kind: MemberKind) -> Self {
        Self { name, kind, is_required: false }
    }
}

/// The consumed capacity, which every operation on items answers with unless it is told not to.
pub(crate) const CONSUMED_CAPACITY: Member = Member::optional("ConsumedCapacity", MemberKind::ConsumedCapacity);

/// What a write says of a local index's item collection, if it is asked.
pub(crate) const ITEM_COLLECTION_METRICS: Member =
    Member::optional("ItemCollectionMetrics", MemberKind::ItemCollectionMetrics);
