//! `transactWriteItems`: makes up to 100 writes and checks, in one or more tables. All of them take effect, or none.
//!
//! Each action is built as its single counterpart is: `createItem`, `updateItem`, `deleteItem`. A check is a condition
//! on an item that the transaction does not change.
//!
//! API:
//! [`TransactWriteItems`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
//! If a table's key is needed, the first time also `DescribeTable`.

use std::sync::Arc;

use aws_sdk_dynamodb::{
    operation::{
        delete_item::builders::DeleteItemFluentBuilder, put_item::builders::PutItemFluentBuilder,
        transact_write_items::builders::TransactWriteItemsFluentBuilder,
    },
    types::TransactWriteItem,
};

use super::{
    Context, Event, cancellation,
    condition::LARGEST_ITEM,
    consumption::WriteConsumption,
    create_item,
    definition::{AnswerShape, CONSUMED_CAPACITIES, Definition, EventType, ITEM_COLLECTION_METRICS},
    delete_item,
    safe_write::RequestToken,
    transaction::{MOST_PARTS, check_count, only_table},
    update_item,
};
use crate::{
    answer::Answer,
    dynamodb::{OnTable, Operation, Transactional as _, Update, condition_check},
    error::{Error, code},
    inputs,
    keys::{self, ItemName, Key, KeyInputs, Located},
    path::Path,
    value::{Format, size},
};

/// The catalog's entry for `transactWriteItems`.
pub const DEFINITION: Definition = Definition {
    name: "transact-write-items",
    action: "transactWriteItems",
    label: "Transact Write Items",
    summary: "Makes up to 100 writes in one or more tables, all of them or none",
    operations: &[
        Operation::ConditionCheckItem,
        Operation::DeleteItem,
        Operation::DescribeTable,
        Operation::PutItem,
        Operation::TransactWriteItems,
        Operation::UpdateItem,
    ],
    event: EventType::of::<Event<Input>>(),
    // Only the error for a failed condition holds items.
    output_format: Some(Format::Typed),
    answer: AnswerShape::Data(&[CONSUMED_CAPACITIES, ITEM_COLLECTION_METRICS]),
};

inputs! {
    /// The inputs of `transactWriteItems`.
    pub struct Input {
        /// The actions, 1 to 100: each is one of `put`, `update`, `delete` and `check`. No two may name the same item.
        actions: Vec<ActionInputs> = ["actions"] {
            example: [
                {"put": {"tableName": "Orders", "item": {"customerId": "C-1", "orderId": 1004, "status": "open"}}},
                {"update": {"tableName": "Customers", "hashKeyValue": "C-1", "add": {"orders": 1}}}
            ]
        },
        /// A token of 1 to 36 characters. Within ten minutes, the same event with the same token takes effect once.
        /// `auto` uses the id of the message, notification or bus event, or else of the invocation.
        request_token: Option<RequestToken> = ["requestToken"] { example: "order-1004" },
        consumption: WriteConsumption = group,
    }
}

inputs! {
    /// One action of a transaction.
    struct ActionInputs {
        /// Creates an item or replaces it. The inputs are those of `createItem`.
        put: Option<create_item::Input> = ["put"],
        /// Changes an item or creates it. The inputs are those of `updateItem`.
        update: Option<update_item::Input> = ["update"],
        /// Deletes an item. The inputs are those of `deleteItem`.
        delete: Option<delete_item::Input> = ["delete"],
        /// Checks an item that the transaction does not change. The inputs are those of `deleteItem`, with a
        /// `conditionExpression` or an `expectedVersion`.
        check: Option<delete_item::Input> = ["check"],
    }
}

const ACTIONS: &str = "actions";

