//! A write with a token is sent as a transaction of one. DynamoDB recognizes a repetition by the token for ten minutes.
//!
//! API:
//! [`TransactWriteItems`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
//! Answers and errors are converted to those of the write alone: its own error code and its own consumed capacity.

use aws_sdk_dynamodb::{
    Client,
    error::BuildError,
    operation::{
        delete_item::builders::DeleteItemFluentBuilder, put_item::builders::PutItemFluentBuilder,
        transact_write_items::builders::TransactWriteItemsFluentBuilder,
    },
    types::{self, ReturnConsumedCapacity, ReturnItemCollectionMetrics, TransactWriteItem},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Reply, Request, Update, request::OnTable};
use crate::error::{CallSite, Error, Refusal, code};

/// A write that can also be sent as a transaction of one.
pub trait Transactional: Request {
    /// The write as an action of a transaction.
    ///
    /// # Errors
    /// Returns the SDK's error for a missing member.
    fn action(&self) -> Result<TransactWriteItem, BuildError>;

    /// The capacity and item collections that the answer should report.
    fn consumption(&self) -> (Option<ReturnConsumedCapacity>, Option<ReturnItemCollectionMetrics>);
}

/// The transaction of this write with this token.
pub(super) fn transaction_of_one(
    dynamodb: &Client,
    write: &impl Transactional,
    token: &str,
) -> Result<OnTable<TransactWriteItemsFluentBuilder>, Error> {
    let action = write.action().map_err(|error| Error::Internal(error.to_string()))?;
    let (capacity, metrics) = write.consumption();
    let request = dynamodb
        .transact_write_items()
        .transact_items(action)
        .client_request_token(token)
        .set_return_consumed_capacity(capacity)
        .set_return_item_collection_metrics(metrics);
    Ok(OnTable { request, table: write.table().map(str::to_owned) })
}

