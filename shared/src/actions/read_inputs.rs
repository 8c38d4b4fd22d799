//! The inputs that `queryItems` and `scanItems` share. `queryParameters` holds members of the API's request under the
//! API's names. They win over the inputs.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, Select};

use super::consumption::{self, CapacityWord, ReadConsumption};
use crate::{
    dynamodb::Start,
    error::Error,
    expression::{Kind, PlaceholderInputs, Placeholders, Sent, check_placeholder_count},
    input::{Collection, Count, Verbatim},
    inputs,
    json::Json,
    path::Path,
    value::{self, Format, Origin},
    words,
};

words! {
    /// The attributes that a read returns.
    pub(super) enum SelectWord {
        AllAttributes = "ALL_ATTRIBUTES",
        AllProjectedAttributes = "ALL_PROJECTED_ATTRIBUTES",
        SpecificAttributes = "SPECIFIC_ATTRIBUTES",
        Count = "COUNT",
    }
}

inputs! {
    /// The inputs that make the request.
    pub(super) struct ReadInputs {
        /// The condition on the items to return. DynamoDB evaluates it after it has read the items.
        filter_expression: Option<String> = ["filterExpression"] { example: "status = :s" },
        /// The attributes to return. If it is left out, the answer holds all attributes.
        projection_expression: Option<String> = ["projectionExpression"],
        placeholders: PlaceholderInputs = group,
        /// The index to read. If it is left out, the table itself is read.
        index_name: Option<String> = ["indexName"],
        /// The most items that DynamoDB evaluates for a page.
        limit: Option<Count> = ["limit"],
        /// Whether the read is strongly consistent. Without it, the read may miss the latest writes and costs half.
        consistent_read: Option<bool> = ["consistentRead"] { default: false },
        /// The attributes to return, or `COUNT` for the number of items only.
        select: Option<SelectWord> = ["select"],
        /// The `LastEvaluatedKey` of the previous page, unchanged. It is always typed.
        exclusive_start_key: Option<Collection<Json>> = ["exclusiveStartKey"],
        consumption: ReadConsumption = group,
    }
}

inputs! {
    /// The members that the `Query` and the `Scan` request share.
    pub(super) struct ReadMembers {
        table_name: Option<String> = ["TableName"],
        index_name: Option<String> = ["IndexName"],
        select: Option<SelectWord> = ["Select"],
        limit: Option<Count> = ["Limit"],
        consistent_read: Option<bool> = ["ConsistentRead"],
        exclusive_start_key: Option<Collection<Json>> = ["ExclusiveStartKey"],
        return_consumed_capacity: Option<CapacityWord> = ["ReturnConsumedCapacity"],
        projection_expression: Option<String> = ["ProjectionExpression"],
        filter_expression: Option<String> = ["FilterExpression"],
        names: Option<Collection<Verbatim>> = ["ExpressionAttributeNames"],
        values: Option<Collection<Json>> = ["ExpressionAttributeValues"],
        attributes_to_get: Option<Json> = ["AttributesToGet"],
        conditional_operator: Option<Json> = ["ConditionalOperator"],
    }
}

/// What the inputs and the members of the request ask for together.
pub(super) struct ReadRequest {
    pub(super) table_name: String,
    pub(super) index_name: Option<String>,
    pub(super) limit: Option<usize>,
    pub(super) consistent_read: Option<bool>,
    pub(super) select: Option<Select>,
    pub(super) start: Option<Start>,
    pub(super) capacity: ReturnConsumedCapacity,
    pub(super) placeholders: Placeholders<AttributeValue>,
    filter_expression: Option<String>,
    projection_expression: Option<String>,
}

/// The expressions of the request, with placeholders for reserved words.
pub(super) struct Expressions {
    pub(super) filter: Option<String>,
    pub(super) projection: Option<String>,
    pub(super) sent: Sent<AttributeValue>,
}

