//! `selectTable`: every table of the account in the region.
//!
//! API: [`ListTables`](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html), all pages.

use std::sync::Arc;

use super::{Choice, answer};
use crate::{actions::list_tables, answer::Answer, call::Call, error::Error, inputs};

inputs! {
    /// What `selectTable` takes: a connection and a region.
    pub struct Input {}
}

/// Runs the source.
///
/// # Errors
/// What DynamoDB refused.
pub async fn run(call: Arc<Call>, _input: Input) -> Result<Answer, Error> {
    let (_, names) = list_tables::all(&call, None, None).await?;
    answer(names.table_names.into_iter().map(|name| Choice { label: name.clone(), key: name }).collect())
}
