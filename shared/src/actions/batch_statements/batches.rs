//! Which statements go into one call. DynamoDB takes up to 25 statements, which are all reads or all writes.

use std::ops::Range;

use aws_sdk_dynamodb::types::BatchStatementRequest;

use crate::dynamodb::operation::is_select;

/// The most statements of a call:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html>.
const MOST: usize = 25;

/// Neighbouring statements that are all reads or all writes.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) is_read: bool,
    /// The positions of each call's statements.
    pub(super) calls: Vec<Range<usize>>,
}

/// The runs of reads and of writes, in the order of the statements.
pub(super) fn runs(statements: &[BatchStatementRequest]) -> Vec<Run> {
    let mut start = 0;
    statements
        .chunk_by(|one, next| is_select(one.statement()) == is_select(next.statement()))
        .map(|run| {
            let end = start + run.len();
            let calls = (start..end).step_by(MOST).map(|first| first..(first + MOST).min(end)).collect();
            start = end;
            Run { is_read: run.first().is_some_and(|statement| is_select(statement.statement())), calls }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_are_apart_and_in_order() {
        let statements: Vec<BatchStatementRequest> = ["SELECT"; 30]
            .iter()
            .chain(&["UPDATE"; 2])
            .chain(&["select"])
            .map(|verb| BatchStatementRequest::builder().statement(format!("{verb} x")).build().unwrap())
            .collect();
        let runs_of = |statements: &[BatchStatementRequest]| -> Vec<(bool, Vec<(usize, usize)>)> {
            let bounds = |call: Range<usize>| (call.start, call.end);
            let runs = runs(statements).into_iter();
            runs.map(|Run { is_read, calls }| (is_read, calls.into_iter().map(bounds).collect())).collect()
        };
        assert_eq!(
            runs_of(&statements),
            [(true, vec![(0, 25), (25, 30)]), (false, vec![(30, 32)]), (true, vec![(32, 33)])]
        );
        assert_eq!(runs_of(&[]), []);
    }
}
