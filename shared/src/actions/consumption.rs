//! The inputs that ask DynamoDB for the consumed capacity and the size of item collections.

use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnItemCollectionMetrics};

use crate::{
    dynamodb::batch::{Budget, Clock as _, TokioClock},
    error::Error,
    input::Count,
    inputs,
    path::Path,
    words,
};

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

inputs! {
    /// The capacity that a bulk job may consume.
    pub(super) struct BudgetInput {
        /// The most capacity units that this invocation consumes in a second. It waits between calls. What there is no
        /// time for comes back, as without this limit.
        max_capacity_per_second: Option<Count<1_000_000>> = ["maxCapacityPerSecond"] { example: 500 },
    }
}

impl BudgetInput {
    /// The budget, if the event limits the capacity. It begins now.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] if DynamoDB shall not report the capacity.
    pub(super) fn into_budget(self, capacity: &ReturnConsumedCapacity) -> Result<Option<Budget>, Error> {
        let Some(units) = self.max_capacity_per_second else { return Ok(None) };
        if *capacity == ReturnConsumedCapacity::None {
            return Err(Error::input(
                &Path::Input("maxCapacityPerSecond"),
                "needs DynamoDB's report; leave out `returnConsumedCapacity`, or give `TOTAL` or `INDEXES`",
            ));
        }
        let units = u32::try_from(units.get()).unwrap_or(u32::MAX);
        Ok(Some(Budget::new(units, TokioClock.now())))
    }
}

/// The API's word. If the input is left out, DynamoDB reports the total.
pub(super) fn of_word(word: Option<CapacityWord>) -> ReturnConsumedCapacity {
    ReturnConsumedCapacity::from(word.unwrap_or(CapacityWord::Total).as_str())
}
