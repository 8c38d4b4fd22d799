//! The actions. Each file holds what one action does, its inputs, its request and its answer.
//!
//! | action | API | file |
//! |---|---|---|
//! | `createTable` | `CreateTable` | [`create_table`] |
//! | `describeTable` | `DescribeTable` | [`describe_table`] |
//! | `deleteTable` | `DeleteTable` | [`delete_table`] |
//! | `listTables` | `ListTables` | [`list_tables`] |
//! | `createItem` | `PutItem` | [`create_item`] |
//! | `getItem` | `GetItem` | [`get_item`] |
//! | `updateItem` | `UpdateItem` | [`update_item`] |
//! | `deleteItem` | `DeleteItem` | [`delete_item`] |
//! | `batchGetItems` | `BatchGetItem` | [`batch_get_items`] |
//! | `batchWriteItems` | `BatchWriteItem` | [`batch_write_items`] |
//! | `queryItems` | `Query` | [`query_items`] |
//! | `scanItems` | `Scan` | [`scan_items`] |
//! | `rawRequest` | `ExecuteStatement` | [`raw_request`] |
//! | `testConnection` | STS `GetCallerIdentity` | [`test_connection`] |
//!
//! [`context`] holds what every action works with. [`definition`] holds what the catalog says about a function.
//! `condition`, `consumption`, `page_inputs`, `read_inputs`, `request_members` and `safe_write` are inputs that
//! several actions share. `scan_token` is the token of a scan. `table_settings` describes tables. `waiting` waits for them.

pub mod batch_get_items;
pub mod batch_write_items;
mod condition;
mod consumption;
pub mod context;
pub mod create_item;
pub mod create_table;
pub mod definition;
pub mod delete_item;
pub mod delete_table;
pub mod describe_table;
pub mod get_item;
pub mod list_tables;
mod page_inputs;
pub mod query_items;
pub mod raw_request;
mod read_inputs;
mod request_members;
mod safe_write;
pub mod scan_items;
mod scan_token;
mod table_settings;
pub mod test_connection;
pub mod update_item;
mod waiting;

pub use context::{Context, Event, Limits};
pub use definition::Definition;
