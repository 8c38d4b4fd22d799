//! The inputs that ask DynamoDB for the consumed capacity and the size of item collections.

use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnItemCollectionMetrics};

use crate::{error::Error, inputs, path::Path, words};

words! {
    /// The detail in which DynamoDB reports consumed capacity.
    pub(super) enum CapacityWord {
        Indexes = "INDEXES",
        Total = "TOTAL",
        None = "NONE",
    }
}

words! {
    /// Whether DynamoDB reports the size of a local index's item collection.
    pub(super) enum MetricsWord {
        Size = "SIZE",
        None = "NONE",
    }
}

inputs! {
    /// What the answer to a read reports about its capacity.
    pub(super) struct ReadConsumption {
        /// The detail of the reported capacity: the table, each index as well, or none.
        capacity: Option<CapacityWord> = ["returnConsumedCapacity"] { default: "TOTAL" },
    }
}

inputs! {
    /// What the answer to a write reports about its capacity and item collections.
    pub(super) struct WriteConsumption {
        /// The detail of the reported capacity: the table, each index as well, or none.
        capacity: Option<CapacityWord> = ["returnConsumedCapacity"] { default: "TOTAL" },
        /// Whether the answer reports the size of the item collection. Only tables with local secondary indexes have
        /// one.
        metrics: Option<MetricsWord> = ["returnItemCollectionMetrics"] { default: "NONE" },
    }
}

impl ReadConsumption {
    /// Rejects these inputs in a part of a transaction, which reports its capacity as a whole.
    pub(super) fn check_left_out(&self) -> Result<(), Error> {
        check_left_out("returnConsumedCapacity", self.capacity.is_some())
    }

    pub(super) fn capacity(&self) -> ReturnConsumedCapacity {
        of_word(self.capacity)
    }
}

impl WriteConsumption {
    /// Rejects these inputs in a part of a transaction, which reports them as a whole.
    pub(super) fn check_left_out(&self) -> Result<(), Error> {
        check_left_out("returnConsumedCapacity", self.capacity.is_some())?;
        check_left_out("returnItemCollectionMetrics", self.metrics.is_some())
    }

    pub(super) fn capacity(&self) -> ReturnConsumedCapacity {
        of_word(self.capacity)
    }

    pub(super) fn metrics(&self) -> Option<ReturnItemCollectionMetrics> {
        self.metrics.map(|word| ReturnItemCollectionMetrics::from(word.as_str()))
    }
}

fn check_left_out(input: &'static str, is_given: bool) -> Result<(), Error> {
    if is_given {
        let message = "a transaction reports this as a whole; give it beside the list of its parts";
        return Err(Error::input(&Path::Input(input), message));
    }
    Ok(())
}

/// The API's word. If the input is left out, DynamoDB reports the total.
pub(super) fn of_word(word: Option<CapacityWord>) -> ReturnConsumedCapacity {
    ReturnConsumedCapacity::from(word.unwrap_or(CapacityWord::Total).as_str())
}
