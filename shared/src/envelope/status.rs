//! Errors as HTTP statuses.
//!
//! | status | errors |
//! |---|---|
//! | 400 | the caller's fault: `InvalidInput`, `InvalidConnection`, `ValidationException`, every code that is not below |
//! | 403 | the identity is refused, or has no permission |
//! | 404 | the table, index or secret does not exist |
//! | 409 | the state of the item or table forbids it: a condition, a conflict, a table in use |
//! | 413 | too large: `ResponseTooLarge`, or the request |
//! | 429 | throttled |
//! | 500 | `Internal` |
//! | 502 | `ConnectionFailed`, `OutcomeUnknown`, and failures of the service itself |
//! | 504 | `Timeout` |
//!
//! The codes are those in the documentation of DynamoDB, AWS STS and AWS Secrets Manager, and those that all services share
//! (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html>). AWS itself answers most of them with the
//! status 400, which tells an HTTP client nothing.

use http::StatusCode;

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
        }
    }

    #[test]
    fn every_documented_code_has_its_status() {
        let documented = [
            (
                400,
                "ValidationException ValidationError SerializationException ItemCollectionSizeLimitExceededException \
                 InvalidEndpointException UnknownOperationException InvalidAction InvalidParameterException \
                 InvalidParameterValue InvalidParameterCombination InvalidRequestException MalformedPolicyDocument \
                 MalformedQueryString MissingParameter PackedPolicyTooLarge SomethingNewException",
            ),
            (
                403,
                "AccessDeniedException AccessDenied UnrecognizedClientException InvalidSignatureException \
                 SignatureDoesNotMatch ExpiredTokenException ExpiredToken InvalidClientTokenId \
                 MissingAuthenticationTokenException MissingAuthenticationToken IncompleteSignatureException \
                 IncompleteSignature OptInRequired NotAuthorized RequestExpired RegionDisabledException \
                 KMSAccessDeniedException DecryptionFailure TokenRefreshRequired",
            ),
            (404, "ResourceNotFoundException TableNotFoundException IndexNotFoundException"),
            (
                409,
                "ConditionalCheckFailedException ResourceInUseException TableInUseException TableAlreadyExistsException \
                 TransactionConflictException TransactionCanceledException DuplicateItemException DuplicateItem \
                 ReplicatedWriteConflictException IdempotentParameterMismatchException",
            ),
            (413, "RequestEntityTooLargeException"),
            (
                429,
                "ProvisionedThroughputExceededException ThrottlingException Throttling ThrottledException \
                 RequestThrottled RequestThrottledException RequestLimitExceeded LimitExceededException \
                 TooManyRequestsException TransactionInProgressException SlowDown",
            ),
            (
                502,
                "InternalServerError InternalServerErrorException InternalFailure InternalServiceError InternalError \
                 ServiceUnavailable ServiceUnavailableException",
            ),
            (504, "RequestTimeout RequestTimeoutException"),
        ];
        for (status, codes) in documented {
            for code in codes.split(' ') {
                assert_eq!(of(&refused(code)).as_u16(), status, "{code}");
            }
        }
    }
}
