//! A common view of the SDK's requests: their operation, their table, their properties and how they are sent.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    config,
    error::ProvideErrorMetadata,
    operation::{
        batch_execute_statement::{BatchExecuteStatementError, builders::BatchExecuteStatementFluentBuilder},
        batch_get_item::{BatchGetItemError, builders::BatchGetItemFluentBuilder},
        batch_write_item::{BatchWriteItemError, builders::BatchWriteItemFluentBuilder},
        create_table::{CreateTableError, builders::CreateTableFluentBuilder},
        delete_item::{DeleteItemError, builders::DeleteItemFluentBuilder},
        delete_table::{DeleteTableError, builders::DeleteTableFluentBuilder},
        describe_continuous_backups::{
            DescribeContinuousBackupsError, builders::DescribeContinuousBackupsFluentBuilder,
        },
        describe_table::{DescribeTableError, builders::DescribeTableFluentBuilder},
        describe_time_to_live::{DescribeTimeToLiveError, builders::DescribeTimeToLiveFluentBuilder},
        execute_statement::{ExecuteStatementError, builders::ExecuteStatementFluentBuilder},
        execute_transaction::{ExecuteTransactionError, builders::ExecuteTransactionFluentBuilder},
        get_item::{GetItemError, builders::GetItemFluentBuilder},
        list_tables::{ListTablesError, builders::ListTablesFluentBuilder},
        list_tags_of_resource::{ListTagsOfResourceError, builders::ListTagsOfResourceFluentBuilder},
        put_item::{PutItemError, builders::PutItemFluentBuilder},
        query::{QueryError, builders::QueryFluentBuilder},
        scan::{ScanError, builders::ScanFluentBuilder},
        tag_resource::{TagResourceError, builders::TagResourceFluentBuilder},
        transact_get_items::{TransactGetItemsError, builders::TransactGetItemsFluentBuilder},
        transact_write_items::{TransactWriteItemsError, builders::TransactWriteItemsFluentBuilder},
        untag_resource::{UntagResourceError, builders::UntagResourceFluentBuilder},
        update_continuous_backups::{UpdateContinuousBackupsError, builders::UpdateContinuousBackupsFluentBuilder},
        update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
        update_table::{UpdateTableError, builders::UpdateTableFluentBuilder},
        update_time_to_live::{UpdateTimeToLiveError, builders::UpdateTimeToLiveFluentBuilder},
    },
    types::{BatchStatementRequest, ParameterizedStatement, ReturnValue},
};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};

use super::operation::{Operation, Traits};

/// The SDK's result of a request. It holds no answer, because the response capture takes the answer.
pub type Sent<E> = Result<(), SdkError<E, HttpResponse>>;

/// A request of the SDK.
pub trait Request: Clone + Send {
    /// The operation of the request.
    const OPERATION: Operation;

    /// The SDK's type for the service's errors.
    type Refused: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static;

    /// The table that the request names.
    fn table(&self) -> Option<&str>;

    /// The properties that decide whether the request can be repeated.
    fn traits(&self) -> Traits<'_>;

    /// Sends the request with its own configuration.
    fn send(self, config: config::Builder) -> impl Future<Output = Sent<Self::Refused>> + Send;
}

/// An update. `only_replaces` says whether its expression only sets and removes attributes, independently of old
/// values.
#[derive(Debug, Clone)]
pub struct Update {
    /// The SDK's request.
    pub request: UpdateItemFluentBuilder,
    /// Whether each change sets or removes an attribute, independently of the old value.
    pub only_replaces: bool,
}

/// A request that does not name its only table as a member of its own.
#[derive(Debug, Clone)]
pub struct OnTable<R> {
    /// The SDK's request.
    pub request: R,
    /// The table. `None` if there are several.
    pub table: Option<String>,
}

impl<R: Request> Request for OnTable<R> {
    const OPERATION: Operation = R::OPERATION;

    type Refused = R::Refused;

    fn table(&self) -> Option<&str> {
        self.table.as_deref()
    }

    fn traits(&self) -> Traits<'_> {
        self.request.traits()
    }

    fn send(self, config: config::Builder) -> impl Future<Output = Sent<Self::Refused>> + Send {
        self.request.send(config)
    }
}

/// Implements [`Request`] for a request of the SDK: its operation, builder, error, table and properties.
macro_rules! request {
    ($operation:ident, $builder:ty, $refused:ty, |$of_table:ident| $table:expr, |$of_traits:ident| $traits:expr, |$sent:ident| $inner:expr) => {
        impl Request for $builder {
            const OPERATION: Operation = Operation::$operation;

            type Refused = $refused;

            fn table(&self) -> Option<&str> {
                let $of_table = self;
                $table
            }

            fn traits(&self) -> Traits<'_> {
                let $of_traits = self;
                $traits
            }

            async fn send(self, config: config::Builder) -> Sent<Self::Refused> {
                let $sent = self;
                $inner.customize().config_override(config).send().await.map(drop)
            }
        }
    };
    ($operation:ident, $builder:ty, $refused:ty, |$request:ident| $traits:expr) => {
        request!(
            $operation,
            $builder,
            $refused,
            |request| request.get_table_name().as_deref(),
            |$request| $traits,
            |request| request
        );
    };
}

