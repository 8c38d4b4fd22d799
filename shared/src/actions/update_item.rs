//! `updateItem`: changes one item by its key, or creates it.
//!
//! The change is an update expression, or the simple form of it: `set`, `remove`, `add`, `deleteFromSet`, `append`.
//!
//! API: [`UpdateItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html), and
//! `DescribeTable` the first time that a table's key is needed.

use std::sync::Arc;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};

use super::{
    Context, Event,
    condition::{self, Condition},
    consumption::WriteConsumption,
    definition::{AnswerShape, CONSUMED_CAPACITY, Definition, EventType, ITEM_COLLECTION_METRICS, Member, MemberKind},
};
use crate::{
    answer::Answer,
    dynamodb::{Operation, Update},
    error::Error,
    expression::{Kind, PlaceholderInputs, Placeholders, SimpleUpdate},
    input::{Collection, Verbatim},
    inputs,
    json::Json,
    keys::{self, KeyInputs},
    path::Path,
    value::{self, Code, Format, Types, Values},
    words,
};

/// The function.
pub const DEFINITION: Definition = Definition {
    name: "update-item",
    action: "updateItem",
    label: "Update Item",
    summary: "Changes one item by its key, or creates it",
    operations: &[Operation::DescribeTable, Operation::UpdateItem],
    event: EventType::of::<Event<Input>>(),
    output_format: Some(Format::Typed),
    answer: AnswerShape::Data(&[
        Member::optional("Attributes", MemberKind::Item),
        CONSUMED_CAPACITY,
        ITEM_COLLECTION_METRICS,
    ]),
};

inputs! {
    /// What `updateItem` takes.
    pub struct Input {
        key: KeyInputs = group,
        change: ChangeInputs = group,
    }
}

inputs! {
    /// What is to change, what must hold, and what comes back.
    struct ChangeInputs {
        /// The change, as an update expression. The simple form needs none.
        update_expression: Option<String> = ["updateExpression", "query"] { example: "SET address.city = :c" },
        simple: SimpleInputs = group,
        condition: Condition = group,
        /// The attribute names that placeholders in the expressions stand for: placeholder (`#n`) → attribute name.
        names: Option<Collection<Verbatim>> = ["expressionAttributeNames"] { example: {"#n": "name"} },
        /// The values that placeholders in the expressions stand for: placeholder (`:v`) → value.
        values: Option<Collection<Json>> = ["expressionAttributeValues", "queryParams"] { example: {":c": "Bergen"} },
        /// The types of these values: placeholder (`:v`) → type.
        types: Option<Collection<Types>> = ["expressionAttributeValueTypes", "queryParamTypes"],
        /// What comes back: nothing, or the item or the changed attributes, as they were before or are after.
        return_values: Option<Returned> = ["returnValues"] { default: "ALL_NEW" },
        consumption: WriteConsumption = group,
    }
}

inputs! {
    /// The simple form: paths may have dots and `[n]`, and any attribute name is fine.
    struct SimpleInputs {
        /// Path → new value.
        set: Option<Collection<Json>> = ["set"] { example: {"address.city": "Bergen"} },
        /// Path → type.
        set_types: Option<Collection<Types>> = ["setTypes"],
        /// The paths to remove.
        remove: Option<Vec<Verbatim>> = ["remove"] { example: ["oldName"] },
        /// Path → what to add: a number, or the elements of a set.
        add: Option<Collection<Json>> = ["add"] { example: {"age": 1} },
        /// Path → the elements to take out of the set there.
        delete_from_set: Option<Collection<Json>> = ["deleteFromSet"],
        /// Path → the values to append to the list there.
        append: Option<Collection<Json>> = ["append"],
    }
}

words! {
    /// What `updateItem` can return.
    enum Returned {
        None = "NONE",
        AllOld = "ALL_OLD",
        UpdatedOld = "UPDATED_OLD",
        AllNew = "ALL_NEW",
        UpdatedNew = "UPDATED_NEW",
    }
}

/// Runs the action.
///
/// # Errors
/// [`Error::InvalidInput`], and what DynamoDB refused.
pub async fn run(context: Arc<Context>, input: Input) -> Result<Answer, Error> {
    let format = context.output_format(Format::Typed);
    let Input { key, change } = input;
    let update = request(&context, &key.table_name, change)?;
    let reply = keys::send(&context.calls, &context.schemas, &key, context.input_format, |key| {
        let Update { request, only_replaces } = update.clone();
        Update { request: request.set_key(Some(key)), only_replaces }
    })
    .await
    .map_err(|error| condition::with_item(error, format))?;
    Answer::data(&reply, format)
}