/// The largest transaction, as DynamoDB counts the size of items: 4 MB.
const LARGEST: usize = 4 * 1024 * 1024;

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`], or the error that DynamoDB refused the request with. The error for a canceled
/// transaction names each action by its index.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let format = context.output_format(Format::Typed);
    check_count(ACTIONS, input.actions.len(), MOST_PARTS)?;
    let transaction = context
        .dynamodb()
        .transact_write_items()
        .set_client_request_token(input.request_token.map(|token| token.for_request(&context)))
        .return_consumed_capacity(input.consumption.capacity())
        .set_return_item_collection_metrics(input.consumption.metrics());
    let actions = input.actions.into_iter().enumerate();
    let actions: Vec<Action> =
        actions.map(|(index, inputs)| Action::new(&context, index, inputs)).collect::<Result<_, _>>()?;
    check_size(&actions)?;
    let items: Vec<Located<'_>> = actions.iter().map(Action::located).collect();
    let table = only_table(items.iter().map(|item| item.name.table()));
    let result = keys::with_keys(&context.calls, &context.schemas, &items, context.input_format, |keys| {
        let request = request(transaction.clone(), &actions, keys);
        let table = table.clone();
        let calls = &context.calls;
        async move { calls.send(OnTable { request: request?, table }).await }
    })
    .await;
    match result {
        Ok(reply) => Answer::data(&reply, format),
        Err(error) => {
            let names = key_names(&context, &actions, &error).await;
            Err(cancellation::explain(error, ACTIONS, format, |index| names.get(index).cloned().unwrap_or_default()))
        }
    }
}

/// Builds the request from the actions and their keys.
fn request(
    transaction: TransactWriteItemsFluentBuilder,
    actions: &[Action],
    keys: Vec<Key>,
) -> Result<TransactWriteItemsFluentBuilder, Error> {
    actions
        .iter()
        .zip(keys)
        .try_fold(transaction, |transaction, (action, key)| Ok(transaction.transact_items(action.with_key(key)?)))
}

/// Rejects actions that are larger than a transaction can be. Keys are not counted. DynamoDB itself finds a transaction
/// that its keys or its stored items make too large.
fn check_size(actions: &[Action]) -> Result<(), Error> {
    let size: usize = actions.iter().map(Action::size).sum();
    if size > LARGEST {
        let message =
            format_args!("the actions have {size} bytes; a transaction takes {LARGEST} bytes (4 MB), make several");
        return Err(Error::input(&Path::Input(ACTIONS), message));
    }
    Ok(())
}

/// The names of each action's key, if the refusal holds more items than an error shows.
async fn key_names(context: &Context, actions: &[Action], error: &Error) -> Vec<Vec<String>> {
    let mut names = Vec::new();
    if matches!(error, Error::Service(refusal)
        if refusal.code == code::TRANSACTION_CANCELED && refusal.body.len() > LARGEST_ITEM)
    {
        for action in actions {
            let (calls, schemas) = (&context.calls, &context.schemas);
            let found = match action.located().name {
                ItemName::Key(key) => key.attribute_names(calls, schemas).await,
                ItemName::Item { table, .. } => keys::attribute_names(calls, schemas, table).await,
            };
            names.push(found.unwrap_or_default());
        }
    }
    names
}

/// An action without its key.
struct Action {
    /// The path of its inputs: `actions[3].update`.
    place: String,
    write: Write,
    /// The placeholder that the action uses for the name of a key attribute.
    key_placeholder: Option<String>,
}

enum Write {
    Put(PutItemFluentBuilder),
    Update(Update, KeyInputs),
    Delete(DeleteItemFluentBuilder, KeyInputs),
    /// The delete has the key and the condition.
    Check(DeleteItemFluentBuilder, KeyInputs),
}

impl Action {
    fn new(context: &Context, index: usize, inputs: ActionInputs) -> Result<Self, Error> {
        let (kind, built) = match inputs {
            ActionInputs { put: Some(input), update: None, delete: None, check: None } => {
                let put = create_item::action(context, input);
                ("put", put.map(|(put, placeholder)| (Write::Put(put), placeholder)))
            }
            ActionInputs { put: None, update: Some(input), delete: None, check: None } => {
                let update = update_item::action(context, input);
                ("update", update.map(|(update, key, placeholder)| (Write::Update(update, key), placeholder)))
            }
            ActionInputs { put: None, update: None, delete: Some(input), check: None } => {
                let delete = delete_item::action(context, input);
                ("delete", delete.map(|(delete, key, placeholder)| (Write::Delete(delete, key), placeholder)))
            }
            ActionInputs { put: None, update: None, delete: None, check: Some(input) } => {
                ("check", delete_item::action(context, input).and_then(check))
            }
            other => return Err(Error::input(&Path::Input(ACTIONS).element(index), other.not_one())),
        };
        let place = format!("{ACTIONS}[{index}].{kind}");
        let (write, key_placeholder) = built.map_err(|error| error.within(&place))?;
        Ok(Self { place, write, key_placeholder })
    }

    /// How the inputs name the item.
    fn located(&self) -> Located<'_> {
        let name = match &self.write {
            Write::Put(put) => ItemName::Item {
                table: put.get_table_name().as_deref().unwrap_or_default(),
                item: put.get_item().as_ref(),
                needs_names: self.key_placeholder.is_some(),
            },
            Write::Update(_, key) | Write::Delete(_, key) | Write::Check(_, key) => ItemName::Key(key),
        };
        Located { place: &self.place, name }
    }

    /// The number of bytes that DynamoDB counts for the action, without its key: a put's item or the values of the
    /// expressions.
    fn size(&self) -> usize {
        let values = match &self.write {
            Write::Put(put) => put.get_item().as_ref(),
            Write::Update(update, _) => update.request.get_expression_attribute_values().as_ref(),
            Write::Delete(request, _) | Write::Check(request, _) => request.get_expression_attribute_values().as_ref(),
        };
        values.map_or(0, size::size_of_all)
    }

    /// The action for the request.
    fn with_key(&self, key: Key) -> Result<TransactWriteItem, Error> {
        let name = self.key_placeholder.clone().zip(key.keys().next().cloned());
        let action = match &self.write {
            Write::Put(put) => match name {
                Some((placeholder, name)) => put.clone().expression_attribute_names(placeholder, name).action(),
                None => put.action(),
            },
            Write::Update(Update { request, only_replaces }, _) => {
                let mut request = request.clone().set_key(Some(key));
                if let Some((placeholder, name)) = name {
                    request = request.expression_attribute_names(placeholder, name);
                }
                Update { request, only_replaces: *only_replaces }.action()
            }
            Write::Delete(request, _) => delete_with_key(request, key, name).action(),
            Write::Check(request, _) => condition_check(&delete_with_key(request, key, name)),
        };
        action.map_err(|error| Error::Internal(error.to_string()))
    }
}

fn check(
    (delete, key, placeholder): (DeleteItemFluentBuilder, KeyInputs, Option<String>),
) -> Result<(Write, Option<String>), Error> {
    if delete.get_condition_expression().is_none() {
        return Err(Error::missing(&Path::Input("conditionExpression")));
    }
    Ok((Write::Check(delete, key), placeholder))
}

fn delete_with_key(
    request: &DeleteItemFluentBuilder,
    key: Key,
    name: Option<(String, String)>,
) -> DeleteItemFluentBuilder {
    let request = request.clone().set_key(Some(key));
    match name {
        Some((placeholder, name)) => request.expression_attribute_names(placeholder, name),
        None => request,
    }
}

impl ActionInputs {
    /// The problem of an action that has not exactly one kind.
    fn not_one(&self) -> String {
        let Self { put, update, delete, check } = self;
        let kinds = [
            ("`put`", put.is_some()),
            ("`update`", update.is_some()),
            ("`delete`", delete.is_some()),
            ("`check`", check.is_some()),
        ];
        let given: Vec<&str> = kinds.iter().filter(|(_, is_given)| *is_given).map(|(kind, _)| *kind).collect();
        let given = if given.is_empty() { "nothing".to_owned() } else { given.join(" and ") };
        format!("holds {given}; an action is one of `put`, `update`, `delete`, `check`")
    }
}
