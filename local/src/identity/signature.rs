//! Checks the signature of a request: AWS Signature Version 4
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>).
//!
//! Every request is taken for a `POST` to `/` without a query, because the services here have no other requests.

use std::time::{Duration, SystemTime};

use aws_smithy_types::{DateTime, date_time::Format};
use axum::http::{HeaderMap, HeaderName};
use ring::hmac;

use super::{
    fault::Fault,
    hash::{hex, sha256},
};

/// How far the time of a request may be from the current time
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>).
const CLOCK_SKEW: Duration = Duration::from_mins(5);

/// The parts of a signature in a request's headers.
#[derive(Clone, Copy)]
pub(super) struct Signature<'a> {
    pub(super) access_key_id: &'a str,
    pub(super) region: &'a str,
    pub(super) token: Option<&'a str>,
    /// `20250101`
    date: &'a str,
    service: &'a str,
    signed_headers: &'a str,
    hex: &'a str,
    /// `20250101T000000Z`
    time: &'a str,
}

impl<'a> Signature<'a> {
    /// Reads the signature without checking it.
    pub(super) fn read(headers: &'a HeaderMap) -> Result<Self, Fault> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let authorization = text("authorization").ok_or(Fault::NoSignature)?;
        let incomplete = |what: &str| Fault::IncompleteSignature(what.to_owned());
        let members = authorization
            .strip_prefix("AWS4-HMAC-SHA256 ")
            .ok_or_else(|| incomplete("Authorization header requires the algorithm AWS4-HMAC-SHA256."))?;
        let member = |name: &str| {
            members
                .split(',')
                .find_map(|member| member.trim().strip_prefix(name)?.strip_prefix('='))
                .ok_or_else(|| incomplete(&format!("Authorization header requires '{name}' parameter.")))
        };
        let credential: Vec<_> = member("Credential")?.split('/').collect();
        let [access_key_id, date, region, service, "aws4_request"] = credential[..] else {
            return Err(incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
            ));
        };
        let time = text("x-amz-date")
            .ok_or_else(|| incomplete("Authorization header requires existence of 'X-Amz-Date' header."))?;
        if !time.starts_with(date) {
            return Err(Fault::WrongSignature(format!(
                "Date in Credential scope does not match the date of '{time}'."
            )));
        }
        Ok(Self {
            access_key_id,
            date,
            region,
            token: text("x-amz-security-token"),
            service,
            signed_headers: member("SignedHeaders")?,
            hex: member("Signature")?,
            time,
        })
    }

    /// Checks that the request is for `service`, is not too old, and was signed with `secret_access_key`.
    pub(super) fn check(
        &self,
        service: &str,
        secret_access_key: &str,
        headers: &HeaderMap,
        body: &[u8],
        now: SystemTime,
    ) -> Result<(), Fault> {
        if self.service != service {
            return Err(Fault::WrongSignature(format!("Credential should be scoped to correct service: '{service}'.")));
        }
        self.check_time(now)?;
        let signed: Vec<_> = self.signed_headers.split(';').collect();
        let must_be_signed = |name: &str| name == "host" || name.starts_with("x-amz-");
        if let Some(name) =
            headers.keys().map(HeaderName::as_str).find(|name| must_be_signed(name) && !signed.contains(name))
        {
            return Err(Fault::WrongSignature(format!("'{name}' must be a 'SignedHeader' in the AWS Authorization.")));
        }
        if self.expected(secret_access_key, headers, body) == self.hex {
            return Ok(());
        }
        Err(Fault::WrongSignature(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
             Access Key and signing method. Consult the service documentation for details."
                .to_owned(),
        ))
    }

    fn check_time(&self, now: SystemTime) -> Result<(), Fault> {
        let Some(time) = parse(self.time) else {
            return Err(Fault::IncompleteSignature(format!(
                "Date must be in ISO-8601 'basic format'. Got '{}'.",
                self.time
            )));
        };
        let text = format!("{} ({} - 5 min.)", basic(now - CLOCK_SKEW), basic(now));
        if time < now - CLOCK_SKEW {
            return Err(Fault::WrongSignature(format!("Signature expired: {} is now earlier than {text}", self.time)));
        }
        if time > now + CLOCK_SKEW {
            let text = format!("{} ({} + 5 min.)", basic(now + CLOCK_SKEW), basic(now));
            return Err(Fault::WrongSignature(format!(
                "Signature not yet current: {} is still later than {text}",
                self.time
            )));
        }
        Ok(())
    }

    /// The right signature of the request with this secret, in hexadecimal digits.
    fn expected(&self, secret_access_key: &str, headers: &HeaderMap, body: &[u8]) -> String {
        let canonical: String = self.signed_headers.split(';').map(|name| canonical(name, headers)).collect();
        let request = format!("POST\n/\n\n{canonical}\n{}\n{}", self.signed_headers, hex(sha256(body).as_ref()));
        let scope = format!("{}/{}/{}/aws4_request", self.date, self.region, self.service);
        let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{}", self.time, hex(sha256(request.as_bytes()).as_ref()));
        let key = [self.date, self.region, self.service, "aws4_request"]
            .iter()
            .fold(format!("AWS4{secret_access_key}").into_bytes(), |key, part| sign(&key, part));
        hex(&sign(&key, &text))
    }
}

