//! The DynamoDB operations that this component calls, and their properties.

/// An operation of DynamoDB's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html>
    BatchGetItem,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html>
    BatchWriteItem,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html>
    BatchExecuteStatement,
    /// The check of a condition on an item. It is an action of a transaction only, and has a permission of its own:
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ConditionCheck.html>
    ConditionCheckItem,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html>
    CreateTable,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html>
    DeleteItem,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html>
    DeleteTable,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html>
    DescribeContinuousBackups,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html>
    DescribeTable,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html>
    DescribeTimeToLive,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html>
    ExecuteStatement,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html>
    ExecuteTransaction,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html>
    GetItem,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html>
    ListTables,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html>
    ListTagsOfResource,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html>
    PutItem,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html>
    Query,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html>
    Scan,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html>
    TagResource,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html>
    TransactGetItems,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
    TransactWriteItems,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html>
    UntagResource,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html>
    UpdateContinuousBackups,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html>
    UpdateItem,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html>
    UpdateTable,
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html>
    UpdateTimeToLive,
}

/// The effect of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing. It may be sent as often as needed.
    Read,
    /// Changes something. Sending it twice leaves the table and returns the answer as if it were sent once.
    RepeatableWrite,
    /// Changes something. Sent twice, it may take effect twice, or its first effect may make the second fail.
    Write,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
/// The properties of a request that decide whether it can be repeated.
#[derive(Debug, Clone, Copy, Default)]
pub struct Traits<'r> {
    /// The request has a condition, and its own effect can make that condition false.
    pub has_condition: bool,
    /// The request returns the old item, and its own effect replaces that item.
    pub returns_old: bool,
    /// Each change sets or removes an attribute, independently of the old value.
    pub only_replaces: bool,
    /// The request has a token, by which DynamoDB recognizes a repetition for ten minutes.
    pub has_token: bool,
    /// The request's PartiQL statement. Of several statements, which are all reads or all writes, the first.
    pub statement: Option<&'r str>,
}

impl Operation {
    /// The name on the wire: `GetItem`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BatchGetItem => "BatchGetItem",
            Self::BatchWriteItem => "BatchWriteItem",
            Self::BatchExecuteStatement => "BatchExecuteStatement",
            Self::ConditionCheckItem => "ConditionCheckItem",
            Self::CreateTable => "CreateTable",
            Self::DeleteItem => "DeleteItem",
            Self::DeleteTable => "DeleteTable",
            Self::DescribeContinuousBackups => "DescribeContinuousBackups",
            Self::DescribeTable => "DescribeTable",
            Self::DescribeTimeToLive => "DescribeTimeToLive",
            Self::ExecuteStatement => "ExecuteStatement",
            Self::ExecuteTransaction => "ExecuteTransaction",
            Self::GetItem => "GetItem",
            Self::ListTables => "ListTables",
            Self::ListTagsOfResource => "ListTagsOfResource",
            Self::PutItem => "PutItem",
            Self::Query => "Query",
            Self::Scan => "Scan",
            Self::TagResource => "TagResource",
            Self::TransactGetItems => "TransactGetItems",
            Self::TransactWriteItems => "TransactWriteItems",
            Self::UntagResource => "UntagResource",
            Self::UpdateContinuousBackups => "UpdateContinuousBackups",
            Self::UpdateItem => "UpdateItem",
            Self::UpdateTable => "UpdateTable",
            Self::UpdateTimeToLive => "UpdateTimeToLive",
        }
    }

    /// The effect of a request with these properties.
    #[must_use]
    pub fn effect(self, request: Traits<'_>) -> Effect {
        let repeatable = match self {
            Self::BatchGetItem
            | Self::ConditionCheckItem
            | Self::DescribeContinuousBackups
            | Self::DescribeTable
            | Self::DescribeTimeToLive
            | Self::GetItem
            | Self::ListTables
            | Self::ListTagsOfResource
            | Self::Query
            | Self::Scan
            | Self::TransactGetItems => return Effect::Read,
            Self::BatchExecuteStatement | Self::ExecuteStatement | Self::ExecuteTransaction
                if request.statement.is_some_and(is_select) =>
            {
                return Effect::Read;
            }
            // DynamoDB refuses to change a table or its time to live to what it is already.
            Self::BatchExecuteStatement
            | Self::ExecuteStatement
            | Self::CreateTable
            | Self::DeleteTable
            | Self::UpdateTable
            | Self::UpdateTimeToLive => false,
            // A batch has puts and deletes only, without conditions.
            Self::BatchWriteItem | Self::TagResource | Self::UntagResource | Self::UpdateContinuousBackups => true,
            Self::PutItem | Self::DeleteItem => !request.has_condition && !request.returns_old,
            Self::UpdateItem => request.only_replaces && !request.has_condition && !request.returns_old,
            // The SDK gives a transaction a token of its own. It does not count: the caller could not use it again.
            Self::ExecuteTransaction | Self::TransactWriteItems => request.has_token,
        };
        if repeatable { Effect::RepeatableWrite } else { Effect::Write }
    }

    /// Whether a request can only add something. Any other write may replace or delete what is there.
    #[must_use]
    pub const fn only_adds(self) -> bool {
        matches!(self, Self::CreateTable)
    }

    /// The IAM actions that a request can need, each with its kind of resource
    /// (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html>).
    #[must_use]
    pub const fn iam_actions(self) -> &'static [IamAction] {
        match self {
            Self::BatchGetItem => const { &[IamAction::table("BatchGetItem")] },
            Self::BatchWriteItem => const { &[IamAction::table("BatchWriteItem")] },
            Self::BatchExecuteStatement | Self::ExecuteStatement | Self::ExecuteTransaction => PARTIQL,
            Self::ConditionCheckItem => const { &[IamAction::table("ConditionCheckItem")] },
            // `TagResource` is for tags.
            Self::CreateTable => const { &[IamAction::table("CreateTable"), IamAction::table("TagResource")] },
            Self::DeleteItem => const { &[IamAction::table("DeleteItem")] },
            Self::DeleteTable => const { &[IamAction::table("DeleteTable")] },
            Self::DescribeContinuousBackups => const { &[IamAction::table("DescribeContinuousBackups")] },
            Self::DescribeTable => const { &[IamAction::table("DescribeTable")] },
            Self::DescribeTimeToLive => const { &[IamAction::table("DescribeTimeToLive")] },
            Self::GetItem | Self::TransactGetItems => const { &[IamAction::table("GetItem")] },
            Self::ListTables => const { &[IamAction { name: "ListTables", resource: Resource::Any }] },
            Self::ListTagsOfResource => const { &[IamAction::table("ListTagsOfResource")] },
            Self::PutItem => const { &[IamAction::table("PutItem")] },
            Self::Query => const { &[IamAction::index("Query")] },
            Self::Scan => const { &[IamAction::index("Scan")] },
            Self::TagResource => const { &[IamAction::table("TagResource")] },
            // A transaction needs the permissions of its actions.
            Self::TransactWriteItems => &[],
            Self::UntagResource => const { &[IamAction::table("UntagResource")] },
            Self::UpdateContinuousBackups => const { &[IamAction::table("UpdateContinuousBackups")] },
            Self::UpdateItem => const { &[IamAction::table("UpdateItem")] },
            Self::UpdateTable => const { &[IamAction::table("UpdateTable")] },
            Self::UpdateTimeToLive => const { &[IamAction::table("UpdateTimeToLive")] },
        }
    }
}

