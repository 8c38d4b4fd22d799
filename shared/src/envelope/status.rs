//! Errors as HTTP statuses.
//!
//! | status | what |
//! |---|---|
//! | 400 | the caller's: `InvalidInput`, `InvalidConnection`, `ValidationException`, every code that is not below |
//! | 403 | who signs may not, or is not who it says it is |
//! | 404 | what is asked for is not there |
//! | 409 | what is there stands in the way: a condition, a conflict, something in use |
//! | 413 | too large: `ResponseTooLarge`, or what was sent |
//! | 429 | throttled |
//! | 500 | `Internal` |
//! | 502 | `ConnectionFailed`, `OutcomeUnknown`, and the service's own trouble |
//! | 504 | `Timeout` |
//!
//! The codes are those that DynamoDB, AWS STS and AWS Secrets Manager document, with those that all services have
//! (<https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html>). AWS sends most of them with the status
//! 400, which tells a client of HTTP nothing.

use crate::error::Error;

/// The status for an error.
#[must_use]
pub fn of(error: &Error) -> u16 {
    match error {
        Error::InvalidInput(_) | Error::InvalidConnection(_) => 400,
        Error::Service(refusal) => of_code(&refusal.code),
        Error::Timeout(_) => 504,
        Error::ConnectionFailed(_) | Error::OutcomeUnknown(_) => 502,
        Error::ResponseTooLarge(_) => 413,
        Error::Internal(_) => 500,
    }
}

/// The status for a service's own error code.
fn of_code(code: &str) -> u16 {
    // Some services end a code in `Exception` that others write without.
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
        | "UnrecognizedClient" => 403,
        "ConditionalCheckFailed"
        | "DuplicateItem"
        | "IdempotentParameterMismatch"
        | "ReplicatedWriteConflict"
        | "ResourceExists"
        | "ResourceInUse"
        | "TableAlreadyExists"
        | "TableInUse"
        | "TransactionCanceled"
        | "TransactionConflict" => 409,
        "RequestEntityTooLarge" | "RequestTooLarge" => 413,
        "BandwidthLimitExceeded"
        | "LimitExceeded"
        | "ProvisionedThroughputExceeded"
        | "RequestLimitExceeded"
        | "SlowDown"
        | "TooManyRequests"
        | "TransactionInProgress" => 429,
        "RequestTimeout" => 504,
        // What no page lists yet is taken by its words.
        other if other.ends_with("NotFound") => 404,
        other if other.contains("Throttl") => 429,
        other if other.starts_with("Internal") || other.contains("Unavailable") => 502,
        _ => 400,
    }
}

/// A status in words, which a load balancer asks for.
pub(super) fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        502 => "Bad Gateway",
        504 => "Gateway Timeout",
        _ => "Internal Server Error",
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
            assert_eq!(of(&error), status, "{error:?}");
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
                assert_eq!(of(&refused(code)), status, "{code}");
            }
        }
    }
}
