//! The actions. Each file holds what one action does, its inputs, its request and its answer.
//!
//! | action | API | file |
//! |---|---|---|
//! | `createTable` | `CreateTable` | [`create_table`] |
//! | `describeTable` | `DescribeTable` | [`describe_table`] |
//! | `deleteTable` | `DeleteTable` | [`delete_table`] |
//! | `listTables` | `ListTables` | [`list_tables`] |
//! | `updateTable` | `UpdateTable` and others | [`update_table`] |
//! | `createItem` | `PutItem` | [`create_item`] |
//! | `getItem` | `GetItem` | [`get_item`] |
//! | `updateItem` | `UpdateItem` | [`update_item`] |
//! | `deleteItem` | `DeleteItem` | [`delete_item`] |
//! | `batchGetItems` | `BatchGetItem` | [`batch_get_items`] |
//! | `batchWriteItems` | `BatchWriteItem` | [`batch_write_items`] |
//! | `queryItems` | `Query` | [`query_items`] |
//! | `scanItems` | `Scan` | [`scan_items`] |
//! | `rawRequest` | `ExecuteStatement` | [`raw_request`] |
//! | `transactWriteItems` | `TransactWriteItems` | [`transact_write_items`] |
//! | `transactGetItems` | `TransactGetItems` | [`transact_get_items`] |
//! | `batchStatements` | `BatchExecuteStatement`, `ExecuteTransaction` | [`batch_statements`] |
//! | `plainRecords` | none | [`plain_records`] |
//! | `testConnection` | STS `GetCallerIdentity` | [`test_connection`] |
//!
//! [`context`] holds what every action works with. [`definition`] holds what the catalog says about a function.
//! `condition`, `consumption`, `page_inputs`, `read_inputs`, `request_members`, `safe_write` and `statement` are inputs
//! that several actions share. `scan_token` is the token of a scan. `several_tables` is for the batches. `transaction` limits transactions, `cancellation`
//! explains their refusal, and `indexes` names their parts. `table_settings` describes tables, `descriptions` asks what
//! they are. `waiting` waits for them.

pub mod batch_get_items;
pub mod batch_statements;
pub mod batch_write_items;
mod cancellation;
mod condition;
mod consumption;
pub mod context;
pub mod create_item;
pub mod create_table;
pub mod definition;
pub mod delete_item;
pub mod delete_table;
pub mod describe_table;
mod descriptions;
pub mod get_item;
mod indexes;
pub mod list_tables;
mod page_inputs;
pub mod plain_records;
pub mod query_items;
pub mod raw_request;
mod read_inputs;
mod request_members;
mod safe_write;
pub mod scan_items;
mod scan_token;
mod several_tables;
mod statement;
mod table_settings;
pub mod test_connection;
pub mod transact_get_items;
pub mod transact_write_items;
mod transaction;
pub mod update_item;
pub mod update_table;
mod waiting;

pub use context::{Context, Event, Limits};
pub use definition::Definition;
