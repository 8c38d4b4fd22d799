//! `queryParameters`: members of the `Query` request under the API's own names, which win over the inputs.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};

use super::query_items::RequestInputs;
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
    /// Which attributes a query returns.
    pub(super) enum SelectWord {
        AllAttributes = "ALL_ATTRIBUTES",
        AllProjectedAttributes = "ALL_PROJECTED_ATTRIBUTES",
        SpecificAttributes = "SPECIFIC_ATTRIBUTES",
        Count = "COUNT",
    }
}

words! {
    /// How finely consumed capacity is told.
    pub(super) enum CapacityWord {
        Indexes = "INDEXES",
        Total = "TOTAL",
        None = "NONE",
    }
}

inputs! {
    /// Every member that `Query` has.
    pub(super) struct QueryParameters {
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

/// What does not fit into [`RequestInputs`].
pub(super) struct Merged {
    pub(super) capacity: Option<ReturnConsumedCapacity>,
    pub(super) placeholders: Placeholders<AttributeValue>,
}

impl QueryParameters {
    /// Lays the members over the inputs. Names and values are merged one by one; values are typed, as the API has
    /// them.
    pub(super) fn merge_into(
        self,
        table_name: &mut String,
        request: &mut RequestInputs,
        format: Format,
    ) -> Result<Merged, Error> {
        self.refuse_legacy()?;
        if let Some(name) = self.table_name {
            *table_name = name;
        }
        lay(self.index_name, &mut request.index_name);
        lay(self.select, &mut request.select);
        lay(self.limit, &mut request.limit);
        lay(self.consistent_read, &mut request.consistent_read);
        lay(self.scan_index_forward, &mut request.scan_index_forward);
        lay(self.exclusive_start_key, &mut request.exclusive_start_key);
        lay(self.projection_expression, &mut request.projection_expression);
        lay(self.filter_expression, &mut request.filter_expression);
        lay(self.key_condition_expression, &mut request.key_condition_expression);

        let given =
            std::mem::replace(&mut request.placeholders, PlaceholderInputs { names: None, values: None, types: None });
        let (mut names, mut values) = given.into_names_and_values(format)?;
        let Collection(more) = self.names.unwrap_or_default();
        check_placeholder_count("queryParameters.ExpressionAttributeNames", more.len())?;
        for (name, Verbatim(attribute)) in more {
            put(&mut names, name, attribute);
        }
        let path = Path::Input("queryParameters.ExpressionAttributeValues");
        let Collection(more) = self.values.unwrap_or_default();
        check_placeholder_count("queryParameters.ExpressionAttributeValues", more.len())?;
        for (name, json) in more {
            let value = value::always_typed(json, Origin::QueryParameters, &path.member(&name))?;
            put(&mut values, name, value);
        }
        Ok(Merged {
            capacity: self.return_consumed_capacity.map(|word| ReturnConsumedCapacity::from(word.as_str())),
            placeholders: Placeholders::new(names, values)?,
        })
    }

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

/// Replaces what lies under, where there is anything over it.
fn lay<T>(over: Option<T>, under: &mut Option<T>) {
    if over.is_some() {
        *under = over;
    }
}

/// Puts an entry in the place of the one with its name, or at the end.
fn put<T>(entries: &mut Vec<(String, T)>, name: String, value: T) {
    match entries.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) => *known = value,
        None => entries.push((name, value)),
    }
}
