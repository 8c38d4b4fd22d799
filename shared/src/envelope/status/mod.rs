//! Errors as HTTP statuses.
//!
//! `documented` lists them.
//!
//! The codes are those in the documentation of DynamoDB, AWS STS and AWS Secrets Manager, and those that all services share
//! (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html>). AWS itself answers most of them with the
//! status 400, which tells an HTTP client nothing.

mod documented;

use http::StatusCode;

pub use self::documented::{DOCUMENTED, Documented};
use crate::error::Error;

/// The status for an error.
#[must_use]
pub fn of(error: &Error) -> StatusCode {
    match error {
        Error::InvalidInput(_) | Error::InvalidConnection(_) => StatusCode::BAD_REQUEST,
        Error::Service(refusal) => of_code(&refusal.code),
        Error::Timeout(_) => StatusCode::GATEWAY_TIMEOUT,
        Error::ConnectionFailed(_) | Error::OutcomeUnknown(_) => StatusCode::BAD_GATEWAY,
        Error::ResponseTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The status for a service's own error code.
fn of_code(code: &str) -> StatusCode {
    // Some services add `Exception` to codes that others write without it.
    match code.strip_suffix("Exception").unwrap_or(code) {
        "AccessDenied"
        | "DecryptionFailure"
        | "ExpiredToken"
        | "IncompleteSignature"
        | "InvalidClientTokenId"
        | "InvalidSignature"
        | "InvalidToken"
        | "KMSAccessDenied"
        | "MissingAuthenticationToken"
        | "NotAuthorized"
        | "OptInRequired"
        | "RegionDisabled"
        | "RequestExpired"
        | "RequestTimeTooSkewed"
        | "SignatureDoesNotMatch"
        | "TokenRefreshRequired"
        | "UnauthorizedOperation"
        | "UnrecognizedClient" => StatusCode::FORBIDDEN,
        "ConditionalCheckFailed"
        | "DuplicateItem"
        | "IdempotentParameterMismatch"
        | "ReplicatedWriteConflict"
        | "ResourceExists"
        | "ResourceInUse"
        | "TableAlreadyExists"
        | "TableInUse"
        | "TransactionCanceled"
        | "TransactionConflict" => StatusCode::CONFLICT,
        "RequestEntityTooLarge" | "RequestTooLarge" => StatusCode::PAYLOAD_TOO_LARGE,
        "BandwidthLimitExceeded"
        | "LimitExceeded"
        | "ProvisionedThroughputExceeded"
        | "RequestLimitExceeded"
        | "SlowDown"
        | "TooManyRequests"
        | "TransactionInProgress" => StatusCode::TOO_MANY_REQUESTS,
        "RequestTimeout" => StatusCode::GATEWAY_TIMEOUT,
        // Codes that are not documented yet are recognised by their words.
        other if other.ends_with("NotFound") => StatusCode::NOT_FOUND,
        other if other.contains("Throttl") => StatusCode::TOO_MANY_REQUESTS,
        other if other.starts_with("Internal") || other.contains("Unavailable") => StatusCode::BAD_GATEWAY,
        _ => StatusCode::BAD_REQUEST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{CallSite, Refusal};

    fn refused(code: &str) -> Error {
        let call = CallSite { service: "DynamoDB", operation: "GetItem", table: None, region: "eu-west-1".into() };
        let code = code.to_owned();
        Error::Service(Box::new(Refusal {
            code,
            message: String::new(),
            call,
            request_id: None,
            body: Vec::new(),
            item: None,
        }))
    }

    #[test]
    fn every_error_of_ours_has_its_status() {
        let documented = |status: u16, error_type: &str| {
            DOCUMENTED.iter().any(|known| known.status == status && known.error_types.contains(&error_type))
        };
        for (error, status) in [
            (Error::event(""), 400),
            (Error::InvalidConnection(String::new()), 400),
            (Error::ResponseTooLarge(String::new()), 413),
            (Error::Internal(String::new()), 500),
            (Error::ConnectionFailed(String::new()), 502),
            (Error::OutcomeUnknown(String::new()), 502),
            (Error::Timeout(String::new()), 504),
        ] {
            assert_eq!(of(&error).as_u16(), status, "{error:?}");
            assert!(documented(status, error.error_type()), "{error:?}");
        }
    }

    #[test]
    fn every_documented_code_has_its_status() {
        let ours = ["InvalidInput", "InvalidConnection", "Internal", "ConnectionFailed", "OutcomeUnknown", "Timeout"];
        for Documented { status, error_types, .. } in DOCUMENTED {
            let of_request = [StatusCode::METHOD_NOT_ALLOWED, StatusCode::UNSUPPORTED_MEDIA_TYPE].map(|of| of.as_u16());
            for code in error_types.iter().filter(|code| !ours.contains(code) && **code != "ResponseTooLarge") {
                assert!(!of_request.contains(status), "{code}");
                assert_eq!(of(&refused(code)).as_u16(), *status, "{code}");
            }
        }
        assert_eq!(of(&refused("SomethingNewException")), StatusCode::BAD_REQUEST);
    }
}
