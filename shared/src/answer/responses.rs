//! The responses of a batch or transaction: one for each of its parts, in their order.

use super::{
    Answer, Capacities,
    batch::Joined,
    members::json,
    scanner::{Broken, Scanner},
    text_of,
    transcode::attribute_map,
};
use crate::{dynamodb::Reply, error::Error, value::Format};

/// What DynamoDB answers to a batch or transaction.
#[derive(Debug, Default)]
pub struct Responses {
    /// The response to each part, in the order of the parts.
    pub list: Vec<Response>,
    /// The consumed capacity.
    pub capacity: Capacities,
    /// The members that this version does not know, with their JSON text.
    others: Vec<(String, String)>,
}

/// The response to one part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The JSON text: `{"Item": …}` or `{"Error": …}`. Items are in the caller's format.
    pub text: String,
    /// The code of the error, if the part was refused: `ConditionalCheckFailed`.
    pub error_code: Option<String>,
    /// Where the item is in the text.
    item: Option<(usize, usize)>,
}

impl Responses {
    /// Reads the reply to a batch or transaction.
    ///
    /// # Errors
    /// Returns [`Error::ConnectionFailed`] if the reply does not have DynamoDB's form.
    pub fn read(reply: &Reply, format: Format) -> Result<Self, Error> {
        let mut responses = Self::default();
        let mut scanner = Scanner::new(text_of(&reply.body)?);
        scanner
            .object(|scanner, name| {
                match &*name.decode()? {
                    "Responses" => scanner.array(|scanner| {
                        responses.list.push(response(scanner, format)?);
                        Ok(())
                    })?,
                    "ConsumedCapacity" => responses.capacity.add(json(scanner)?),
                    other => responses.others.push((other.to_owned(), scanner.value()?.to_owned())),
                }
                Ok(())
            })
            .and_then(|()| scanner.end())
            .map_err(Error::broken_answer)?;
        Ok(responses)
    }
}

/// Reads one response.
fn response(scanner: &mut Scanner<'_>, format: Format) -> Result<Response, Broken> {
    let mut response = Response { text: String::from("{"), ..Response::default() };
    let text = &mut response.text;
    scanner.object(|scanner, name| {
        if text.len() > 1 {
            text.push(',');
        }
        name.write(text)?;
        text.push(':');
        match &*name.decode()? {
            "Item" => {
                let start = text.len();
                attribute_map(scanner, format, text)?;
                response.item = Some((start, text.len()));
            }
            "Error" => {
                text.push('{');
                let mut is_first = true;
                scanner.object(|scanner, name| {
                    if !std::mem::take(&mut is_first) {
                        text.push(',');
                    }
                    name.write(text)?;
                    text.push(':');
                    match &*name.decode()? {
                        "Item" => attribute_map(scanner, format, text)?,
                        "Code" => {
                            let code = scanner.string()?;
                            code.write(text)?;
                            response.error_code = Some(code.decode()?.into_owned());
                        }
                        _ => text.push_str(scanner.value()?),
                    }
                    Ok(())
                })?;
                // An error without a code is an error.
                response.error_code.get_or_insert_default();
                text.push('}');
            }
            _ => text.push_str(scanner.value()?),
        }
        Ok(())
    })?;
    text.push('}');
    Ok(response)
}

impl Response {
    /// The response to a part that did its work and returns nothing.
    #[must_use]
    pub fn empty() -> Self {
        Self { text: "{}".to_owned(), ..Self::default() }
    }

    /// A refusal that is not DynamoDB's own.
    #[must_use]
    pub fn error(code: &str, message: &str) -> Self {
        let (code_text, message) = (serde_json::Value::from(code), serde_json::Value::from(message));
        Self {
            text: format!(r#"{{"Error":{{"Code":{code_text},"Message":{message}}}}}"#),
            error_code: Some(code.to_owned()),
            item: None,
        }
    }

    /// The item as JSON text.
    #[must_use]
    pub fn item(&self) -> Option<&str> {
        let (start, end) = self.item?;
        self.text.get(start..end)
    }
}

impl Answer {
    /// `{"data": {"$metadata": …, "Items": […], …}}`: the item of each of a transaction's `count` reads, `null` where
    /// there is none.
    ///
    /// # Errors
    /// Returns [`Error::ConnectionFailed`] if the reply does not have DynamoDB's form.
    pub fn items(reply: &Reply, format: Format, count: usize) -> Result<Self, Error> {
        let responses = Responses::read(reply, format)?;
        if responses.list.len() != count {
            let found = responses.list.len();
            return Err(Error::broken_answer(format_args!("{found} responses to {count} reads")));
        }
        let items = responses.list.iter().map(|response| response.item().unwrap_or("null"));
        Ok(Self::of_parts(reply, "Items", items, &responses.capacity, &responses.others))
    }