request!(CreateTable, CreateTableFluentBuilder, CreateTableError, |_request| Traits::default());
request!(DeleteTable, DeleteTableFluentBuilder, DeleteTableError, |_request| Traits::default());
request!(
    DescribeContinuousBackups,
    DescribeContinuousBackupsFluentBuilder,
    DescribeContinuousBackupsError,
    |_request| Traits::default()
);
request!(DescribeTable, DescribeTableFluentBuilder, DescribeTableError, |_request| Traits::default());
request!(DescribeTimeToLive, DescribeTimeToLiveFluentBuilder, DescribeTimeToLiveError, |_request| Traits::default());
request!(GetItem, GetItemFluentBuilder, GetItemError, |_request| Traits::default());
request!(Query, QueryFluentBuilder, QueryError, |_request| Traits::default());
request!(Scan, ScanFluentBuilder, ScanError, |_request| Traits::default());
request!(
    BatchGetItem,
    BatchGetItemFluentBuilder,
    BatchGetItemError,
    |request| only_key(request.get_request_items().as_ref()),
    |_request| Traits::default(),
    |request| request
);
request!(
    BatchWriteItem,
    BatchWriteItemFluentBuilder,
    BatchWriteItemError,
    |request| only_key(request.get_request_items().as_ref()),
    |_request| Traits::default(),
    |request| request
);
request!(
    ListTables,
    ListTablesFluentBuilder,
    ListTablesError,
    |_request| None,
    |_request| Traits::default(),
    |request| request
);
request!(PutItem, PutItemFluentBuilder, PutItemError, |request| Traits {
    has_condition: request.get_condition_expression().is_some(),
    returns_old: returns_old(request.get_return_values().as_ref()),
    ..Traits::default()
});
request!(DeleteItem, DeleteItemFluentBuilder, DeleteItemError, |request| Traits {
    has_condition: request.get_condition_expression().is_some(),
    returns_old: returns_old(request.get_return_values().as_ref()),
    ..Traits::default()
});
request!(
    UpdateItem,
    Update,
    UpdateItemError,
    |update| update.request.get_table_name().as_deref(),
    |update| Traits {
        has_condition: update.request.get_condition_expression().is_some(),
        returns_old: returns_old(update.request.get_return_values().as_ref()),
        only_replaces: update.only_replaces,
        ..Traits::default()
    },
    |update| update.request
);
request!(
    ExecuteStatement,
    ExecuteStatementFluentBuilder,
    ExecuteStatementError,
    |_request| None,
    |request| Traits { statement: request.get_statement().as_deref(), ..Traits::default() },
    |request| request
);
request!(
    BatchExecuteStatement,
    BatchExecuteStatementFluentBuilder,
    BatchExecuteStatementError,
    |_request| None,
    |request| Traits {
        statement: request.get_statements().iter().flatten().next().map(BatchStatementRequest::statement),
        ..Traits::default()
    },
    |request| request
);
request!(
    ExecuteTransaction,
    ExecuteTransactionFluentBuilder,
    ExecuteTransactionError,
    |_request| None,
    |request| Traits {
        statement: request.get_transact_statements().iter().flatten().next().map(ParameterizedStatement::statement),
        has_token: request.get_client_request_token().is_some(),
        ..Traits::default()
    },
    |request| request
);
request!(
    TransactGetItems,
    TransactGetItemsFluentBuilder,
    TransactGetItemsError,
    |_request| None,
    |_request| Traits::default(),
    |request| request
);
request!(
    TransactWriteItems,
    TransactWriteItemsFluentBuilder,
    TransactWriteItemsError,
    |_request| None,
    |request| Traits { has_token: request.get_client_request_token().is_some(), ..Traits::default() },
    |request| request
);

request!(UpdateContinuousBackups, UpdateContinuousBackupsFluentBuilder, UpdateContinuousBackupsError, |_request| {
    Traits::default()
});
request!(UpdateTable, UpdateTableFluentBuilder, UpdateTableError, |_request| Traits::default());
request!(UpdateTimeToLive, UpdateTimeToLiveFluentBuilder, UpdateTimeToLiveError, |_request| Traits::default());
request!(
    ListTagsOfResource,
    ListTagsOfResourceFluentBuilder,
    ListTagsOfResourceError,
    |request| request.get_resource_arn().as_deref().map(table_of_arn),
    |_request| Traits::default(),
    |request| request
);
request!(
    TagResource,
    TagResourceFluentBuilder,
    TagResourceError,
    |request| request.get_resource_arn().as_deref().map(table_of_arn),
    |_request| Traits::default(),
    |request| request
);
request!(
    UntagResource,
    UntagResourceFluentBuilder,
    UntagResourceError,
    |request| request.get_resource_arn().as_deref().map(table_of_arn),
    |_request| Traits::default(),
    |request| request
);

/// The name of the table, if there is only one.
fn only_key<T>(tables: Option<&HashMap<String, T>>) -> Option<&str> {
    let mut names = tables?.keys();
    names.next().filter(|_| names.next().is_none()).map(String::as_str)
}

/// The table's name at the end of its ARN.
fn table_of_arn(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

fn returns_old(returned: Option<&ReturnValue>) -> bool {
    matches!(returned, Some(ReturnValue::AllOld | ReturnValue::UpdatedOld))
}