/// The line of a header in the canonical request: `name:value\n`. Several values are joined, and superfluous blanks are
/// left out.
fn canonical(name: &str, headers: &HeaderMap) -> String {
    let values: Vec<_> = headers
        .get_all(name)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).split_ascii_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    format!("{name}:{}\n", values.join(","))
}

/// Reads a time without punctuation: `20250101T000000Z`.
fn parse(time: &str) -> Option<SystemTime> {
    // In ASCII text of this length, every slice below starts and ends at a character.
    if time.len() != 16 || !time.is_ascii() {
        return None;
    }
    let (date, time) = time.strip_suffix('Z')?.split_once('T').filter(|(date, _)| date.len() == 8)?;
    let extended =
        format!("{}-{}-{}T{}:{}:{}Z", &date[..4], &date[4..6], &date[6..], &time[..2], &time[2..4], &time[4..]);
    DateTime::from_str(&extended, Format::DateTime).ok()?.try_into().ok()
}

/// Writes a time without punctuation.
fn basic(time: SystemTime) -> String {
    let seconds = DateTime::from_secs(DateTime::from(time).secs());
    seconds.to_string().replace(['-', ':'], "")
}

fn sign(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_valid_for_five_minutes_around_its_time() {
        let mut headers = HeaderMap::new();
        let authorization =
            "AWS4-HMAC-SHA256 Credential=key/20250101/r/sts/aws4_request, SignedHeaders=host, Signature=0";
        headers.insert("authorization", authorization.parse().unwrap());
        headers.insert("x-amz-date", "20250101T000000Z".parse().unwrap());
        let time = parse("20250101T000000Z").unwrap();
        assert_eq!(basic(time + Duration::from_millis(1)), "20250101T000000Z");
        let second = Duration::from_secs(1);
        for (now, message) in [
            (time + CLOCK_SKEW, None),
            (time - CLOCK_SKEW, None),
            (
                time + CLOCK_SKEW + second,
                Some(
                    "Signature expired: 20250101T000000Z is now earlier than 20250101T000001Z (20250101T000501Z - 5 min.)",
                ),
            ),
            (
                time - CLOCK_SKEW - second,
                Some(
                    "Signature not yet current: 20250101T000000Z is still later than 20241231T235959Z \
                     (20241231T235459Z + 5 min.)",
                ),
            ),
        ] {
            let checked = Signature::read(&headers).unwrap_or_else(|fault| panic!("{fault:?}")).check_time(now);
            assert_eq!(checked.err(), message.map(|message| Fault::WrongSignature(message.to_owned())));
        }
    }

    #[test]
    fn refuses_a_time_in_another_form() {
        for text in
            ["", "20250101T00000Z", "2025-01-01T00:0Z", "20251301T000000Z", "20250101T0000000", "202501010T00000Z"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