    /// `{"data": {"$metadata": …, "Responses": […], …}}`: the response to each part. `reply` is the reply to the last
    /// call.
    #[must_use]
    pub fn responses(reply: &Reply, list: &[Response], capacity: &Capacities) -> Self {
        Self::of_parts(reply, "Responses", list.iter().map(|response| response.text.as_str()), capacity, &[])
    }

    fn of_parts<'t>(
        reply: &Reply,
        name: &str,
        parts: impl Iterator<Item = &'t str>,
        capacity: &Capacities,
        others: &[(String, String)],
    ) -> Self {
        let mut joined = Joined::new(reply);
        joined.list(name, parts);
        for (name, value) in others {
            joined.member(name, value);
        }
        joined.finish(capacity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(body: &str) -> Reply {
        Reply { status: 200, body: body.into(), attempts: 1, ..Reply::default() }
    }

    const METADATA: &str = r#""$metadata":{"httpStatusCode":200,"requestId":"","attempts":1,"totalRetryDelay":0}"#;

    #[test]
    fn a_read_without_an_item_is_null() {
        let body = r#"{"ConsumedCapacity":[{"TableName":"T","CapacityUnits":4.0}],"Responses":[{"Item":{"a":{"N":"1"}}},{}],"New":1}"#;
        let answer = Answer::items(&reply(body), Format::Plain, 2).unwrap();
        assert_eq!(
            answer.as_ref(),
            format!(
                r#"{{"data":{{{METADATA},"Items":[{{"a":1}},null],"New":1,"ConsumedCapacity":[{{"TableName":"T","CapacityUnits":4.0}}]}}}}"#
            )
        );
        assert_eq!(answer.consumed_capacity(), Some(4.0));
        assert_eq!(Answer::items(&reply(body), Format::Plain, 3).unwrap_err().error_type(), "ConnectionFailed");
    }

    #[test]
    fn a_response_keeps_every_member_and_has_its_items_in_the_format() {
        let body = r#"{"Responses":[{"TableName":"T","Item":{"a":{"S":"x"}}},{"Error":{"Code":"ConditionalCheckFailed","Message":"m","Item":{"n":{"N":"2"}}},"TableName":"T"},{}]}"#;
        let list = |format| Responses::read(&reply(body), format).unwrap().list;
        let plain = list(Format::Plain);
        assert_eq!(plain[0].text, r#"{"TableName":"T","Item":{"a":"x"}}"#);
        assert_eq!((plain[0].item(), &plain[0].error_code), (Some(r#"{"a":"x"}"#), &None));
        assert_eq!(
            plain[1].text,
            r#"{"Error":{"Code":"ConditionalCheckFailed","Message":"m","Item":{"n":2}},"TableName":"T"}"#
        );
        assert_eq!(plain[1].error_code.as_deref(), Some("ConditionalCheckFailed"));
        assert_eq!(plain[2], Response::empty());
        assert_eq!(list(Format::Typed)[0].text, r#"{"TableName":"T","Item":{"a":{"S":"x"}}}"#);
        assert_eq!(Response::error("A", "b\"").text, r#"{"Error":{"Code":"A","Message":"b\""}}"#);
    }

    #[test]
    fn capacity_adds_up_by_table() {
        let of = |body: &str| Responses::read(&reply(body), Format::Plain).unwrap().capacity;
        let mut sum = of(r#"{"ConsumedCapacity":[{"TableName":"T","CapacityUnits":1.0}]}"#);
        sum.merge(of(
            r#"{"ConsumedCapacity":[{"TableName":"U","CapacityUnits":2.0},{"TableName":"T","CapacityUnits":0.5}]}"#,
        ));
        let answer = Answer::responses(&reply("{}"), &[], &sum);
        assert!(answer.as_ref().ends_with(
            r#""ConsumedCapacity":[{"TableName":"T","CapacityUnits":1.5},{"TableName":"U","CapacityUnits":2.0}]}}"#
        ));
        assert_eq!(answer.consumed_capacity(), Some(3.5));
        assert_eq!(Answer::responses(&reply("{}"), &[], &of("{}")).consumed_capacity(), None);
    }

    #[test]
    fn a_broken_reply_is_an_error() {
        for body in ["", "[]", r#"{"Responses":{}}"#, r#"{"Responses":[1]}"#, r#"{"Responses":[{"Item":{"a":1}}]}"#] {
            assert_eq!(
                Responses::read(&reply(body), Format::Plain).unwrap_err().error_type(),
                "ConnectionFailed",
                "{body}"
            );
        }
    }
}
