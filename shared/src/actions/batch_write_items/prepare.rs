//! The checks of every element before the first call.

use std::{collections::HashMap, sync::Arc};

use aws_sdk_dynamodb::types::AttributeValue;

use super::{Context, EmptyValues, OnDuplicate, OnInvalid, Source, TableInputs, TypeInputs, UnusedTypes};
use crate::{
    error::{Error, code},
    input::{Collection, FromJson as _},
    json::Json,
    keys::{self, ItemKey, KeySchema},
    path::Path,
    value::{Format, Items, Types},
};

/// The list that an element is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Put,
    Delete,
}

impl List {
    /// The input's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Put => "put",
            Self::Delete => "delete",
        }
    }
}

/// What became of an element.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It is to be written.
    Unprocessed,
    /// It was written or deleted.
    Done,
    /// A later element has the same key.
    Superseded,
    /// It cannot be written, for this reason.
    Rejected(Box<str>),
}

/// One put or delete: its place in the event, and what became of it.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) table: usize,
    pub(super) list: List,
    pub(super) index: usize,
    pub(super) state: State,
    /// The attributes of the item or key, until they are sent. `None` if they are to be read again.
    pub(super) attributes: Option<Attributes>,
}

/// The key schema of a table.
pub(super) struct Schema {
    pub(super) keys: Arc<KeySchema>,
    /// The types of its key attributes.
    pub(super) types: Vec<(String, Types)>,
}

impl Schema {
    fn new(keys: &Arc<KeySchema>) -> Self {
        Self { keys: Arc::clone(keys), types: keys.types() }
    }
}

/// The elements of an event, checked.
pub(super) struct Checked {
    pub(super) elements: Vec<Element>,
    /// For each of the event's tables, its schema.
    pub(super) schemas: Vec<Schema>,
    /// For each of the event's tables, the first one with the same name.
    pub(super) same: Vec<usize>,
    /// Finds the element with a key of a table.
    pub(super) by_key: HashMap<(usize, ItemKey), usize>,
}

/// The most bytes of a reason in `Rejected`.
const LONGEST_REASON: usize = 512;

/// The most bytes of elements whose attributes are kept until they are sent. Attributes take about five times the memory of
/// their JSON. Those of the other elements are read again.
const KEPT: usize = 300_000;

/// Checks all elements.
pub(super) async fn check(
    context: &Context,
    tables: &mut [TableInputs],
    is_list: bool,
    on_invalid: OnInvalid,
    on_duplicate: OnDuplicate,
) -> Result<Checked, Error> {
    let mut checked = Checked { elements: Vec::new(), schemas: Vec::new(), same: Vec::new(), by_key: HashMap::new() };
    for index in 0..tables.len() {
        let same =
            |other: &TableInputs| keys::table_name(&other.table_name) == keys::table_name(&tables[index].table_name);
        checked.same.push(tables.iter().position(same).unwrap_or(index));
        let table = &mut tables[index];
        let table_name = table.table_name.clone();
        let list = Path::Input("requests");
        let place = list.element(index);
        let inside = |error: Error| if is_list { error.within(place) } else { error };
        let look_up = || keys::schema(&context.calls, &context.schemas, &table_name);
        let mut known = look_up().await.map_err(with_remedy)?;
        let mut elements = check_table(table, index, context.input_format, &known.schema, on_invalid);
        // The table may have another key than the one that was remembered.
        if known.is_remembered
            && has_invalid(&elements)
            && keys::has_changed(&context.calls, &context.schemas, &table_name).await
        {
            known = look_up().await?;
            elements = check_table(table, index, context.input_format, &known.schema, on_invalid);
        }
        let elements = elements.map_err(inside)?;
        checked.schemas.push(Schema::new(&known.schema));
        add(&mut checked, elements, on_duplicate, is_list)?;
    }
    Ok(checked)
}

/// Adds a table's elements. Finds those whose key an earlier element has.
fn add(
    checked: &mut Checked,
    elements: Vec<(Element, Option<ItemKey>)>,
    on_duplicate: OnDuplicate,
    is_list: bool,
) -> Result<(), Error> {
    for (element, key) in elements {
        let at = checked.elements.len();
        if let Some(key) = key
            && let Some(earlier) = checked.by_key.insert((checked.same[element.table], key), at)
        {
            match on_duplicate {
                OnDuplicate::Fail => {
                    let place = |element: &Element| {
                        let request = if is_list { format!("requests[{}].", element.table) } else { String::new() };
                        format!("{request}{}[{}]", element.list.name(), element.index)
                    };
                    return Err(Error::input(
                        &Path::Input(&place(&element)),
                        format_args!(
                            "the same key as `{}`; give each key once, or give `onDuplicate` `lastWins`",
                            place(&checked.elements[earlier])
                        ),
                    ));
                }
                OnDuplicate::LastWins => {
                    checked.elements[earlier].state = State::Superseded;
                    checked.elements[earlier].attributes = None;
                }
            }
        }
        checked.elements.push(element);
    }
    Ok(())
}

/// Whether something is invalid that may be valid by another schema.
fn has_invalid(result: &Result<Vec<(Element, Option<ItemKey>)>, Error>) -> bool {
    match result {
        Err(_) => true,
        Ok(elements) => elements.iter().any(|(element, _)| matches!(element.state, State::Rejected(_))),
    }
}

