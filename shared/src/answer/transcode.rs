//! Converts DynamoDB's attribute values to plain JSON in one pass from text to text.
//!
//! Digits and strings without escapes are copied. No values are built in between. A type that this version does not
//! know stays as DynamoDB wrote it: `{"NEW": …}`.

use super::scanner::{Broken, Scanner, Text};
use crate::value::{Format, number};

/// Writes the next attribute map (`{"name": {"S": "x"}}`) in the given format.
pub(super) fn attribute_map(scanner: &mut Scanner<'_>, format: Format, out: &mut String) -> Result<(), Broken> {
    match format {
        Format::Typed => out.push_str(scanner.value()?),
        Format::Plain => {
            let mut before = '{';
            scanner.object(|scanner, name| {
                out.push(std::mem::replace(&mut before, ','));
                name.write(out)?;
                out.push(':');
                plain(scanner, out)
            })?;
            if before == '{' {
                out.push('{');
            }
            out.push('}');
        }
    }
    Ok(())
}

/// As [`attribute_map`], without the attributes with these names.
pub(super) fn attribute_map_without(
    scanner: &mut Scanner<'_>,
    format: Format,
    hidden: &[String],
    out: &mut String,
) -> Result<(), Broken> {
    let mut before = '{';
    scanner.object(|scanner, name| {
        if hidden.iter().any(|hidden| name.decode().is_ok_and(|name| *name == **hidden)) {
            return scanner.value().map(drop);
        }
        out.push(std::mem::replace(&mut before, ','));
        name.write(out)?;
        out.push(':');
        match format {
            Format::Plain => plain(scanner, out),
            Format::Typed => scanner.value().map(|text| out.push_str(text)),
        }
    })?;
    if before == '{' {
        out.push('{');
    }
    out.push('}');
    Ok(())
}

/// Writes the next attribute value: an object with a type and its value.
fn plain(scanner: &mut Scanner<'_>, out: &mut String) -> Result<(), Broken> {
    // Most values are strings or numbers, and DynamoDB writes no blanks.
    if let Some((code, text)) = scanner.text_of_one(b"SN") {
        return if code == b'S' { text.write(out) } else { number(text, out) };
    }
    scanner.object_of_one(|scanner, code| {
        match &*code.decode()? {
            "S" | "B" => scanner.string()?.write(out)?,
            "N" => digits(scanner, out)?,
            "BOOL" => out.push_str(boolean(scanner)?),
            "NULL" => {
                boolean(scanner)?;
                out.push_str("null");
            }
            "M" => attribute_map(scanner, Format::Plain, out)?,
            "L" => list(scanner, out, plain)?,
            "SS" | "BS" => list(scanner, out, |scanner, out| scanner.string()?.write(out))?,
            "NS" => list(scanner, out, digits)?,
            _ => {
                out.push('{');
                code.write(out)?;
                out.push(':');
                out.push_str(scanner.value()?);
                out.push('}');
            }
        }
        Ok(())
    })
}

/// Writes the next number, which DynamoDB sends as a string.
fn digits(scanner: &mut Scanner<'_>, out: &mut String) -> Result<(), Broken> {
    number(scanner.string()?, out)
}

fn number(text: Text<'_>, out: &mut String) -> Result<(), Broken> {
    out.push_str(&number::to_json(&text.decode()?));
    Ok(())
}

pub(super) fn boolean<'j>(scanner: &mut Scanner<'j>) -> Result<&'j str, Broken> {
    match scanner.value()? {
        word @ ("true" | "false") => Ok(word),
        _ => Err(scanner.broken("true or false is expected")),
    }
}

