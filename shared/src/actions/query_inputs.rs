//! The inputs of `queryItems` that make the `Query` request. `queryParameters` holds members of that request under the
//! API's names. They win over the inputs.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};

use super::{
    consumption::{self, CapacityWord, ReadConsumption},
    request_members::RequestMembers,
};
use crate::{
    error::Error,
    expression::{PlaceholderInputs, Placeholders, check_placeholder_count},
    input::{Collection, Count, Verbatim},
    inputs,
    json::Json,
    path::Path,
    value::{self, Format, Origin},
    words,
};

words! {
    /// The attributes that a query returns.
    pub(super) enum SelectWord {
        AllAttributes = "ALL_ATTRIBUTES",
        AllProjectedAttributes = "ALL_PROJECTED_ATTRIBUTES",
        SpecificAttributes = "SPECIFIC_ATTRIBUTES",
        Count = "COUNT",
    }
}

inputs! {
    /// The inputs that make the request.
    pub(super) struct RequestInputs {
        /// The condition on the key: the hash key's value and, optionally, a range of the range key.
        pub(super) key_condition_expression: Option<String> = ["keyConditionExpression"] {
            alternatives: ["queryParameters"], example: "customerId = :c AND orderId > :o"
        },
        /// The condition on the items to return. DynamoDB evaluates it after it has read the items.
        pub(super) filter_expression: Option<String> = ["filterExpression"] { example: "status = :s" },
        /// The attributes to return. If it is left out, the answer holds all attributes.
        pub(super) projection_expression: Option<String> = ["projectionExpression"],
        pub(super) placeholders: PlaceholderInputs = group,
        /// The index to query. If it is left out, the query reads the table itself.
        pub(super) index_name: Option<String> = ["indexName"],
        /// The most items that DynamoDB evaluates for a page.
        pub(super) limit: Option<Count> = ["limit"],
        /// Whether the items come in ascending order of their range keys.
        pub(super) scan_index_forward: Option<bool> = ["scanIndexForward"] { default: true },
        /// Whether the read is strongly consistent. Without it, the read may miss the latest writes and costs half.
        pub(super) consistent_read: Option<bool> = ["consistentRead"] { default: false },
        /// The attributes to return, or `COUNT` for the number of items only.
        pub(super) select: Option<SelectWord> = ["select"],
        /// The `LastEvaluatedKey` of the previous page, unchanged. It is always typed.
        pub(super) exclusive_start_key: Option<Collection<Json>> = ["exclusiveStartKey"],
        pub(super) consumption: ReadConsumption = group,
    }
}

inputs! {
    /// All members of the `Query` request.
    pub(super) struct QueryMembers {
        table_name: Option<String> = ["TableName"],
        index_name: Option<String> = ["IndexName"],
        select: Option<SelectWord> = ["Select"],
        limit: Option<Count> = ["Limit"],
        consistent_read: Option<bool> = ["ConsistentRead"],
        scan_index_forward: Option<bool> = ["ScanIndexForward"],
        exclusive_start_key: Option<Collection<Json>> = ["ExclusiveStartKey"],
        return_consumed_capacity: Option<CapacityWord> = ["ReturnConsumedCapacity"],
        projection_expression: Option<String> = ["ProjectionExpression"],
        filter_expression: Option<String> = ["FilterExpression"],
        key_condition_expression: Option<String> = ["KeyConditionExpression"],
        names: Option<Collection<Verbatim>> = ["ExpressionAttributeNames"],
        values: Option<Collection<Json>> = ["ExpressionAttributeValues"],
        attributes_to_get: Option<Json> = ["AttributesToGet"],
        key_conditions: Option<Json> = ["KeyConditions"],
        query_filter: Option<Json> = ["QueryFilter"],
        conditional_operator: Option<Json> = ["ConditionalOperator"],
    }
}

/// Members of the `Query` request.
pub(super) type QueryParameters = RequestMembers<QueryMembers>;

/// The query that the inputs and the members of the request make together.
pub(super) struct Merged {
    pub(super) table_name: String,
    pub(super) request: RequestInputs,
    pub(super) capacity: ReturnConsumedCapacity,
    pub(super) placeholders: Placeholders<AttributeValue>,
}

impl RequestInputs {
    /// The query of the inputs alone.
    pub(super) fn unmerged(mut self, table_name: String, format: Format) -> Result<Merged, Error> {
        let placeholders = std::mem::take(&mut self.placeholders).into_placeholders(format)?;
        Ok(Merged { table_name, capacity: self.consumption.capacity(), request: self, placeholders })
    }
}

impl QueryParameters {
    /// Merges the members into the inputs. Names and values are merged one by one. As in the API, the values of the
    /// members are typed.
    pub(super) fn merge(self, table_name: String, mut request: RequestInputs, format: Format) -> Result<Merged, Error> {
        let RequestMembers(members) = self;
        members.refuse_legacy()?;
        let (mut names, mut values) = std::mem::take(&mut request.placeholders).into_names_and_values(format)?;
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
        let capacity = match members.return_consumed_capacity {
            None => request.consumption.capacity(),
            word => consumption::of_word(word),
        };
        let request = RequestInputs {
            key_condition_expression: members.key_condition_expression.or(request.key_condition_expression),
            filter_expression: members.filter_expression.or(request.filter_expression),
            projection_expression: members.projection_expression.or(request.projection_expression),
            index_name: members.index_name.or(request.index_name),
            limit: members.limit.or(request.limit),
            scan_index_forward: members.scan_index_forward.or(request.scan_index_forward),
            consistent_read: members.consistent_read.or(request.consistent_read),
            select: members.select.or(request.select),
            exclusive_start_key: members.exclusive_start_key.or(request.exclusive_start_key),
            ..request
        };
        let table_name = members.table_name.unwrap_or(table_name);
        Ok(Merged { table_name, request, capacity, placeholders: Placeholders::new(names, values)? })
    }
}

impl QueryMembers {
    fn refuse_legacy(&self) -> Result<(), Error> {
        let legacy = [
            (&self.attributes_to_get, "AttributesToGet", "ProjectionExpression"),
            (&self.key_conditions, "KeyConditions", "KeyConditionExpression"),
            (&self.query_filter, "QueryFilter", "FilterExpression"),
            (&self.conditional_operator, "ConditionalOperator", "FilterExpression"),
        ];
        match legacy.into_iter().find(|(given, ..)| given.is_some()) {
            None => Ok(()),
            Some((_, name, successor)) => Err(Error::input(
                &Path::Input("queryParameters").member(name),
                format_args!("a legacy parameter, which cannot go with expressions; use `{successor}`"),
            )),
        }
    }
}

/// Replaces the entry with this name, or appends it.
fn put<T>(entries: &mut Vec<(String, T)>, name: String, value: T) {
    match entries.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known = value,
        None => entries.push((name, value)),
    }
}
