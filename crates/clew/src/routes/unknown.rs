//! Addresses that do not exist, and methods that an address does not answer to.

use crate::error::ApiError;
use clew_core::error::ErrorCode;

pub async fn not_found() -> ApiError {
    ErrorCode::NotFound.into()
}

pub async fn method_not_allowed() -> ApiError {
    ErrorCode::MethodNotAllowed.into()
}
