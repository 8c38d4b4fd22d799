//! Region names. A region's name becomes part of the host name of a request.

use crate::{
    error::Error,
    input::{FromJson, Shape},
    json::Json,
    path::Path,
};

/// The longest name that the pattern allows, in bytes.
const LONGEST: usize = 46;

/// A region's name: `eu-central-1`. The name is checked by a pattern instead of a list, so that future regions work.
/// The pattern excludes all characters that could direct a request to another host.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Region(String);

impl Region {
    /// Reads a name in the form that the regions of all partitions have. It consists of words of lower-case letters and
    /// digits, the first of two to four letters, and ends in a number: `us-east-1`, `us-gov-west-1`, `us-isob-east-1`,
    /// `eusc-de-east-1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let words: Vec<&str> = text.split('-').collect();
        let [first, middle @ .., number] = words.as_slice() else {
            return None;
        };
        let letters = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let fits = (2..=4).contains(&first.len())
            && letters(first)
            && (1..=3).contains(&middle.len())
            && middle.iter().all(|word| letters(word) && word.len() <= 12)
            && (1..=2).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| Self(text.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The region's partition, as ARNs name it. The prefix of the name decides, as in the endpoint rules of AWS's SDKs.
    #[must_use]
    pub fn partition(&self) -> &'static str {
        const BEGINNINGS: [(&str, &str); 7] = [
            ("cn-", "aws-cn"),
            ("us-gov-", "aws-us-gov"),
            ("us-iso-", "aws-iso"),
            ("us-isob-", "aws-iso-b"),
            ("eu-isoe-", "aws-iso-e"),
            ("us-isof-", "aws-iso-f"),
            ("eusc-", "aws-eusc"),
        ];
        BEGINNINGS.iter().find(|(beginning, _)| self.0.starts_with(beginning)).map_or("aws", |(_, partition)| partition)
    }
}

impl FromJson for Region {
    fn from_json(json: Json, path: &Path<'_>) -> Result<Self, Error> {
        let text = String::from_json(json, path)?;
        Self::parse(&text).ok_or_else(|| {
            Error::invalid(path, &Json::String(text), "the name of an AWS region such as `eu-central-1`")
        })
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

#[cfg(test)]
mod tests {
    use super::Region;

    #[test]
    fn accepts_the_regions_of_every_partition() {
        for name in [
            "us-east-1",
            "ap-southeast-7",
            "mx-central-1",
            "cn-northwest-1",
            "us-gov-west-1",
            "us-iso-east-1",
            "us-isob-west-1",
            "eu-isoe-west-1",
            "us-isof-south-1",
            "eusc-de-east-1",
            "ap-east-12",
        ] {
            assert!(Region::parse(name).is_some(), "{name}");
        }
    }

    #[test]
    fn knows_the_partition() {
        for (name, partition) in [
            ("us-east-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-east-1", "aws-us-gov"),
            ("us-iso-west-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("eu-isoe-west-1", "aws-iso-e"),
            ("us-isof-south-1", "aws-iso-f"),
            ("eusc-de-east-1", "aws-eusc"),
        ] {
            assert_eq!(Region::parse(name).unwrap().partition(), partition, "{name}");
        }
    }

    #[test]
    fn rejects_a_name_that_could_change_the_host() {
        for name in [
            "",
            "us",
            "us-east",
            "us-east-1.evil.example",
            "us-east-1/",
            "us-east-1#",
            "us-east-1@evil",
            "US-EAST-1",
            "us east 1",
            "us-east-1\n",
            "us--1",
            "-us-east-1",
            "evil.example",
            "us-east-123",
            "u-east-1",
            "localhost-1",
        ] {
            assert!(Region::parse(name).is_none(), "{name}");
        }
    }
}
