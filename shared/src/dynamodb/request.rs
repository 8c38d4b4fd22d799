//! A common view of the SDK's requests: their operation, their table, their properties and how they are sent.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    config,
    error::ProvideErrorMetadata,
    operation::{
        batch_get_item::{BatchGetItemError, builders::BatchGetItemFluentBuilder},
        batch_write_item::{BatchWriteItemError, builders::BatchWriteItemFluentBuilder},
        create_table::{CreateTableError, builders::CreateTableFluentBuilder},
        delete_item::{DeleteItemError, builders::DeleteItemFluentBuilder},
        delete_table::{DeleteTableError, builders::DeleteTableFluentBuilder},
        describe_table::{DescribeTableError, builders::DescribeTableFluentBuilder},
        execute_statement::{ExecuteStatementError, builders::ExecuteStatementFluentBuilder},
        get_item::{GetItemError, builders::GetItemFluentBuilder},
        list_tables::{ListTablesError, builders::ListTablesFluentBuilder},
        put_item::{PutItemError, builders::PutItemFluentBuilder},
        query::{QueryError, builders::QueryFluentBuilder},
        scan::{ScanError, builders::ScanFluentBuilder},
        transact_write_items::{TransactWriteItemsError, builders::TransactWriteItemsFluentBuilder},
        update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    },
    types::ReturnValue,
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
request!(DescribeTable, DescribeTableFluentBuilder, DescribeTableError, |_request| Traits::default());
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
    TransactWriteItems,
    TransactWriteItemsFluentBuilder,
    TransactWriteItemsError,
    |_request| None,
    |request| Traits { has_token: request.get_client_request_token().is_some(), ..Traits::default() },
    |request| request
);

/// The name of the table, if there is only one.
fn only_key<T>(tables: Option<&HashMap<String, T>>) -> Option<&str> {
    let mut names = tables?.keys();
    names.next().filter(|_| names.next().is_none()).map(String::as_str)
}

fn returns_old(returned: Option<&ReturnValue>) -> bool {
    matches!(returned, Some(ReturnValue::AllOld | ReturnValue::UpdatedOld))
}
