//! `plainRecords`: writes records of DynamoDB Streams as plain JSON. It makes no calls.
//!
//! | sent by | the event | the answer |
//! |---|---|---|
//! | Amazon EventBridge Pipes, as enrichment | a list of records | a list, which goes to the target |
//! | Lambda's event source mapping | `{"Records": […]}` | the same list, which Lambda ignores |
//! | AWS Step Functions and others | either of them, or either as the input `records` | the same list |
//!
//! A record's plain record has the same place in the list. One record that cannot be read fails the whole event, so that
//! the sender sends it again and nothing is lost.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html>,
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/pipes-enrichment.html>

use super::{
    context::UnusedInputs,
    definition::{AnswerShape, Definition, EventType},
};
use crate::{
    answer::{Answer, records},
    error::Error,
    input::{FromJson, Shape},
    inputs,
    json::{Json, without_mark},
    path::Path,
};

/// The catalog's entry for `plainRecords`.
pub const DEFINITION: Definition = Definition {
    name: "plain-records",
    action: "plainRecords",
    label: "Plain Records",
    summary: "Writes records of DynamoDB Streams as plain JSON",
    operations: &[],
    event: EventType::of::<Input>().or_list("Records"),
    output_format: None,
    answer: AnswerShape::Records,
};

inputs! {
    #[expect(dead_code, reason = "the inputs that every form sends are ignored")]
    /// The inputs of `plainRecords`.
    pub struct Input {
        /// The records, as DynamoDB Streams wrote them: a list, or Lambda's event with such a list.
        records: Records = ["records", "Records"] {
            example: [{
                "eventID": "1",
                "eventName": "REMOVE",
                "eventSource": "aws:dynamodb",
                "eventSourceARN": "arn:aws:dynamodb:eu-west-1:123456789012:table/Orders/stream/2026-11-26T00:00:00.000",
                "dynamodb": {"Keys": {"orderId": {"N": "1001"}}, "SequenceNumber": "111"},
            }],
        },
        unused: UnusedInputs = group,
    }
}

/// The JSON of the records, and the name of the input that they came in.
#[derive(Debug)]
pub struct Records {
    text: String,
    input: String,
}

/// The records stay text: a batch of 6 MB has more values than an event may have as [`Json`].
impl FromJson for Records {
    const READS_TEXT: bool = true;

    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        match json {
            Json::String(text) => Ok(Self { text: without_mark(&text).trim().to_owned(), input: path.to_string() }),
            other => Err(Error::invalid(path, &other, "a list of records of DynamoDB Streams")),
        }
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::List(Box::new(Shape::Document)), Shape::Document])
    }
}

/// Runs the action.
///
/// # Errors
/// Returns [`Error::InvalidInput`] with the path of the part that is not as DynamoDB Streams writes it:
/// `Records[3].dynamodb.NewImage.age`.
pub fn run(input: Input) -> Result<Answer, Error> {
    let Records { text, input: name } = input.records;
    records::plain(&text, &Path::Input(&name))
}
