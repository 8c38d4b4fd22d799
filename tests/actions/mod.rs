//! The actions, one file each, as in `shared/src/actions`.

mod condition;
mod create_item;
mod create_table;
mod delete_item;
mod delete_table;
mod describe_table;
mod get_item;
mod list_tables;
mod query_items;
mod raw_request;
mod test_connection;
mod update_item;