fn request(context: &Context, table: &str, input: ChangeInputs) -> Result<Update, Error> {
    let format = context.input_format;
    let given = PlaceholderInputs { names: input.names, values: input.values, types: input.types };
    let mut placeholders = given.into_placeholders(format)?;
    let only_replaces = input.update_expression.is_none() && input.simple.only_replaces();
    let update = match input.update_expression {
        Some(_) if !input.simple.is_left_out() => {
            return Err(Error::input(
                &Path::Input("updateExpression"),
                "give either `updateExpression` or the simple form (set, remove, add, deleteFromSet, append)",
            ));
        }
        Some(text) => placeholders.rewrite("updateExpression", Kind::Update, &text)?,
        None => input.simple.into_expression(format, &mut placeholders)?,
    };
    let condition = input.condition.rewrite(&mut placeholders)?;
    let sent = placeholders.finish()?;
    let request = context
        .dynamodb()
        .update_item()
        .table_name(table)
        .update_expression(update)
        .set_condition_expression(condition)
        .set_expression_attribute_names(sent.names)
        .set_expression_attribute_values(sent.values)
        .return_values(ReturnValue::from(input.return_values.unwrap_or(Returned::AllNew).as_str()))
        .set_return_values_on_condition_check_failure(input.condition.on_failure())
        .return_consumed_capacity(input.consumption.capacity())
        .set_return_item_collection_metrics(input.consumption.metrics());
    Ok(Update { request, only_replaces })
}

impl SimpleInputs {
    /// Whether each change sets or removes an attribute, whatever was there before. An element of a list is another one each time:
    /// removing it moves the others up, and setting one past the end appends.
    fn only_replaces(&self) -> bool {
        let Self { set, set_types: _, remove, add, delete_from_set, append } = self;
        let set = set.iter().flat_map(|Collection(values)| values.iter().map(|(path, _)| path));
        let remove = remove.iter().flatten().map(|Verbatim(path)| path);
        let is_of_element = |path: &String| path.contains('[');
        add.is_none() && delete_from_set.is_none() && append.is_none() && !set.chain(remove).any(is_of_element)
    }

    fn is_left_out(&self) -> bool {
        let Self { set, set_types, remove, add, delete_from_set, append } = self;
        set.is_none()
            && set_types.is_none()
            && remove.is_none()
            && add.is_none()
            && delete_from_set.is_none()
            && append.is_none()
    }

    fn into_expression(self, format: Format, placeholders: &mut Placeholders<AttributeValue>) -> Result<String, Error> {
        let set = Values { input: "set", values: self.set, types_input: "setTypes", types: self.set_types };
        let update = SimpleUpdate {
            set: set.into_attributes(format)?,
            remove: self.remove.unwrap_or_default().into_iter().map(|Verbatim(path)| path).collect(),
            add: each("add", self.add, |json, path| addend(json, format, path))?,
            delete_from_set: each("deleteFromSet", self.delete_from_set, |json, path| elements(json, format, path))?,
            append: each("append", self.append, |json, path| list(json, format, path))?,
        };
        update.into_expression(placeholders, || AttributeValue::L(Vec::new()))
    }
}

fn each(
    input: &str,
    values: Option<Collection<Json>>,
    read: impl Fn(Json, &Path<'_>) -> Result<AttributeValue, Error>,
) -> Result<Vec<(String, AttributeValue)>, Error> {
    let input = Path::Input(input);
    let Collection(values) = values.unwrap_or_default();
    values
        .into_iter()
        .map(|(name, json)| {
            let value = read(json, &input.member(&name))?;
            Ok((name, value))
        })
        .collect()
}

/// What `ADD` takes: a number, or a set.
fn addend(json: Json, format: Format, path: &Path<'_>) -> Result<AttributeValue, Error> {
    match (&json, format) {
        (Json::Array(_), _) | (_, Format::Typed) => elements(json, format, path),
        (_, Format::Plain) => value::from_plain(json, Some(&Types::Code(Code::N)), path),
    }
}

/// A set; its elements tell which. One element may stand for a set of one.
fn elements(json: Json, format: Format, path: &Path<'_>) -> Result<AttributeValue, Error> {
    if format == Format::Typed {
        return value::value(json, None, format, path);
    }
    let json = match json {
        Json::Array(elements) => Json::Array(elements),
        one => Json::Array(vec![one]),
    };
    let code = match &json {
        Json::Array(elements) => match elements.first() {
            Some(Json::Number(_)) => Code::Ns,
            Some(Json::Object(_)) => Code::Bs,
            _ => Code::Ss,
        },
        _ => Code::Ss,
    };
    value::from_plain(json, Some(&Types::Code(code)), path)
}

/// What `list_append` takes.
fn list(json: Json, format: Format, path: &Path<'_>) -> Result<AttributeValue, Error> {
    match value::value(json, Some(&Types::Code(Code::L)), format, path)? {
        list @ AttributeValue::L(_) => Ok(list),
        _ => Err(Error::input(path, "a list of the values to append is expected")),
    }
}
