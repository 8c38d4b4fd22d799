//! The events and the answers of DynamoDB: a customer, and pages of 1 MB in three shapes.

use std::fmt::Write as _;

use crate::servers::page_key;

/// The event of a `getItem` for every contender.
pub(crate) const GET_ITEM: &str = r#"{"tableName":"Customers","key":{"customerId":"C-1"},"outputFormat":"plain"}"#;

/// The event of a `createItem`.
pub(crate) const CREATE_ITEM: &str = r#"{"tableName":"Customers","item":{"customerId":"C-1","name":"Ann Andersen","email":"ann@example.com","age":33,"balance":1203.55,"active":true,"address":{"street":"Storgata 1","city":"Bergen","zip":"0150"},"tags":["new","vip"],"notes":null,"createdAt":"2026-11-22T12:00:00.000Z"}}"#;

/// The event of a `queryItems`.
pub(crate) const QUERY_ITEMS: &str = r#"{"tableName":"Orders","keyConditionExpression":"customerId = :c","expressionAttributeValues":{":c":"C-1"},"outputFormat":"plain"}"#;

/// What DynamoDB answers to [`CREATE_ITEM`].
pub(crate) const PUT_ITEM_BODY: &str = r#"{"ConsumedCapacity":{"CapacityUnits":1.0,"TableName":"Customers"}}"#;

/// What DynamoDB answers to [`GET_ITEM`].
pub(crate) fn get_item_body() -> String {
    let item = r#"{"customerId":{"S":"C-1"},"name":{"S":"Ann Andersen"},"email":{"S":"ann@example.com"},"age":{"N":"33"},"balance":{"N":"1203.55"},"active":{"BOOL":true},"address":{"M":{"street":{"S":"Storgata 1"},"city":{"S":"Bergen"},"zip":{"S":"0150"}}},"tags":{"L":[{"S":"new"},{"S":"vip"}]},"notes":{"NULL":true},"createdAt":{"S":"2026-11-22T12:00:00.000Z"}}"#;
    format!(r#"{{"ConsumedCapacity":{{"CapacityUnits":0.5,"TableName":"Customers"}},"Item":{item}}}"#)
}

/// What DynamoDB answers to a `DescribeTable` of that table.
pub(crate) const DESCRIBE_TABLE_BODY: &str = r#"{"Table":{"AttributeDefinitions":[{"AttributeName":"customerId","AttributeType":"S"}],"TableName":"Customers","KeySchema":[{"AttributeName":"customerId","KeyType":"HASH"}],"TableStatus":"ACTIVE","CreationDateTime":1.7E9,"ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":5,"WriteCapacityUnits":5},"TableSizeBytes":0,"ItemCount":0,"TableArn":"arn:aws:dynamodb:us-east-1:123456789012:table/Customers","TableId":"7a1a24f0-7d2c-4d0b-9d53-0f2b7ad7ff5c"}}"#;

/// The largest page of DynamoDB, in bytes as DynamoDB counts them.
pub(crate) const PAGE: usize = 1024 * 1024;

/// The shape of the items of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Thousands of small orders.
    Small,
    /// A few items with 1,500 attributes each.
    Wide,
    /// Items with maps in 12 levels.
    Deep,
}

