//! Records of DynamoDB Streams as plain records.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html>,
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>
//!
//! The images go from text to text in one pass, as DynamoDB's answers do: every digit and the order of attributes stay.
//! The types of `aws_lambda_events` lose parts: they read an image into a map without an order, an image that is missing
//! as one that is empty, and a time that is missing as 1970. An error of theirs does not say where it is.
//!
//! A record is read strictly. An unknown type and an invalid number are errors with their path. No part of such a record
//! is passed on.

use super::{
    Answer,
    scanner::{Broken, Scanner, Text},
    time::iso_8601,
    transcode::{boolean, list},
};
use crate::{
    error::Error,
    input::Collection,
    json::{Json, starts_with},
    path::Path,
    value::{
        self,
        number::{self, Number},
    },
};

/// The members of a record that are read. All others are left out of the plain record.
const RECORD: [&str; 5] = ["eventSource", "eventName", "eventSourceARN", "eventID", "dynamodb"];
/// The members of a record's `dynamodb` that are read.
const CHANGE: [&str; 5] = ["Keys", "NewImage", "OldImage", "SequenceNumber", "ApproximateCreationDateTime"];

/// The plain records for a list of records, or for Lambda's event with such a list. `text` is its JSON.
///
/// # Errors
/// Returns [`Error::InvalidInput`] with the path of the part that is not as DynamoDB Streams writes it.
pub fn plain(text: &str, path: &Path<'_>) -> Result<Answer, Error> {
    let mut out = String::with_capacity(text.len());
    if starts_with(text, '{') {
        let [records] = members(text, ["Records"], path)?;
        let path = path.member("Records");
        write(records.ok_or_else(|| Error::missing(&path))?, &path, &mut out)?;
    } else {
        write(text, path, &mut out)?;
    }
    Ok(Answer { text: out, consumed_capacity: None })
}

/// Writes the list of plain records.
fn write(text: &str, path: &Path<'_>, out: &mut String) -> Result<(), Error> {
    let mut records = Vec::new();
    let mut scanner = Scanner::new(text);
    scanner
        .array(|scanner| {
            records.push(scanner.value()?);
            Ok(())
        })
        .and_then(|()| scanner.end())
        .map_err(|broken| not_a(text, "a list of records of DynamoDB Streams", &broken, path))?;
    out.push('[');
    for (index, record) in records.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        plain_record(record, &path.element(index), out)?;
    }
    out.push(']');
    Ok(())
}

