//! An entry of the catalog: what it says about one function.

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

/// A function: its names, its purpose, its inputs and its answer.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// The name of the function and of its binary: `get-item`.
    pub name: &'static str,
    /// The component's name for the action or data source: `getItem`.
    pub action: &'static str,
    /// The name that a form shows: `Get Item`.
    pub label: &'static str,
    /// What the function does, in one sentence without a full stop.
    pub summary: &'static str,
    /// The DynamoDB operations that the function can make, alone or as a part of a transaction. Its role must allow them.
    pub operations: &'static [Operation],
    /// The event that the function takes.
    pub event: EventType,
    /// The default of `outputFormat`. `None` if the answer holds no items.
    pub output_format: Option<Format>,
    /// The shape of the answer.
    pub answer: AnswerShape,
}

impl Definition {
    /// Whether the function fills a pick-list.
    #[must_use]
    pub fn is_source(&self) -> bool {
        matches!(self.answer, AnswerShape::PickList)
    }

    /// Whether the function can change anything.
    #[must_use]
    pub fn is_write(&self) -> bool {
        self.writes().next().is_some()
    }

    /// Whether the function can replace or delete what is there.
    #[must_use]
    pub fn is_destructive(&self) -> bool {
        self.writes().any(|operation| !operation.only_adds())
    }

    /// Whether the same event, sent twice, leaves the tables as if it were sent once. It does not for some events of most
    /// functions that write: this says whether it does for all.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        // A write of one item is a transaction only if it has a token.
        let is_alone = self.writes().count() == 1;
        let counts = |operation: &Operation| is_alone || *operation != Operation::TransactWriteItems;
        self.writes().filter(counts).all(|operation| operation.effect(Traits::default()) == Effect::RepeatableWrite)
    }

    fn writes(&self) -> impl Iterator<Item = Operation> {
        self.operations.iter().copied().filter(|operation| operation.effect(Traits::default()) != Effect::Read)
    }

    /// Whether a connection signs the function's calls.
    #[must_use]
    pub fn has_connection(&self) -> bool {
        !self.operations.is_empty()
    }

    /// The IAM actions that the function can need, without duplicates.
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

/// The description and the reader of an event. It hides the event's type.
#[derive(Debug, Clone, Copy)]
pub struct EventType {
    /// Describes all inputs of the event.
    pub fields: fn() -> Vec<Field>,
    /// The input whose value an event is that is a list. Such a function also takes `Records` as its own, which are an
    /// envelope for all others. `None`: an event is an object.
    pub list: Option<&'static str>,
    check: fn(Members<'_>) -> Result<(), Error>,
    #[cfg(test)]
    read: fn(Members<'_>) -> Result<String, Error>,
}

impl EventType {
    /// The event with the inputs `T`.
    #[must_use]
    pub const fn of<T: FromInputs + Debug>() -> Self {
        Self {
            fields: fields_of::<T>,
            list: None,
            check: |members| read_event::<T>(members).map(drop),
            #[cfg(test)]
            read: |members| read_event::<T>(members).map(|event| format!("{event:?}")),
        }
    }

    /// The same event, which may also be a list: the value of this input.
    #[must_use]
    pub const fn or_list(self, input: &'static str) -> Self {
        Self { list: Some(input), ..self }
    }

    /// Splits the text of an event into its members.
    ///
    /// # Errors
    /// As [`Members::parse`].
    pub fn members<'e>(&self, event: &'e str) -> Result<Members<'e>, Error> {
        match self.list {
            Some(input) => Members::parse_list_as(input, event),
            None => Members::parse(event),
        }
    }

    /// Reads the text of an event.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] or [`Error::InvalidConnection`], as the function would.
    pub fn check(&self, event: &str) -> Result<(), Error> {
        self.members(event).and_then(self.check)
    }

    /// Reads the text of an event. Returns the `Debug` text of the result.
    #[cfg(test)]
    pub(crate) fn read(&self, event: &str) -> Result<String, Error> {
        self.members(event).and_then(self.read)
    }
}

/// The shape of a function's answer.
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
    /// A list of plain records, one for each record of a stream.
    Records,
}

/// A member of an answer. It has DynamoDB's name.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// The member's name.
    pub name: &'static str,
    /// The member's content.
    pub kind: MemberKind,
    /// Whether every answer has the member.
    pub is_required: bool,
}

/// The content of an answer's member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberKind {
    /// An item, or some of its attributes, in the output format.
    Item,
    /// A list of items, in the output format.
    Items,
    /// A key in DynamoDB's JSON. The output format does not change it.
    Key,
    /// The items of a transaction's reads, in the output format. `null` where there is none.
    ItemsOrNull,
    /// The responses to statements, with their items in the output format.
    StatementResponses,
    /// DynamoDB's report of the consumed capacity.
    ConsumedCapacity,
    /// DynamoDB's reports of the consumed capacity, one for each table.
    ConsumedCapacities,
    /// DynamoDB's report of a local index's item collection.
    ItemCollectionMetrics,
    /// A table's description with its times in ISO 8601.
    Table,
    /// DynamoDB's description of a setting, with its times in ISO 8601.
    Description,
    /// A list of tags.
    Tags,
    /// A number.
    Count,
    /// Text.
    Text,
    /// A list of text values.
    Texts,
    /// A list of any values.
    Elements,
    /// Any value.
    Any,
}

impl Member {
    /// A member that every answer has.
    #[must_use]
    pub const fn required(name: &'static str, kind: MemberKind) -> Self {
        Self { name, kind, is_required: true }
    }

    /// A member that an answer may lack.
    #[must_use]
    pub const fn optional(name: &'static str, kind: MemberKind) -> Self {
        Self { name, kind, is_required: false }
    }
}

/// The consumed capacity. Every operation on items returns it unless the event asks for `NONE`.
pub(crate) const CONSUMED_CAPACITY: Member = Member::optional("ConsumedCapacity", MemberKind::ConsumedCapacity);

/// The consumed capacity of each table that a batch or transaction works on.
pub(crate) const CONSUMED_CAPACITIES: Member = Member::optional("ConsumedCapacity", MemberKind::ConsumedCapacities);

/// The size of a local index's item collection. A write returns it only if the event asks for it.
pub(crate) const ITEM_COLLECTION_METRICS: Member =
    Member::optional("ItemCollectionMetrics", MemberKind::ItemCollectionMetrics);
