//! `updateItem`: changes one item by its key, or creates it.
//!
//! The change is an update expression, or the simple form of it: `set`, `remove`, `add`, `deleteFromSet`, `append`.
//!
//! API: [`UpdateItem`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html), and
//! `DescribeTable` the first time that a table's key is needed.

use std::sync::Arc;

use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{AttributeValue, ReturnConsumedCapacity, ReturnValue},
};

use super::condition::{self, Condition};
use crate::{
    answer::Answer,
    call::Call,
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
        update_expression: Option<String> = ["updateExpression", "query"],
        simple: SimpleInputs = group,
        condition: Condition = group,
        names: Option<Collection<Verbatim>> = ["expressionAttributeNames"],
        values: Option<Collection<Json>> = ["expressionAttributeValues", "queryParams"],
        types: Option<Collection<Types>> = ["expressionAttributeValueTypes", "queryParamTypes"],
        /// Left out: the item as it is after.
        return_values: Option<Returned> = ["returnValues"],
    }
}

inputs! {
    /// The simple form: paths may have dots and `[n]`, and any attribute name is fine.
    struct SimpleInputs {
        /// Path → new value.
        set: Option<Collection<Json>> = ["set"],
        /// Path → type.
        set_types: Option<Collection<Types>> = ["setTypes"],
        /// Paths.
        remove: Option<Vec<Verbatim>> = ["remove"],
        /// Path → what to add: a number, or the elements of a set.
        add: Option<Collection<Json>> = ["add"],
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
/// What is wrong with the input; what DynamoDB refused.
pub async fn run(call: Arc<Call>, input: Input) -> Result<Answer, Error> {
    let format = call.output_format(Format::Typed);
    let Input { key, change } = input;
    let table = key.table_name.as_str();
    let request = request(&call, table, change)?;
    let reply = keys::with_key(&call, &key, |key| {
        let request = request.clone().set_key(Some(key));
        call.send("UpdateItem", Some(table), |tap| request.customize().config_override(tap).send())
    })
    .await
    .map_err(|error| condition::with_item(error, format))?;
    Answer::data(&reply, format)
}

fn request(call: &Call, table: &str, input: ChangeInputs) -> Result<UpdateItemFluentBuilder, Error> {
    let format = call.input_format;
    let given = PlaceholderInputs { names: input.names, values: input.values, types: input.types };
    let mut placeholders = given.into_placeholders(format)?;
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
    Ok(call
        .dynamodb()
        .update_item()
        .table_name(table)
        .update_expression(update)
        .set_condition_expression(condition)
        .set_expression_attribute_names(sent.names)
        .set_expression_attribute_values(sent.values)
        .return_values(ReturnValue::from(input.return_values.unwrap_or(Returned::AllNew).as_str()))
        .set_return_values_on_condition_check_failure(input.condition.on_failure())
        .return_consumed_capacity(ReturnConsumedCapacity::Total))
}

impl SimpleInputs {
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
