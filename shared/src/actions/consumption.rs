//! The inputs that ask DynamoDB for the consumed capacity and the size of item collections.

use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnItemCollectionMetrics};

use crate::{inputs, words};

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
    pub(super) fn capacity(&self) -> ReturnConsumedCapacity {
        of_word(self.capacity)
    }
}

impl WriteConsumption {
    pub(super) fn capacity(&self) -> ReturnConsumedCapacity {
        of_word(self.capacity)
    }

    pub(super) fn metrics(&self) -> Option<ReturnItemCollectionMetrics> {
        self.metrics.map(|word| ReturnItemCollectionMetrics::from(word.as_str()))
    }
}

/// The API's word. If the input is left out, DynamoDB reports the total.
pub(super) fn of_word(word: Option<CapacityWord>) -> ReturnConsumedCapacity {
    ReturnConsumedCapacity::from(word.unwrap_or(CapacityWord::Total).as_str())
}
