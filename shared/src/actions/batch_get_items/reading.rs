//! The calls of a batch of reads, and their answers.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
};

use aws_sdk_dynamodb::types::{KeysAndAttributes, ReturnConsumedCapacity};

use super::{Context, prepare::Request};
use crate::{
    answer::{
        Answer, Capacities,
        batch::{BatchGot, Joined, attributes_of, item_text, write_elements},
    },
    dynamodb::{
        Reply,
        batch::{Batch, Ended, Left, can_go_on},
    },
    error::Error,
    value::Format,
};

/// The most keys of a call: <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html>.
const KEYS_PER_CALL: usize = 100;
/// The bytes of items that the calls under way may be expected to return.
const BYTES_UNDER_WAY: usize = 8_000_000;
/// The bytes reserved for what the answer holds besides items and keys.
const FRAME: usize = 4_096;

/// The state of an item.
enum Item {
    /// It was not read yet.
    Unread,
    NotFound,
    /// Its text, as the answer holds it.
    Found(Box<str>),
}

/// A batch of reads. Its elements are the different items of all requests.
pub(super) struct Reading<'t> {
    context: Arc<Context>,
    requests: Vec<Request<'t>>,
    /// For each element, its request and the index of its item there.
    elements: Vec<(usize, usize)>,
    /// For each request, the number of its first element.
    first: Vec<usize>,
    items: Vec<Item>,
    /// For each element, the number of given keys that name it.
    uses: Vec<usize>,
    format: Format,
    capacity: ReturnConsumedCapacity,
    capacities: Capacities,
    last: Reply,
    /// The number of requests that were sent before the batch.
    attempts_before: u32,
    /// The room for items, in bytes.
    room: usize,
    most_bytes: usize,
    /// Whether an item had no room.
    is_full: bool,
    /// The size of an item that had no room in an empty answer.
    too_large: Option<usize>,
    /// The number of elements that were answered.
    answered: usize,
    /// The bytes of the items that were found, as the answer holds them.
    found_bytes: usize,
    /// Fewer keys, after an answer that was too large to be read.
    keys_per_call: usize,
}

impl<'t> Reading<'t> {
    pub(super) fn new(
        context: &Arc<Context>,
        requests: Vec<Request<'t>>,
        most_bytes: usize,
        capacity: ReturnConsumedCapacity,
    ) -> Self {
        let mut elements = Vec::new();
        let mut first = Vec::with_capacity(requests.len());
        let mut uses = Vec::new();
        let mut keys = 0;
        for (index, request) in requests.iter().enumerate() {
            first.push(elements.len());
            elements.extend((0..request.items.len()).map(|item| (index, item)));
            uses.resize(elements.len(), 0);
            for position in &request.positions {
                uses[first[index] + position] += 1;
            }
            keys += request.given.iter().map(|key| key.text_len() + 1).sum::<usize>();
        }
        Self {
            items: elements.iter().map(|_| Item::Unread).collect(),
            elements,
            first,
            uses,
            format: context.output_format(Format::Plain),
            context: Arc::clone(context),
            // All keys may come back in the answer.
            room: most_bytes.saturating_sub(keys + FRAME + requests.len() * 64),
            requests,
            capacity,
            capacities: Capacities::default(),
            last: Reply::default(),
            attempts_before: context.calls.attempts(),
            most_bytes,
            is_full: false,
            too_large: None,
            answered: 0,
            found_bytes: 0,
            keys_per_call: KEYS_PER_CALL,
        }
    }

    /// The elements of the batch.
    pub(super) fn elements(&self) -> std::ops::Range<usize> {
        0..self.elements.len()
    }

    /// The table of an element.
    fn table(&self, element: usize) -> &str {
        self.requests[self.elements[element].0].table
    }

    /// The average size of the items so far, as the answer holds them. `None` before the first answer.
    fn average(&self) -> Option<usize> {
        self.found_bytes.checked_div(self.answered).map(|bytes| bytes.max(1))
    }