/// Checks the elements of one table. Those that are not rejected have a key.
fn check_table(
    TableInputs { put, delete, types, .. }: &mut TableInputs,
    table: usize,
    format: Format,
    schema: &KeySchema,
    on_invalid: OnInvalid,
) -> Result<Vec<(Element, Option<ItemKey>)>, Error> {
    let key_types = schema.types();
    let items = items(types, format, &key_types)?;
    let count = put.as_ref().map_or(0, Vec::len) + delete.as_ref().map_or(0, Vec::len);
    let mut elements = Vec::with_capacity(count);
    let mut kept = 0;
    for (list, sources) in [(List::Put, put), (List::Delete, delete)] {
        for (index, source) in sources.iter_mut().flatten().enumerate() {
            let json = source.take()?;
            let result = match list {
                List::Put => read_put(&items, schema, json, index),
                List::Delete => read_delete(types, format, schema, json, index),
            };
            let (state, key, attributes) = match (result, on_invalid) {
                (Ok((key, attributes)), _) => {
                    kept += source.text().len();
                    (State::Unprocessed, Some(key), Some(attributes).filter(|_| kept <= KEPT))
                }
                (Err(error), OnInvalid::Skip) => {
                    let message = error.to_string();
                    let end = message.floor_char_boundary(LONGEST_REASON);
                    (State::Rejected(message[..end].into()), None, None)
                }
                (Err(error), OnInvalid::Fail) => return Err(error),
            };
            elements.push((Element { table, list, index, state, attributes }, key));
        }
    }
    // A rejected item was not read to its end, so only the others tell which attributes there are.
    let any_is_read =
        elements.iter().any(|(element, _)| element.list == List::Put && element.state == State::Unprocessed);
    if any_is_read && types.unused_types.unwrap_or(UnusedTypes::Fail) == UnusedTypes::Fail {
        items.check_types(&Path::Input("itemTypes"))?;
    }
    Ok(elements)
}

/// An element as the event gives it.
pub(super) fn source<'t>(tables: &'t [TableInputs], element: &Element) -> Option<&'t Source> {
    let table = &tables[element.table];
    let list = match element.list {
        List::Put => &table.put,
        List::Delete => &table.delete,
    };
    list.as_ref()?.get(element.index)
}

/// Reads the items of a table by its types.
fn items<'t>(types: &'t TypeInputs, format: Format, key_types: &'t [(String, Types)]) -> Result<Items<'t>, Error> {
    // A typed value says itself what it is.
    let key_types = if format == Format::Plain { key_types } else { &[] };
    let items = Items::new(format, types.item_types.as_ref(), key_types, &Path::Input("itemTypes"))?;
    Ok(match types.empty_values {
        Some(EmptyValues::Omit) => items.without_empty_text(),
        Some(EmptyValues::Keep) | None => items,
    })
}

/// The attributes of an item or a key.
type Attributes = Vec<(String, AttributeValue)>;

/// Reads an element once more, because its attributes were sent and did not take effect.
pub(super) fn read_again(
    tables: &mut [TableInputs],
    element: &Element,
    Schema { keys, types: key_types }: &Schema,
    format: Format,
) -> Result<Attributes, Error> {
    let TableInputs { put, delete, types, .. } = &mut tables[element.table];
    let list = match element.list {
        List::Put => put,
        List::Delete => delete,
    };
    let source = list.as_mut().and_then(|list| list.get_mut(element.index));
    let json = source.ok_or_else(|| Error::Internal("an element of no list".to_owned()))?.take()?;
    let (_, attributes) = match element.list {
        List::Put => read_put(&items(types, format, key_types)?, keys, json, element.index)?,
        List::Delete => read_delete(types, format, keys, json, element.index)?,
    };
    Ok(attributes)
}

/// Reads an item to write.
fn read_put(items: &Items<'_>, schema: &KeySchema, json: Json, index: usize) -> Result<(ItemKey, Attributes), Error> {
    let list = Path::Input("put");
    let path = list.element(index);
    let item = items.read(Collection::from_json(json, &path)?, &path)?;
    let key = schema.check_item(&item, &path).map_err(|error| match (error, encoding_remark(&item)) {
        (Error::InvalidInput(invalid), Some(remark)) => Error::InvalidInput(invalid.with(remark)),
        (error, _) => error,
    })?;
    Ok((key, item))
}

/// Reads the key of an item to delete.
fn read_delete(
    types: &TypeInputs,
    format: Format,
    schema: &KeySchema,
    json: Json,
    index: usize,
) -> Result<(ItemKey, Attributes), Error> {
    let list = Path::Input("delete");
    let path = list.element(index);
    let key = schema.read_key(json, types.key_types.as_ref(), format, &path)?;
    Ok((schema.check_key(&key, &path)?, key))
}

/// What names of attributes tell about the file that they come from, if its first line was read in the wrong encoding.
fn encoding_remark(item: &[(String, AttributeValue)]) -> Option<&'static str> {
    let any = |is_odd: fn(&str) -> bool| item.iter().any(|(name, _)| is_odd(name));
    if any(|name| name.contains('\0')) {
        Some("the names of the attributes have zero bytes, as text in UTF-16 has; save the file as UTF-8")
    } else if any(|name| name.starts_with('\u{feff}')) {
        Some("the name of an attribute starts with a byte order mark; save the file as UTF-8 without one")
    } else {
        None
    }
}

fn with_remedy(error: Error) -> Error {
    match error {
        Error::Service(mut refusal) if refusal.code == code::ACCESS_DENIED => {
            refusal.message.push_str("; the table's key is needed to check the items before they are written");
            Error::Service(refusal)
        }
        other => other,
    }
}