/// Converts the answer of a transaction of one to that of the write alone: lists of one become objects.
pub(super) fn answer_of_one(mut reply: Reply) -> Result<Reply, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Answer<'a> {
        #[serde(borrow)]
        consumed_capacity: Option<Vec<&'a RawValue>>,
        #[serde(borrow)]
        item_collection_metrics: Option<std::collections::HashMap<String, Vec<&'a RawValue>>>,
    }

    let answer: Answer<'_> = serde_json::from_slice(&reply.body).map_err(Error::broken_answer)?;
    let capacity = answer.consumed_capacity.and_then(|list| list.into_iter().next());
    let metrics = answer.item_collection_metrics.and_then(|by_table| by_table.into_values().flatten().next());
    let members: Vec<String> = [("ConsumedCapacity", capacity), ("ItemCollectionMetrics", metrics)]
        .into_iter()
        .filter_map(|(name, value)| Some(format!(r#""{name}":{}"#, value?.get())))
        .collect();
    reply.body = format!("{{{}}}", members.join(",")).into_bytes();
    Ok(reply)
}

/// Why a part of a transaction was refused.
#[derive(Debug)]
pub struct Reason<'a> {
    /// The index of the part.
    pub index: usize,
    /// DynamoDB's code: `ConditionalCheckFailed`.
    pub code: String,
    /// DynamoDB's message.
    pub message: Option<String>,
    /// The item that made a condition fail, in DynamoDB's JSON.
    pub item: Option<&'a RawValue>,
}

/// The reasons in the body of a refused transaction. A part that was not refused has none. Empty if the body does not have
/// DynamoDB's form.
#[must_use]
pub fn cancellation_reasons(body: &[u8]) -> Vec<Reason<'_>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Body<'a> {
        #[serde(borrow)]
        cancellation_reasons: Vec<Part<'a>>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Part<'a> {
        code: Option<String>,
        message: Option<String>,
        #[serde(borrow)]
        item: Option<&'a RawValue>,
    }

    let Ok(Body { cancellation_reasons }) = serde_json::from_slice(body) else { return Vec::new() };
    let parts = cancellation_reasons.into_iter().enumerate();
    parts
        .filter_map(|(index, Part { code, message, item })| {
            let code = code.filter(|code| code != "None")?;
            Some(Reason { index, code, message, item })
        })
        .collect()
}

/// Converts the refusal of a transaction of one to that of the write alone: the code, message and item of its only
/// reason.
pub(super) fn refusal_of_one(error: Error, site: &CallSite) -> Error {
    let Error::Service(refusal) = error else { return error };
    if refusal.code != code::TRANSACTION_CANCELED {
        return Error::Service(refusal);
    }
    let Some(Reason { code, message, item, .. }) = cancellation_reasons(&refusal.body).into_iter().next() else {
        return Error::Service(refusal);
    };
    let body = item.map(|item| format!(r#"{{"Item":{}}}"#, item.get()).into_bytes()).unwrap_or_default();
    Error::Service(Box::new(Refusal {
        code: code_of_reason(&code),
        message: message.unwrap_or_else(|| refusal.message.clone()),
        call: site.clone(),
        body,
        ..*refusal
    }))
}

/// The error code with which DynamoDB would refuse the write alone
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors>).
fn code_of_reason(reason: &str) -> String {
    match reason {
        "ValidationError" => "ValidationException".to_owned(),
        "ThrottlingError" => "ThrottlingException".to_owned(),
        reason => format!("{reason}Exception"),
    }
}

impl Transactional for PutItemFluentBuilder {
    fn action(&self) -> Result<TransactWriteItem, BuildError> {
        let put = types::Put::builder()
            .set_table_name(self.get_table_name().clone())
            .set_item(self.get_item().clone())
            .set_condition_expression(self.get_condition_expression().clone())
            .set_expression_attribute_names(self.get_expression_attribute_names().clone())
            .set_expression_attribute_values(self.get_expression_attribute_values().clone())
            .set_return_values_on_condition_check_failure(self.get_return_values_on_condition_check_failure().clone());
        Ok(TransactWriteItem::builder().put(put.build()?).build())
    }

    fn consumption(&self) -> (Option<ReturnConsumedCapacity>, Option<ReturnItemCollectionMetrics>) {
        (self.get_return_consumed_capacity().clone(), self.get_return_item_collection_metrics().clone())
    }
}

impl Transactional for DeleteItemFluentBuilder {
    fn action(&self) -> Result<TransactWriteItem, BuildError> {
        let delete = types::Delete::builder()
            .set_table_name(self.get_table_name().clone())
            .set_key(self.get_key().clone())
            .set_condition_expression(self.get_condition_expression().clone())
            .set_expression_attribute_names(self.get_expression_attribute_names().clone())
            .set_expression_attribute_values(self.get_expression_attribute_values().clone())
            .set_return_values_on_condition_check_failure(self.get_return_values_on_condition_check_failure().clone());
        Ok(TransactWriteItem::builder().delete(delete.build()?).build())
    }

    fn consumption(&self) -> (Option<ReturnConsumedCapacity>, Option<ReturnItemCollectionMetrics>) {
        (self.get_return_consumed_capacity().clone(), self.get_return_item_collection_metrics().clone())
    }
}

/// The check of a condition, as an action of a transaction. `delete` has the key and the condition.
///
/// # Errors
/// Returns the SDK's error for a missing member, such as the condition.
pub fn condition_check(delete: &DeleteItemFluentBuilder) -> Result<TransactWriteItem, BuildError> {
    let check = types::ConditionCheck::builder()
        .set_table_name(delete.get_table_name().clone())
        .set_key(delete.get_key().clone())
        .set_condition_expression(delete.get_condition_expression().clone())
        .set_expression_attribute_names(delete.get_expression_attribute_names().clone())
        .set_expression_attribute_values(delete.get_expression_attribute_values().clone())
        .set_return_values_on_condition_check_failure(delete.get_return_values_on_condition_check_failure().clone());
    Ok(TransactWriteItem::builder().condition_check(check.build()?).build())
}

impl Transactional for Update {
    fn action(&self) -> Result<TransactWriteItem, BuildError> {
        let request = &self.request;
        let key = request.get_key().clone();
        let names = request.get_expression_attribute_names().clone();
        let values = request.get_expression_attribute_values().clone();
        let on_failure = request.get_return_values_on_condition_check_failure().clone();
        let update = types::Update::builder()
            .set_table_name(request.get_table_name().clone())
            .set_key(key)
            .set_update_expression(request.get_update_expression().clone())
            .set_condition_expression(request.get_condition_expression().clone())
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values)
            .set_return_values_on_condition_check_failure(on_failure);
        Ok(TransactWriteItem::builder().update(update.build()?).build())
    }

    fn consumption(&self) -> (Option<ReturnConsumedCapacity>, Option<ReturnItemCollectionMetrics>) {
        (self.request.get_return_consumed_capacity().clone(), self.request.get_return_item_collection_metrics().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> CallSite {
        CallSite { service: "DynamoDB", operation: "TransactWriteItems", table: None, region: "us-east-1".into() }
    }

    fn canceled(body: &str) -> Error {
        Error::Service(Box::new(Refusal {
            code: "TransactionCanceledException".into(),
            message: "canceled".into(),
            call: site(),
            request_id: Some("ID".into()),
            body: body.into(),
            item: None,
        }))
    }

    #[test]
    fn a_refusal_becomes_that_of_the_write_alone() {
        for (reason, code) in [
            ("ConditionalCheckFailed", "ConditionalCheckFailedException"),
            ("ValidationError", "ValidationException"),
            ("ThrottlingError", "ThrottlingException"),
            ("ProvisionedThroughputExceeded", "ProvisionedThroughputExceededException"),
            ("TransactionConflict", "TransactionConflictException"),
            ("ItemCollectionSizeLimitExceeded", "ItemCollectionSizeLimitExceededException"),
        ] {
            let body = format!(
                r#"{{"CancellationReasons":[{{"Code":"{reason}","Message":"why","Item":{{"a":{{"S":"x"}}}}}}]}}"#
            );
            let Error::Service(refusal) = refusal_of_one(canceled(&body), &site()) else { panic!("{reason}") };
            assert_eq!((refusal.code.as_str(), refusal.message.as_str()), (code, "why"));
            assert_eq!(refusal.request_id.as_deref(), Some("ID"));
            assert_eq!(refusal.body, br#"{"Item":{"a":{"S":"x"}}}"#);
        }
    }

    #[test]
    fn a_refusal_without_a_reason_stays_unchanged() {
        for body in ["", "{}", r#"{"CancellationReasons":[]}"#, r#"{"CancellationReasons":[{"Code":"None"}]}"#] {
            assert_eq!(refusal_of_one(canceled(body), &site()).error_type(), "TransactionCanceledException");
        }
    }

    #[test]
    fn an_answer_becomes_that_of_the_write_alone() {
        let answer = |body: &str| {
            let reply = Reply { body: body.into(), ..Reply::default() };
            answer_of_one(reply).map(|reply| String::from_utf8(reply.body).unwrap())
        };
        assert_eq!(answer("{}").unwrap(), "{}");
        assert_eq!(
            answer(
                r#"{"ConsumedCapacity":[{"TableName":"T","CapacityUnits":2.0}],"ItemCollectionMetrics":{"T":[{"X":1}]}}"#
            )
            .unwrap(),
            r#"{"ConsumedCapacity":{"TableName":"T","CapacityUnits":2.0},"ItemCollectionMetrics":{"X":1}}"#
        );
        assert!(answer("[").is_err());
    }
}