impl Shape {
    pub(crate) const ALL: [Self; 3] = [Self::Small, Self::Wide, Self::Deep];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Small => "many small items",
            Self::Wide => "few wide items",
            Self::Deep => "deep items",
        }
    }

    /// An item in DynamoDB's JSON, and its size in bytes as DynamoDB counts them.
    fn item(self, number: usize) -> (String, usize) {
        let mut item = Item::default();
        item.text("customerId", "C-1");
        item.number("page", number);
        match self {
            Self::Small => {
                item.text("orderId", &format!("2026-11-22-{number:08}"));
                item.text("status", ["OPEN", "PAID", "SHIPPED"][number % 3]);
                item.text("description", "Two pairs of \"walking\" shoes, size 42");
                item.number("amount", number * 37 % 100_000);
                item.number("items", number % 7 + 1);
                item.flag("gift", number.is_multiple_of(5));
                item.text("createdAt", "2026-11-22T12:00:00.000Z");
                item.text("currency", "NOK");
            }
            Self::Wide => {
                for at in 0..1_500 {
                    match at % 4 {
                        0 => item.number(&format!("measurement{at:04}"), at * 7919),
                        1 => item.flag(&format!("measurement{at:04}"), at % 3 == 0),
                        _ => item.text(
                            &format!("measurement{at:04}"),
                            &"The quick brown fox jumps over the lazy dog. ".repeat(9),
                        ),
                    }
                }
            }
            Self::Deep => {
                for branch in 0..20 {
                    item.nested(&format!("branch{branch:02}"), 12, number + branch);
                }
            }
        }
        (format!("{{{}}}", item.json.trim_end_matches(',')), item.size)
    }
}

/// An item under construction.
#[derive(Default)]
struct Item {
    json: String,
    size: usize,
}

impl Item {
    fn text(&mut self, name: &str, text: &str) {
        self.size += name.len() + text.len();
        self.push(name, &format!(r#"{{"S":{}}}"#, serde_json::Value::from(text)));
    }

    fn number(&mut self, name: &str, number: usize) {
        let digits = number.to_string();
        self.size += name.len() + digits.len().div_ceil(2) + 1;
        self.push(name, &format!(r#"{{"N":"{digits}"}}"#));
    }

    fn flag(&mut self, name: &str, value: bool) {
        self.size += name.len() + 1;
        self.push(name, &format!(r#"{{"BOOL":{value}}}"#));
    }

    /// Adds a map of this many levels. Each level holds a text, a list of two numbers, and the next level.
    fn nested(&mut self, name: &str, levels: usize, number: usize) {
        let (mut before, mut after) = (String::new(), String::new());
        self.size += name.len();
        for level in 0..levels {
            let _ = write!(
                before,
                r#"{{"M":{{"label":{{"S":"level {level} of {number}"}},"range":{{"L":[{{"N":"{level}"}},{{"N":"{number}"}}]}},"inner":"#
            );
            after.push_str("}}");
            // The names, the values, one byte for each value, and three for each map and list.
            self.size += 5 + 5 + 5 + format!("level {level} of {number}").len() + 2 * 2 + 2 * 3 + 5;
        }
        self.size += 1;
        self.push(name, &format!(r#"{before}{{"NULL":true}}{after}"#));
    }

    fn push(&mut self, name: &str, value: &str) {
        let _ = write!(self.json, r#""{name}":{value},"#);
    }
}

/// A page with as many items of this shape as fit into `size` bytes as DynamoDB counts them, and their number. `next` is
/// the number of the next page.
pub(crate) fn page(shape: Shape, size: usize, next: Option<usize>) -> (String, usize) {
    let (mut items, mut count, mut filled) = (String::new(), 0, 0);
    loop {
        let (item, bytes) = shape.item(count);
        if count > 0 && filled + bytes > size {
            break;
        }
        items.push_str(&item);
        items.push(',');
        filled += bytes;
        count += 1;
    }
    (page_of(items.trim_end_matches(','), count, next), count)
}

/// A page with this many small items.
pub(crate) fn page_of_items(count: usize, next: Option<usize>) -> String {
    let items: Vec<String> = (0..count).map(|number| Shape::Small.item(number).0).collect();
    page_of(&items.join(","), count, next)
}

fn page_of(items: &str, count: usize, next: Option<usize>) -> String {
    let key = next.map(|number| format!(r#","LastEvaluatedKey":{}"#, page_key(number))).unwrap_or_default();
    format!(
        r#"{{"ConsumedCapacity":{{"CapacityUnits":128.5,"TableName":"Orders"}},"Count":{count},"Items":[{items}]{key},"ScannedCount":{count}}}"#
    )
}
