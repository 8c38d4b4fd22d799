//! Reads the body of a request.

use std::{future::poll_fn, pin::Pin};

use axum::body::{Body, HttpBody as _};
use bytes::{Bytes, BytesMut};

/// Reads a body to its end but keeps at most one byte more than the limit.
///
/// A client that is still sending when it is refused sees a broken connection instead of the refusal.
pub(crate) async fn read(mut body: Body, limit: usize) -> Result<Bytes, axum::Error> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        if let Ok(data) = frame?.into_data() {
            let room = (limit + 1).saturating_sub(bytes.len());
            bytes.extend_from_slice(&data[..data.len().min(room)]);
        }
    }
    Ok(bytes.freeze())
}
