//! The token that a scan of several segments goes on by.
//!
//! A token is base64 text of `{"v": 1, "of": digest, "at": [place, …]}`, with one place for each segment: `null` for its
//! beginning, a key in DynamoDB's JSON, or `true` for its end. The digest is of everything that the items to come depend
//! on. A token for another request is refused, because its keys would mean other items there.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ring::digest;

use crate::{answer::page::Place, dynamodb::Start, error::Error, json::Json, path::Path};

/// The version of the token's form.
const VERSION: &str = "1";

/// A digest of the request that a token belongs to.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct RequestDigest(String);

/// The parts of a request that decide which items it returns.
pub(super) struct RequestParts<'a> {
    pub(super) region: &'a str,
    pub(super) table: &'a str,
    pub(super) index: Option<&'a str>,
    pub(super) filter: Option<&'a str>,
    pub(super) projection: Option<&'a str>,
    pub(super) select: Option<&'a str>,
    pub(super) names: Option<&'a HashMap<String, String>>,
    pub(super) values: Option<&'a HashMap<String, AttributeValue>>,
    pub(super) segments: usize,
}

impl RequestDigest {
    pub(super) fn of(parts: &RequestParts<'_>) -> Self {
        let mut digest = Digest(digest::Context::new(&digest::SHA256));
        let segments = parts.segments.to_string();
        digest.text(parts.region);
        digest.text(parts.table);
        for part in [parts.index, parts.filter, parts.projection, parts.select, Some(&segments)] {
            digest.text(part.map_or("0", |_| "1"));
            digest.text(part.unwrap_or_default());
        }
        let names: BTreeMap<_, _> = parts.names.into_iter().flatten().collect();
        digest.count(names.len());
        for (name, attribute) in names {
            digest.text(name);
            digest.text(attribute);
        }
        digest.map(parts.values.into_iter().flatten());
        let bytes = digest.0.finish();
        Self(BASE64.encode(&bytes.as_ref()[..16]))
    }

    /// The token for these places.
    pub(super) fn token(&self, places: &[Place]) -> String {
        let places: Vec<&str> = places
            .iter()
            .map(|place| match place {
                Place::Beginning => "null",
                Place::After(key) => key,
                Place::End => "true",
            })
            .collect();
        BASE64.encode(format!(r#"{{"v":{VERSION},"of":"{}","at":[{}]}}"#, self.0, places.join(",")))
    }

    /// The places of a token.
    ///
    /// # Errors
    /// Returns [`Error::InvalidInput`] for text that is no token, and for a token of another request.
    pub(super) fn places(&self, token: &str, segments: usize) -> Result<Vec<Place>, Error> {
        let path = Path::Input("nextToken");
        let invalid = || Error::input(&path, "not a `NextToken` of `scanItems`; give it as it came");
        let text = BASE64.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(invalid)?;
        let Ok(Json::Object(members)) = Json::parse(&text) else { return Err(invalid()) };
        let member = |name: &str| members.iter().find(|(known, _)| known == name).map(|(_, json)| json);
        match (member("v"), member("of"), member("at")) {
            (Some(Json::Number(version)), Some(Json::String(of)), Some(Json::Array(places))) if version == VERSION => {
                if *of != self.0 || places.len() != segments {
                    return Err(Error::input(
                        &path,
                        "the token of another request; give it with the same table, index, expressions and `segments` as \
                         before, or leave it out",
                    ));
                }
                places
                    .iter()
                    .map(|place| match place {
                        Json::Null => Ok(Place::Beginning),
                        Json::Bool(true) => Ok(Place::End),
                        Json::Object(_) => {
                            let key = place.to_string();
                            Start::of_answer(&key).map_err(|_| invalid())?;
                            Ok(Place::After(key))
                        }
                        _ => Err(invalid()),
                    })
                    .collect()
            }
            _ => Err(invalid()),
        }
    }
}

/// A digest of parts that cannot run into one another.
struct Digest(digest::Context);

impl Digest {
    fn count(&mut self, count: usize) {
        self.0.update(&(count as u64).to_be_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.update(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn map<'v>(&mut self, members: impl Iterator<Item = (&'v String, &'v AttributeValue)>) {
        let members: BTreeMap<_, _> = members.collect();
        self.count(members.len());
        for (name, value) in members {
            self.text(name);
            self.value(value);
        }
    }

    fn value(&mut self, value: &AttributeValue) {
        match value {
            AttributeValue::M(members) => {
                self.text("M");
                self.map(members.iter());
            }
            AttributeValue::L(elements) => {
                self.text("L");
                self.count(elements.len());
                for element in elements {
                    self.value(element);
                }
            }
            // The other types have no order of their own.
            scalar => self.text(&format!("{scalar:?}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(table: &str, values: &[(&str, AttributeValue)], segments: usize) -> RequestDigest {
        let values: HashMap<_, _> = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        RequestDigest::of(&RequestParts {
            region: "us-east-1",
            table,
            index: None,
            filter: Some("a = :a"),
            projection: None,
            select: None,
            names: None,
            values: Some(&values),
            segments,
        })
    }

    fn text(text: &str) -> AttributeValue {
        AttributeValue::S(text.into())
    }

    #[test]
    fn a_token_holds_every_place() {
        let digest = digest("T", &[(":a", text("x"))], 3);
        let places = vec![Place::Beginning, Place::After(r#"{"id":{"S":"a"}}"#.into()), Place::End];
        assert_eq!(digest.places(&digest.token(&places), 3), Ok(places));
    }

    #[test]
    fn the_token_of_another_request_is_refused() {
        let one = digest("T", &[(":a", text("x"))], 1);
        let token = one.token(&[Place::End]);
        for other in [
            digest("U", &[(":a", text("x"))], 1),
            digest("T", &[(":a", text("y"))], 1),
            digest("T", &[(":b", text("x"))], 1),
            digest("T", &[(":a", AttributeValue::B(b"x".to_vec().into()))], 1),
        ] {
            let error = other.places(&token, 1).unwrap_err().to_string();
            assert!(error.starts_with("`nextToken`: the token of another request"), "{error}");
        }
        assert!(one.places(&token, 2).is_err());
    }

    #[test]
    fn maps_have_no_order() {
        let members: Vec<(String, AttributeValue)> =
            (0..50).map(|at| (format!("m{at}"), AttributeValue::N(at.to_string()))).collect();
        let map = || AttributeValue::M(members.iter().cloned().collect());
        assert!(digest("T", &[(":a", map())], 1) == digest("T", &[(":a", map())], 1));
    }

    #[test]
    fn other_text_is_no_token() {
        let digest = digest("T", &[], 1);
        let other = |json: &str| digest.places(&BASE64.encode(json), 1).unwrap_err().to_string();
        for text in ["", "x", "{}", "[]", r#"{"v":2,"of":"","at":[]}"#, r#"{"v":1,"of":1,"at":[]}"#] {
            assert!(other(text).starts_with("`nextToken`: not a `NextToken`"), "{text}");
        }
        assert!(digest.places("é", 1).is_err());
        let broken = format!(r#"{{"v":1,"of":"{}","at":[{{"id":"a"}}]}}"#, digest.0);
        assert!(other(&broken).starts_with("`nextToken`: not a"), "{}", other(&broken));
    }
}