    /// Finds the element of a key or an item (DynamoDB's JSON text) among those of a call.
    fn element_of(&self, request: usize, text: &str) -> Result<usize, Error> {
        let Request { schema, by_key, .. } = &self.requests[request];
        let attributes = attributes_of(text, &schema.attribute_names())?;
        let key = schema.key_in(|name| attributes.get(name));
        let item = key.and_then(|key| by_key.get(&key));
        let item = item.ok_or_else(|| Error::broken_answer("an item that was not asked for"))?;
        Ok(self.first[request] + item)
    }

    /// Adds an item that was found, if it has room.
    fn add(&mut self, element: usize, text: String) {
        let bytes = (text.len() + 1) * self.uses[element];
        self.found_bytes += text.len();
        if let Some(room) = self.room.checked_sub(bytes) {
            self.room = room;
            self.items[element] = Item::Found(text.into());
        } else {
            self.is_full = true;
            self.too_large = self.too_large.max(Some(bytes));
        }
    }

    /// The answer.
    ///
    /// # Errors
    /// Returns the error that ended the batch, unless some items were read and the others can be asked for again.
    pub(super) fn finish(mut self, ended: Ended, is_list: bool) -> Result<Answer, Error> {
        let has_read = self.items.iter().any(|item| !matches!(item, Item::Unread));
        if let Some(error) = ended.error
            && (!has_read || !can_go_on(&error))
        {
            return Err(error);
        }
        if let Some(bytes) = self.too_large.filter(|_| !has_read) {
            return Err(Error::ResponseTooLarge(format!(
                "one item takes {bytes} bytes of an answer of at most {}, beside the keys; ask for fewer of its attributes \
                 with `projectionExpression`, give fewer keys, or raise `maxResponseBytes`",
                self.most_bytes
            )));
        }
        // Calls without an answer count, too.
        self.last.attempts = self.context.calls.attempts() - self.attempts_before;
        let mut joined = Joined::new(&self.last);
        if is_list {
            let responses: Vec<String> = (0..self.requests.len())
                .map(|request| {
                    let [items, not_found, unprocessed] = self.parts(request);
                    let mut text = String::from("{");
                    for (name, elements) in [("Items", items), ("NotFound", not_found), ("Unprocessed", unprocessed)] {
                        text.extend([if text.len() > 1 { "," } else { "" }, "\"", name, "\":["]);
                        write_elements(&mut text, elements.iter().map(|element| &**element));
                        text.push(']');
                    }
                    text.push('}');
                    text
                })
                .collect();
            joined.list("Responses", responses.iter().map(String::as_str));
        } else {
            let [items, not_found, unprocessed] = self.parts(0);
            for (name, elements) in [("Items", items), ("NotFound", not_found), ("Unprocessed", unprocessed)] {
                joined.list(name, elements.iter().map(|element| &**element));
            }
        }
        Ok(joined.finish(&self.capacities))
    }

    /// The items, the keys without an item, and the keys that were not read, each in the order of the given keys.
    fn parts(&self, request: usize) -> [Vec<std::borrow::Cow<'_, str>>; 3] {
        let (mut items, mut not_found, mut unprocessed) = (Vec::new(), Vec::new(), Vec::new());
        let Request { given, positions, .. } = &self.requests[request];
        for (key, position) in given.iter().zip(positions) {
            match &self.items[self.first[request] + position] {
                Item::Found(text) => items.push((&**text).into()),
                Item::NotFound => not_found.push(key.to_string().into()),
                Item::Unread => unprocessed.push(key.to_string().into()),
            }
        }
        [items, not_found, unprocessed]
    }
}

