//! The calls of a batch of writes, and their answers.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

use aws_sdk_dynamodb::types::{
    DeleteRequest, PutRequest, ReturnConsumedCapacity, ReturnItemCollectionMetrics, WriteRequest,
};

use super::{
    Checked, Context, TableInputs, WriteConsumption,
    prepare::{List, State, read_again},
};
use crate::{
    answer::{
        Capacities,
        batch::{BatchWritten, attributes_of},
    },
    dynamodb::{
        Reply,
        batch::{Batch, Left},
    },
    error::Error,
    json::Json,
};

/// The most writes of a call: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html>.
const WRITES_PER_CALL: usize = 25;

/// A batch of writes.
pub(super) struct Writing<'t> {
    context: Arc<Context>,
    pub(super) tables: &'t mut [TableInputs],
    pub(super) checked: Checked,
    capacity: ReturnConsumedCapacity,
    metrics: Option<ReturnItemCollectionMetrics>,
    pub(super) capacities: Capacities,
    /// The sizes of item collections, by table.
    pub(super) collections: Option<BTreeMap<String, Vec<Json>>>,
    /// The last call, with the attempts and waits of all calls.
    last: Reply,
    /// The number of requests that were sent before the batch.
    attempts_before: u32,
}

impl<'t> Writing<'t> {
    pub(super) fn new(
        context: &Arc<Context>,
        tables: &'t mut [TableInputs],
        checked: Checked,
        consumption: &WriteConsumption,
    ) -> Self {
        Self {
            context: Arc::clone(context),
            tables,
            checked,
            capacity: consumption.capacity(),
            metrics: consumption.metrics(),
            capacities: Capacities::default(),
            collections: None,
            last: Reply::default(),
            attempts_before: context.calls.attempts(),
        }
    }

    /// The elements to write.
    pub(super) fn elements(&self) -> Vec<usize> {
        let elements = self.checked.elements.iter().enumerate();
        elements.filter(|(_, element)| element.state == State::Unprocessed).map(|(at, _)| at).collect()
    }

    /// The last call, with the attempts and waits of all calls.
    pub(super) fn last(&self) -> Reply {
        // Calls without an answer count, too.
        let attempts = self.context.calls.attempts() - self.attempts_before;
        Reply { attempts, ..self.last.clone() }
    }

    /// Whether something was written or deleted.
    pub(super) fn has_written(&self) -> bool {
        self.checked.elements.iter().any(|element| element.state == State::Done)
    }

    /// The writes of these elements, by table. Takes their attributes.
    fn requests(&mut self, elements: &[usize]) -> Result<HashMap<String, Vec<WriteRequest>>, Error> {
        let mut requests: HashMap<String, Vec<WriteRequest>> = HashMap::new();
        for number in elements {
            let element = &mut self.checked.elements[*number];
            let attributes = if let Some(attributes) = element.attributes.take() {
                attributes
            } else {
                let schema = &self.checked.schemas[element.table];
                read_again(self.tables, element, schema, self.context.input_format)?
            };
            let attributes = Some(attributes.into_iter().collect());
            let write = match element.list {
                List::Put => {
                    let put = PutRequest::builder().set_item(attributes).build();
                    WriteRequest::builder().put_request(put.map_err(incomplete)?).build()
                }
                List::Delete => {
                    let delete = DeleteRequest::builder().set_key(attributes).build();
                    WriteRequest::builder().delete_request(delete.map_err(incomplete)?).build()
                }
            };
            let table = &self.tables[self.checked.same[element.table]].table_name;
            match requests.get_mut(table) {
                Some(writes) => writes.push(write),
                None => drop(requests.insert(table.clone(), vec![write])),
            }
        }
        Ok(requests)
    }

    /// The element that an unprocessed write is. `names`: the tables of the call, each with its number.
    fn element_of(&self, table: usize, attributes: &str) -> Result<usize, Error> {
        let schema = &self.checked.schemas[table].keys;
        let attributes = attributes_of(attributes, &schema.attribute_names())?;
        let key = schema.key_in(|name| attributes.get(name));
        let element = key.and_then(|key| self.checked.by_key.get(&(table, key)).copied());
        element.ok_or_else(|| Error::broken_answer("a write that was not asked for"))
    }
}

fn incomplete(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}

impl Batch for Writing<'_> {
    fn next_call(&mut self, queue: &mut VecDeque<usize>) -> Vec<usize> {
        queue.drain(..WRITES_PER_CALL.min(queue.len())).collect()
    }

    fn send(&mut self, elements: &[usize]) -> impl Future<Output = Result<Reply, Error>> + Send + 'static {
        let context = Arc::clone(&self.context);
        let request = self.requests(elements).map(|requests| {
            context
                .dynamodb()
                .batch_write_item()
                .set_request_items(Some(requests))
                .return_consumed_capacity(self.capacity.clone())
                .set_return_item_collection_metrics(self.metrics.clone())
        });
        async move { context.calls.send(request?).await }
    }

    fn read(&mut self, elements: &[usize], mut reply: Reply) -> Result<Left, Error> {
        let body = std::mem::take(&mut reply.body);
        self.last = reply.after(&self.last);
        let before = self.capacities.units().unwrap_or_default();
        let written = BatchWritten::read(&body, &mut self.capacities)?;
        let units = self.capacities.units().unwrap_or_default() - before;
        let mut refused = Vec::new();
        for (name, writes) in &written.unprocessed_items {
            let tables = || elements.iter().map(|element| self.checked.same[self.checked.elements[*element].table]);
            let mut named = tables().filter(|table| self.tables[*table].table_name == *name);
            // A table may be named by its ARN.
            let table = named.next().or_else(|| tables().next());
            let table = table.ok_or_else(|| Error::broken_answer("writes to a table that was not asked for"))?;
            for write in writes {
                let attributes =
                    write.attributes().ok_or_else(|| Error::broken_answer("a write of an unknown kind"))?;
                refused.push(self.element_of(table, attributes)?);
            }
        }
        if let Some(collections) = &written.item_collection_metrics {
            let known = self.collections.get_or_insert_default();
            for (table, metrics) in collections {
                for metric in metrics {
                    let json = Json::parse(metric.get()).map_err(Error::broken_answer)?;
                    known.entry(table.clone()).or_default().push(json);
                }
            }
        }
        for element in elements {
            if !refused.contains(element) {
                self.checked.elements[*element].state = State::Done;
            }
        }
        refused.sort_unstable();
        Ok(Left { refused, deferred: Vec::new(), units })
    }

    fn most_at_once(&self) -> usize {
        usize::MAX
    }
}
