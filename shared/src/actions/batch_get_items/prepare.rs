//! The keys and expressions of each request, checked before the first call.

use std::{collections::HashMap, sync::Arc};

use aws_sdk_dynamodb::types::KeysAndAttributes;

use super::{Context, TableInputs};
use crate::{
    error::{Error, code},
    expression::Kind,
    input::Collection,
    json::Json,
    keys::{self, ItemKey, Key, KeySchema, Known},
    path::Path,
    value::Values,
};

/// The request for the items of one table.
pub(super) struct Request<'t> {
    pub(super) table: &'t str,
    /// The keys as the event gives them.
    pub(super) given: &'t [Json],
    /// For each given key, the index of its item in `items`.
    pub(super) positions: Vec<usize>,
    /// The different keys.
    pub(super) items: Vec<Key>,
    /// Finds the index of an item by its key.
    pub(super) by_key: HashMap<ItemKey, usize>,
    pub(super) schema: Arc<KeySchema>,
    /// The request without keys.
    pub(super) read: KeysAndAttributes,
    /// Attributes that are only read to recognize the item.
    pub(super) hidden: Vec<String>,
}

/// Reads the keys and expressions of all requests. Keys that occur twice are read once.
pub(super) async fn prepare<'t>(
    context: &Context,
    tables: &'t [TableInputs],
    is_list: bool,
) -> Result<Vec<Request<'t>>, Error> {
    let mut requests = Vec::with_capacity(tables.len());
    for (index, table) in tables.iter().enumerate() {
        let list = Path::Input("requests");
        let place = list.element(index);
        let inside = |error: Error| if is_list { error.within(place) } else { error };
        requests.push(request_of(context, table, inside).await?);
    }
    Ok(requests)
}

async fn request_of<'t>(
    context: &Context,
    table: &'t TableInputs,
    inside: impl Fn(Error) -> Error,
) -> Result<Request<'t>, Error> {
    let look_up = || keys::schema(&context.calls, &context.schemas, &table.table_name);
    let known = match look_up().await {
        Err(error) if error.is_refusal(code::ACCESS_DENIED) => {
            // The keys themselves say what the key is.
            let schema = Arc::new(assumed(context, table).map_err(&inside)?.ok_or(error)?);
            Known { schema, is_remembered: false }
        }
        known => known?,
    };
    match request(context, table, known.schema) {
        Err(_)
            if known.is_remembered && keys::has_changed(&context.calls, &context.schemas, &table.table_name).await =>
        {
            request(context, table, look_up().await?.schema).map_err(inside)
        }
        request => request.map_err(inside),
    }
}

/// The schema of a table that may not be described, from its first key. `None` if that is not a whole key.
fn assumed(context: &Context, table: &TableInputs) -> Result<Option<KeySchema>, Error> {
    let Some(Json::Object(members)) = table.keys.0.first() else { return Ok(None) };
    let values = Values {
        input: "keys[0]",
        values: Some(Collection(members.clone())),
        types_input: "keyTypes",
        types: table.read.key_types.clone(),
    };
    let key = values.into_key(context.input_format)?;
    KeySchema::assumed(&key, &Path::Input("keys[0]")).map(Some)
}

fn request<'t>(context: &Context, table: &'t TableInputs, schema: Arc<KeySchema>) -> Result<Request<'t>, Error> {
    let TableInputs { table_name, keys, read } = table;
    let path = Path::Input("keys");
    let mut positions = Vec::with_capacity(keys.0.len());
    let mut items: Vec<Key> = Vec::with_capacity(keys.0.len());
    let mut by_key = HashMap::with_capacity(keys.0.len());
    for (index, json) in keys.0.iter().enumerate() {
        let path = path.element(index);
        let key = schema.read_key(json.clone(), read.key_types.as_ref(), context.input_format, &path)?;
        let item_key = schema.check_key(&key, &path)?;
        let next = items.len();
        let at = *by_key.entry(item_key).or_insert(next);
        if at == next {
            items.push(key.into_iter().collect());
        }
        positions.push(at);
    }
    let given: Vec<(String, String)> = read
        .names
        .names
        .iter()
        .flat_map(|names| &names.0)
        .map(|(placeholder, name)| (placeholder.clone(), name.0.clone()))
        .collect();
    let mut placeholders = read.names.clone().into_placeholders()?;
    let (mut projection, mut hidden) = (None, Vec::new());
    if let Some(text) = &read.projection_expression {
        let text = placeholders.rewrite("projectionExpression", Kind::Projection, text)?;
        // DynamoDB answers in any order, so the key says which item it is.
        let (text, added) = placeholders.also_project(&text, &schema.attribute_names(), &given);
        (projection, hidden) = (Some(text), added);
    }
    let read = KeysAndAttributes::builder()
        .set_keys(Some(Vec::new()))
        .set_consistent_read(read.consistent_read)
        .set_projection_expression(projection)
        .set_expression_attribute_names(placeholders.finish()?.names)
        .build()
        .map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Request { table: table_name, given: &keys.0, positions, items, by_key, schema, read, hidden })
}