impl Batch for Reading<'_> {
    fn next_call(&mut self, queue: &mut VecDeque<usize>) -> Vec<usize> {
        let most = self.average().map_or(KEYS_PER_CALL, |bytes| (self.room / bytes).clamp(1, KEYS_PER_CALL));
        let most = most.min(self.keys_per_call);
        let mut call: Vec<usize> = Vec::with_capacity(most);
        // A call names each table once, with one projection.
        let mut requests: HashMap<&str, usize> = HashMap::new();
        while call.len() < most
            && let Some(element) = queue.front().copied()
        {
            let request = self.elements[element].0;
            if *requests.entry(self.table(element)).or_insert(request) != request {
                break;
            }
            queue.pop_front();
            call.push(element);
        }
        call
    }

    fn send(&mut self, elements: &[usize]) -> impl Future<Output = Result<Reply, Error>> + Send + 'static {
        let mut tables: HashMap<String, KeysAndAttributes> = HashMap::new();
        for element in elements {
            let (request, item) = self.elements[*element];
            let request = &self.requests[request];
            let table = tables.entry(request.table.to_owned()).or_insert_with(|| request.read.clone());
            table.keys.push(request.items[item].clone());
        }
        let context = Arc::clone(&self.context);
        let request = context
            .dynamodb()
            .batch_get_item()
            .set_request_items(Some(tables))
            .return_consumed_capacity(self.capacity.clone());
        async move { context.calls.send(request).await }
    }

    fn read(&mut self, elements: &[usize], mut reply: Reply) -> Result<Left, Error> {
        let body = std::mem::take(&mut reply.body);
        self.last = reply.after(&self.last);
        let got = BatchGot::read(&body, &mut self.capacities)?;
        let requests: HashMap<&str, usize> = elements
            .iter()
            .map(|element| self.elements[*element].0)
            .map(|request| (self.requests[request].table, request))
            .collect();
        let request_of = |table: &str| match (requests.get(table), requests.values().next()) {
            (Some(request), _) => Ok(*request),
            // A table may be named by its ARN.
            (None, Some(request)) if requests.len() == 1 => Ok(*request),
            _ => Err(Error::broken_answer("items of a table that was not asked for")),
        };
        let mut missing: HashSet<usize> = elements.iter().copied().collect();
        let mut full = Vec::new();
        for (table, items) in &got.responses {
            let request = request_of(table)?;
            for item in items {
                let element = self.element_of(request, item.get())?;
                let text = item_text(item.get(), self.format, &self.requests[request].hidden)?;
                self.add(element, text);
                missing.remove(&element);
                if matches!(self.items[element], Item::Unread) {
                    full.push(element);
                }
            }
        }
        let mut left = Vec::new();
        for (table, unprocessed) in &got.unprocessed_keys {
            let request = request_of(table)?;
            for key in &unprocessed.keys {
                let element = self.element_of(request, key.get())?;
                missing.remove(&element);
                left.push(element);
            }
        }
        self.answered += elements.len() - left.len();
        for element in missing {
            self.items[element] = Item::NotFound;
        }
        // An answer that holds many bytes ends at DynamoDB's limit of 16 MB, which is no throttling.
        let is_large = body.len() > 1_000_000 && left.len() < elements.len();
        left.sort_unstable();
        let (refused, mut deferred) = if is_large { (Vec::new(), left) } else { (left, Vec::new()) };
        // Items without room are not asked for again: a full batch sends no more calls.
        deferred.extend(full);
        deferred.sort_unstable();
        Ok(Left { refused, deferred, units: 0.0 })
    }

    fn failed(&mut self, elements: &[usize], error: &Error) {
        // The answer may have been too large to be read.
        if matches!(error, Error::ConnectionFailed(_)) {
            self.keys_per_call = (elements.len() / 2).clamp(1, self.keys_per_call);
        }
    }

    fn most_at_once(&self) -> usize {
        if self.is_full {
            return 0;
        }
        match self.average() {
            None => 2,
            Some(bytes) => (BYTES_UNDER_WAY / (bytes * self.keys_per_call)).max(1),
        }
    }
}
