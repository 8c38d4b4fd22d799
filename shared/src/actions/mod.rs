//! The actions, one file each: what it does, its inputs, the request, the answer.
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
//! | `queryItems` | `Query` | [`query_items`] |
//! | `rawRequest` | `ExecuteStatement` | [`raw_request`] |
//! | `testConnection` | STS `GetCallerIdentity` | [`test_connection`] |
//!
//! [`condition`] has what the three writes share: what must hold, and the item that comes back. [`waiting`] waits for a table.

pub mod condition;
pub mod create_item;
pub mod create_table;
pub mod delete_item;
pub mod delete_table;
pub mod describe_table;
pub mod get_item;
pub mod list_tables;
pub mod query_items;
mod query_parameters;
pub mod raw_request;
mod table_settings;
pub mod test_connection;
pub mod update_item;
pub mod waiting;
