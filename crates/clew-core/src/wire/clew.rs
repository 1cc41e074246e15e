//! The canonical format of the browser SDK and of servers (CONTRACTS §0).

use super::{WireBatch, WireFormat};
use crate::error::ErrorCode;

/// `POST /v1/events`.
#[derive(Debug)]
pub struct Clew;

impl WireFormat for Clew {
    fn name(&self) -> &'static str {
        "clew"
    }

    fn decode(&self, body: &[u8]) -> Result<WireBatch, ErrorCode> {
        serde_json::from_slice::<serde::de::IgnoredAny>(body)
            .map_err(|_| ErrorCode::MalformedJson)?;
        Err(ErrorCode::InvalidBody)
    }
}
