//! What a request tells of the capacity and the collections that it used.

use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnItemCollectionMetrics};

use crate::{inputs, words};

words! {
    /// How finely consumed capacity is told.
    pub(super) enum CapacityWord {
        Indexes = "INDEXES",
        Total = "TOTAL",
        None = "NONE",
    }
}

words! {
    /// Whether the size of a local index's item collection is told.
    pub(super) enum MetricsWord {
        Size = "SIZE",
        None = "NONE",
    }
}

inputs! {
    /// What a read tells of the capacity that it used.
    pub(super) struct ReadConsumption {
        /// How finely the consumed capacity is told: for the table, for each index as well, or not at all.
        capacity: Option<CapacityWord> = ["returnConsumedCapacity"] { default: "TOTAL" },
    }
}

inputs! {
    /// What a write tells of the capacity and the collections that it used.
    pub(super) struct WriteConsumption {
        /// How finely the consumed capacity is told: for the table, for each index as well, or not at all.
        capacity: Option<CapacityWord> = ["returnConsumedCapacity"] { default: "TOTAL" },
        /// Whether the answer tells the size of the item collection, for tables with local secondary indexes.
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

/// Left out, the whole is told.
pub(super) fn of_word(word: Option<CapacityWord>) -> ReturnConsumedCapacity {
    ReturnConsumedCapacity::from(word.unwrap_or(CapacityWord::Total).as_str())
}