/// Writes the next list or set.
pub(super) fn list(
    scanner: &mut Scanner<'_>,
    out: &mut String,
    element: impl Fn(&mut Scanner<'_>, &mut String) -> Result<(), Broken>,
) -> Result<(), Broken> {
    let mut before = '[';
    scanner.array(|scanner| {
        out.push(std::mem::replace(&mut before, ','));
        element(scanner, out)
    })?;
    if before == '[' {
        out.push('[');
    }
    out.push(']');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcode(typed: &str, format: Format) -> Result<String, Broken> {
        let mut out = String::new();
        attribute_map(&mut Scanner::new(typed), format, &mut out)?;
        Ok(out)
    }

    #[test]
    fn writes_every_type_as_plain_json() {
        for (typed, plain) in [
            ("{}", "{}"),
            (r#"{"a":{"S":"x"},"b":{"S":""}}"#, r#"{"a":"x","b":""}"#),
            (r#"{"a":{"S":"q\" \\ \n \u0000 é 🦀"}}"#, r#"{"a":"q\" \\ \n \u0000 é 🦀"}"#),
            (r#"{"\u00e9\t":{"S":"\ud83e\udd80"}}"#, r#"{"é\t":"🦀"}"#),
            (r#"{"a":{"\u0053":"a\/b\u000a"},"b":{"N":"\u0031"}}"#, r#"{"a":"a/b\n","b":1}"#),
            (r#"{ "a" : { "S" : "x" } , "b" : {"N" :"1"} }"#, r#"{"a":"x","b":1}"#),
            (
                r#"{"n":{"N":"12345678901234567890123456789012345678"}}"#,
                r#"{"n":12345678901234567890123456789012345678}"#,
            ),
            (r#"{"n":{"N":"1E-130"},"m":{"N":"-0.10"}}"#, r#"{"n":1E-130,"m":-0.10}"#),
            (r#"{"b":{"B":"aGk="}}"#, r#"{"b":"aGk="}"#),
            (r#"{"t":{"BOOL":true},"f":{"BOOL":false},"z":{"NULL":true}}"#, r#"{"t":true,"f":false,"z":null}"#),
            (
                r#"{"m":{"M":{"$serde_json::private::Number":{"L":[]}}}}"#,
                r#"{"m":{"$serde_json::private::Number":[]}}"#,
            ),
            (r#"{"l":{"L":[{"N":"1"},{"L":[{"S":"a"}]},{"M":{}}]}}"#, r#"{"l":[1,["a"],{}]}"#),
            (
                r#"{"s":{"SS":["a","b"]},"n":{"NS":["1","2.0"]},"b":{"BS":["aGk="]}}"#,
                r#"{"s":["a","b"],"n":[1,2.0],"b":["aGk="]}"#,
            ),
            (r#"{"v":{"F32V":[1.5]}}"#, r#"{"v":{"F32V":[1.5]}}"#),
            (r#"{"v":{"X":"new"},"w":{"D":"2026-11-25"}}"#, r#"{"v":{"X":"new"},"w":{"D":"2026-11-25"}}"#),
        ] {
            assert_eq!(transcode(typed, Format::Plain).unwrap(), plain);
            assert_eq!(transcode(typed, Format::Typed).unwrap(), typed);
        }
    }

    #[test]
    fn leaves_out_hidden_attributes() {
        let without = |typed: &str, format| {
            let mut out = String::new();
            let hidden = ["id".to_owned(), "at".to_owned()];
            attribute_map_without(&mut Scanner::new(typed), format, &hidden, &mut out).unwrap();
            out
        };
        let typed = r#"{"id":{"S":"a"},"n":{"N":"1"},"a\u0074":{"N":"2"}}"#;
        assert_eq!(without(typed, Format::Plain), r#"{"n":1}"#);
        assert_eq!(without(typed, Format::Typed), r#"{"n":{"N":"1"}}"#);
        assert_eq!(without(r#"{"id":{"S":"a"}}"#, Format::Plain), "{}");
    }

    #[test]
    fn rejects_an_invalid_attribute_value() {
        for typed in [
            r#"{"a":{}}"#,
            r#"{"a":{"S":"x","N":"1"}}"#,
            r#"{"a":"x"}"#,
            r#"{"a":{"N":1}}"#,
            r#"{"a":{"S":"x"}"#,
            r#"{"a":{"S":"x}}"#,
        ] {
            assert!(transcode(typed, Format::Plain).is_err(), "{typed}");
        }
    }
}
