/// An action or a data source of the component: its key, our function, the labels and keys of its inputs.
pub(crate) struct Form {
    pub(crate) action: &'static str,
    pub(crate) function: &'static str,
    pub(crate) inputs: &'static [(&'static str, &'static str)],
}

/// The inputs that several actions have.
pub(crate) const COMMON: &[(&str, &str)] = &[
    ("Connection", "awsConnection"),
    ("AWS Region", "awsRegion"),
    ("Table Name", "tableName"),
    // Until 2025-12-16; older flows still send it.
    ("Debug", "debug"),
];

/// The fields of its two connections.
pub(crate) const CONNECTIONS: &[(&str, &[&str])] = &[
    ("apiKeySecret", &["Access Key ID", "Secret Access Key"]),
    ("awsAssumeRole", &["Access Key ID", "Secret Access Key", "Role ARN", "External ID"]),
];

const HASH: (&str, &str) = ("Hash / Primary Key Value", "value");
const RANGE: (&str, &str) = ("Range / Sort Key Value", "rangeKeyValue");
const CONDITION: (&str, &str) = ("Condition Expression", "conditionExpression");
const VALUES: (&str, &str) = ("Expression Attribute Values", "expressionAttributeValues");
const TYPES: (&str, &str) = ("Expression Attribute Value Types", "expressionAttributeValueTypes");
const PARAMETERS: (&str, &str) = ("Query Parameters", "queryParameters");

/// Every action and data source, with the inputs that it has besides the common ones.
pub(crate) const FORMS: &[Form] = &[
    Form {
        action: "createTable",
        function: "create-table",
        inputs: &[
            ("Attribute Definition", "attributeDefinition"),
            ("Billing Mode", "billingMode"),
            ("Key Schema", "keySchema"),
            ("Read Capacity Units", "readCapacityUnits"),
            ("Write Capacity Units", "writeCapacityUnits"),
        ],
    },
    Form { action: "describeTable", function: "describe-table", inputs: &[] },
    Form { action: "deleteTable", function: "delete-table", inputs: &[] },
    Form { action: "listTables", function: "list-tables", inputs: &[("Fetch All", "fetchAll")] },
    Form {
        action: "createItem",
        function: "create-item",
        inputs: &[CONDITION, VALUES, TYPES, ("Value", "item"), ("Value Types", "itemTypes")],
    },
    Form { action: "getItem", function: "get-item", inputs: &[HASH, RANGE] },
    Form {
        action: "updateItem",
        function: "update-item",
        inputs: &[
            HASH,
            RANGE,
            CONDITION,
            ("Update Expression", "query"),
            ("Expression Attribute Values", "queryParams"),
            ("Expression Attribute Value Types", "queryParamTypes"),
        ],
    },
    Form { action: "deleteItem", function: "delete-item", inputs: &[HASH, RANGE, CONDITION, VALUES, TYPES] },
    Form {
        action: "queryItems",
        function: "query-items",
        inputs: &[
            VALUES,
            TYPES,
            ("Filter Expression", "filterExpression"),
            ("Key Condition Expression", "keyConditionExpression"),
            PARAMETERS,
        ],
    },
    Form {
        action: "rawRequest",
        function: "raw-request",
        inputs: &[("Parameters", "parameters"), PARAMETERS, ("Statement", "statement")],
    },
    Form { action: "selectRegion", function: "select-region", inputs: &[] },
    Form { action: "selectTable", function: "select-table", inputs: &[] },
];