/// Writes one plain record.
fn plain_record(record: &str, path: &Path<'_>, out: &mut String) -> Result<(), Error> {
    let [source, name, arn, id, change] = members(record, RECORD, path)?;
    if let Some(source) = source {
        let path = path.member("eventSource");
        if string(Some(source), &path)? != "aws:dynamodb" {
            return Err(Error::invalid(
                &path,
                &json(source, &path)?,
                "`aws:dynamodb`, as in records of DynamoDB Streams",
            ));
        }
    }
    let change_path = path.member("dynamodb");
    let [keys, new, old, sequence_number, created] =
        members(change.ok_or_else(|| Error::missing(&change_path))?, CHANGE, &change_path)?;

    let name_path = path.member("eventName");
    let event_name = string(name, &name_path)?;
    if !["INSERT", "MODIFY", "REMOVE"].contains(&event_name.as_str()) {
        return Err(Error::invalid(&name_path, &Json::String(event_name), "one of INSERT MODIFY REMOVE"));
    }
    let arn_path = path.member("eventSourceARN");
    let arn = string(arn, &arn_path)?;
    let Some(table) = table(&arn) else {
        let rule = "the ARN of a table's stream: arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/TIME";
        return Err(Error::invalid(&arn_path, &Json::String(arn), rule));
    };
    push(out, r#"{"eventName":"#, &event_name);
    push(out, r#","table":"#, table);
    for (name, label, given) in [
        ("Keys", r#","keys":"#, Some(keys.ok_or_else(|| Error::missing(&change_path.member("Keys")))?)),
        ("NewImage", r#","newImage":"#, new),
        ("OldImage", r#","oldImage":"#, old),
    ] {
        if let Some(text) = given {
            out.push_str(label);
            image(text, &change_path.member(name), out)?;
        }
    }
    push(out, r#","sequenceNumber":"#, &string(sequence_number, &change_path.member("SequenceNumber"))?);
    if let Some(created) = created {
        let path = change_path.member("ApproximateCreationDateTime");
        let time = match json(created, &path)? {
            Json::Number(seconds) => iso_8601(&seconds).ok_or(Json::Number(seconds)),
            other => Err(other),
        };
        let time = time.map_err(|given| Error::invalid(&path, &given, "a time in seconds since 1970"))?;
        push(out, r#","createdAt":"#, &time);
    }
    push(out, r#","eventID":"#, &string(id, &path.member("eventID"))?);
    out.push('}');
    Ok(())
}

/// `arn:aws:dynamodb:us-east-1:123456789012:table/Orders/stream/2026-11-26T00:00:00.000` → `Orders`. AWS's samples have
/// the ARN of the table itself, too.
fn table(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(6, ':');
    let (scheme, service, resource) = (parts.next()?, parts.nth(1)?, parts.nth(2)?);
    let table = resource.strip_prefix("table/")?.split('/').next()?;
    (scheme == "arn" && service == "dynamodb" && !table.is_empty()).then_some(table)
}

/// Writes a member's name, as it stands in JSON, and its text.
fn push(out: &mut String, name: &str, text: &str) {
    out.push_str(name);
    out.push_str(&Json::String(text.to_owned()).to_string());
}

/// The texts of these members of an object. A member that is `null` counts as missing, as serializers write it.
fn members<'j, const N: usize>(
    text: &'j str,
    names: [&str; N],
    path: &Path<'_>,
) -> Result<[Option<&'j str>; N], Error> {
    let mut found = [None; N];
    let mut twice = None;
    let mut scanner = Scanner::new(text);
    scanner
        .object(|scanner, name| {
            let (name, text) = (name.decode()?, scanner.value()?);
            if let Some(at) = names.iter().position(|known| *known == name) {
                if found[at].is_some() {
                    twice = Some(names[at]);
                }
                found[at] = Some(text).filter(|text| *text != "null");
            }
            Ok(())
        })
        .and_then(|()| scanner.end())
        .map_err(|broken| not_a(text, "an object", &broken, path))?;
    match twice {
        Some(name) => Err(Error::input(&path.member(name), "given twice; give it once")),
        None => Ok(found),
    }
}

/// The error for a text that is no list or no object, or no JSON at all.
fn not_a(text: &str, expected: &str, broken: &Broken, path: &Path<'_>) -> Error {
    match Json::parse(text) {
        Ok(json) => Error::invalid(path, &json, expected),
        Err(_) => Error::input(path, format_args!("the text is not JSON: {broken}")),
    }
}

fn json(text: &str, path: &Path<'_>) -> Result<Json, Error> {
    Json::parse(text).map_err(|error| error.locate(path, |path| Error::input(path, &error)))
}

/// The text of a member that must be text.
fn string(text: Option<&str>, path: &Path<'_>) -> Result<String, Error> {
    match json(text.ok_or_else(|| Error::missing(path))?, path)? {
        Json::String(text) => Ok(text),
        other => Err(Error::invalid(path, &other, "a string")),
    }
}

/// Writes an image as plain JSON.
fn image(text: &str, path: &Path<'_>, out: &mut String) -> Result<(), Error> {
    let mut scanner = Scanner::new(text);
    attributes(&mut scanner, out).and_then(|()| scanner.end()).map_err(|broken| {
        // The image is read again for the path of what is wrong.
        match json(text, path) {
            Err(error) => error,
            Ok(Json::Object(image)) => match value::stream_image(Collection(image), path) {
                Err(error) => error,
                Ok(_) => Error::input(path, format_args!("not as DynamoDB Streams writes it: {broken}")),
            },
            Ok(other) => Error::invalid(path, &other, "an object of attributes"),
        }
    })
}

/// Writes the next attributes.
fn attributes(scanner: &mut Scanner<'_>, out: &mut String) -> Result<(), Broken> {
    let mut before = '{';
    scanner.object(|scanner, name| {
        out.push(std::mem::replace(&mut before, ','));
        name.write(out)?;
        out.push(':');
        attribute(scanner, out)
    })?;
    if before == '{' {
        out.push('{');
    }
    out.push('}');
    Ok(())
}

/// Writes the next attribute's value.
fn attribute(scanner: &mut Scanner<'_>, out: &mut String) -> Result<(), Broken> {
    scanner.object_of_one(|scanner, code| match &*code.decode()? {
        "S" => scanner.string()?.write(out),
        "N" => digits(scanner, out),
        "B" => binary(scanner, out),
        "BOOL" => {
            out.push_str(boolean(scanner)?);
            Ok(())
        }
        "NULL" => match boolean(scanner)? {
            "true" => {
                out.push_str("null");
                Ok(())
            }
            _ => Err(scanner.broken("NULL is true")),
        },
        "M" => attributes(scanner, out),
        "L" => list(scanner, out, attribute),
        "SS" => list(scanner, out, |scanner, out| scanner.string()?.write(out)),
        "NS" => list(scanner, out, digits),
        "BS" => list(scanner, out, binary),
        _ => Err(scanner.broken("a type that DynamoDB does not have")),
    })
}

/// Writes the next number: its digits, which come as a string.
fn digits(scanner: &mut Scanner<'_>, out: &mut String) -> Result<(), Broken> {
    let text = scanner.string()?.decode()?;
    if Number::parse(&text).is_err() {
        return Err(scanner.broken("a number is expected"));
    }
    out.push_str(&number::to_json(&text));
    Ok(())
}

/// Writes the next binary: its base64 text.
fn binary(scanner: &mut Scanner<'_>, out: &mut String) -> Result<(), Broken> {
    let text: Text<'_> = scanner.string()?;
    if !value::is_base64(&text.decode()?) {
        return Err(scanner.broken("base64 text is expected"));
    }
    text.write(out)
}

#[cfg(test)]
mod tests;