/// What PartiQL statements can need.
const PARTIQL: &[IamAction] = &[
    IamAction::table("PartiQLDelete"),
    IamAction::table("PartiQLInsert"),
    IamAction::index("PartiQLSelect"),
    IamAction::table("PartiQLUpdate"),
];

/// An action of IAM's service `dynamodb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IamAction {
    /// The action's name without the service: `PutItem`.
    pub name: &'static str,
    /// The kind of resource that the action applies to.
    pub resource: Resource,
}

/// The kind of resource that an IAM action applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// No resource: IAM accepts only `*`.
    Any,
    /// A table.
    Table,
    /// A table or one of its indexes.
    TableOrIndex,
}

impl IamAction {
    const fn table(name: &'static str) -> Self {
        Self { name, resource: Resource::Table }
    }

    const fn index(name: &'static str) -> Self {
        Self { name, resource: Resource::TableOrIndex }
    }
}

/// Whether a PartiQL statement only reads, which means that its first word is `SELECT`
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html>).
#[must_use]
pub fn is_select(statement: &str) -> bool {
    statement
        .trim_start()
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()
        .is_some_and(|word| word.eq_ignore_ascii_case("SELECT"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_select_by_its_first_word() {
        for statement in ["SELECT * FROM T", " \n select a from T", "Select\t* FROM T", "SELECT\"a\" FROM T"] {
            assert!(is_select(statement), "{statement}");
        }
        for statement in ["INSERT INTO T VALUE {'a': 'SELECT'}", "SELECTED", "UPDATE T SET a = 1", "", "'SELECT'"] {
            assert!(!is_select(statement), "{statement}");
        }
    }

    #[test]
    fn a_write_is_repeatable_only_if_twice_is_the_same_as_once() {
        let plain = Traits::default();
        let conditional = Traits { has_condition: true, ..plain };
        let returning = Traits { returns_old: true, ..plain };
        for operation in [Operation::PutItem, Operation::DeleteItem] {
            assert_eq!(operation.effect(plain), Effect::RepeatableWrite);
            assert_eq!(operation.effect(conditional), Effect::Write);
            assert_eq!(operation.effect(returning), Effect::Write);
        }
        let replacing = Traits { only_replaces: true, ..plain };
        assert_eq!(Operation::UpdateItem.effect(plain), Effect::Write);
        assert_eq!(Operation::UpdateItem.effect(replacing), Effect::RepeatableWrite);
        assert_eq!(Operation::UpdateItem.effect(Traits { has_condition: true, ..replacing }), Effect::Write);
        assert_eq!(Operation::UpdateItem.effect(Traits { returns_old: true, ..replacing }), Effect::Write);
        for operation in
            [Operation::CreateTable, Operation::DeleteTable, Operation::UpdateTable, Operation::UpdateTimeToLive]
        {
            assert_eq!(operation.effect(plain), Effect::Write);
        }
        for operation in [Operation::TagResource, Operation::UntagResource, Operation::UpdateContinuousBackups] {
            assert_eq!(operation.effect(plain), Effect::RepeatableWrite);
        }
        assert_eq!(Operation::TransactWriteItems.effect(plain), Effect::Write);
        assert_eq!(Operation::TransactWriteItems.effect(Traits { has_token: true, ..plain }), Effect::RepeatableWrite);
        for operation in [Operation::ExecuteStatement, Operation::BatchExecuteStatement, Operation::ExecuteTransaction]
        {
            let statement = |statement| operation.effect(Traits { statement: Some(statement), ..plain });
            assert_eq!(statement("SELECT * FROM T"), Effect::Read);
            assert_eq!(statement("DELETE FROM T WHERE id = 'a'"), Effect::Write);
        }
        let token = Traits { statement: Some("DELETE FROM T"), has_token: true, ..plain };
        assert_eq!(Operation::ExecuteTransaction.effect(token), Effect::RepeatableWrite);
        assert_eq!(Operation::TransactGetItems.effect(plain), Effect::Read);
    }
}