impl ReadInputs {
    /// Merges the members into the inputs. Names and values are merged one by one. As in the API, the values of the
    /// members are typed.
    pub(super) fn merge(
        self,
        table_name: String,
        members: Option<ReadMembers>,
        format: Format,
    ) -> Result<ReadRequest, Error> {
        let (mut names, mut values) = self.placeholders.into_names_and_values(format)?;
        let mut read = ReadRequest {
            table_name,
            index_name: self.index_name,
            limit: self.limit.map(Count::to_usize),
            consistent_read: self.consistent_read,
            select: self.select.map(|word| Select::from(word.as_str())),
            start: None,
            capacity: self.consumption.capacity(),
            placeholders: Placeholders::new(Vec::new(), Vec::new())?,
            filter_expression: self.filter_expression,
            projection_expression: self.projection_expression,
        };
        let mut start = self.exclusive_start_key;
        if let Some(members) = members {
            refuse_legacy(&[
                (&members.attributes_to_get, "AttributesToGet", "ProjectionExpression"),
                (&members.conditional_operator, "ConditionalOperator", "FilterExpression"),
            ])?;
            let Collection(more) = members.names.unwrap_or_default();
            check_placeholder_count("queryParameters.ExpressionAttributeNames", more.len())?;
            for (name, Verbatim(attribute)) in more {
                put(&mut names, name, attribute);
            }
            let path = Path::Input("queryParameters");
            let path = path.member("ExpressionAttributeValues");
            let Collection(more) = members.values.unwrap_or_default();
            check_placeholder_count("queryParameters.ExpressionAttributeValues", more.len())?;
            for (name, json) in more {
                let value = value::always_typed(json, Origin::QueryParameters, &path.member(&name))?;
                put(&mut values, name, value);
            }
            read.table_name = members.table_name.unwrap_or(read.table_name);
            read.index_name = members.index_name.or(read.index_name);
            read.limit = members.limit.map(Count::to_usize).or(read.limit);
            read.consistent_read = members.consistent_read.or(read.consistent_read);
            read.select = members.select.map(|word| Select::from(word.as_str())).or(read.select);
            if let word @ Some(_) = members.return_consumed_capacity {
                read.capacity = consumption::of_word(word);
            }
            read.filter_expression = members.filter_expression.or(read.filter_expression);
            read.projection_expression = members.projection_expression.or(read.projection_expression);
            start = members.exclusive_start_key.or(start);
        }
        read.start = start.map(Start::after_given).transpose()?;
        read.placeholders = Placeholders::new(names, values)?;
        Ok(read)
    }
}

impl ReadRequest {
    /// Whether a page may hold fewer items than were evaluated.
    pub(super) fn is_filtered(&self) -> bool {
        self.filter_expression.is_some()
    }

    /// Rewrites the expressions. Takes the placeholders, so it comes after all other expressions.
    pub(super) fn expressions(&mut self) -> Result<Expressions, Error> {
        let mut placeholders = std::mem::replace(&mut self.placeholders, Placeholders::new(Vec::new(), Vec::new())?);
        let filter = self.filter_expression.as_deref();
        let filter = placeholders.rewrite_if_given("filterExpression", Kind::Filter, filter)?;
        let projection = self.projection_expression.as_deref();
        let projection = placeholders.rewrite_if_given("projectionExpression", Kind::Projection, projection)?;
        Ok(Expressions { filter, projection, sent: placeholders.finish()? })
    }
}

/// Refuses members of `queryParameters` that cannot go with expressions. Each has its name and its successor.
pub(super) fn refuse_legacy(legacy: &[(&Option<Json>, &str, &str)]) -> Result<(), Error> {
    match legacy.iter().find(|(given, ..)| given.is_some()) {
        None => Ok(()),
        Some((_, name, successor)) => Err(Error::input(
            &Path::Input("queryParameters").member(name),
            format_args!("a legacy parameter, which cannot go with expressions; use `{successor}`"),
        )),
    }
}

/// Replaces the entry with this name, or appends it.
fn put<T>(entries: &mut Vec<(String, T)>, name: String, value: T) {
    match entries.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known = value,
        None => entries.push((name, value)),
    }
}
