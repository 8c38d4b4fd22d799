//! An event on its way to a process of its function.

use bytes::Bytes;
use uuid::Uuid;

use crate::clock::since_epoch;

#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) id: String,
    pub(super) function_arn: String,
    pub(super) trace_id: String,
    pub(super) payload: Bytes,
}

impl Request {
    /// A request for the function with this ARN. It gets a new request id and a new trace id.
    pub(super) fn new(function_arn: &str, payload: Bytes) -> Self {
        let seconds = since_epoch().as_secs();
        let (root, parent) = (Uuid::new_v4().simple().to_string(), Uuid::new_v4().simple().to_string());
        Self {
            id: Uuid::new_v4().to_string(),
            function_arn: function_arn.to_owned(),
            trace_id: format!("Root=1-{seconds:08x}-{};Parent={};Sampled=0", &root[..24], &parent[..16]),
            payload,
        }
    }
}
