//! `/v1/channels`: the built-in channels, which a site's own rules come before.

use crate::error::ApiResult;
use crate::extract::principal::Caller;
use axum::Json;
use clew_core::pipeline::CHANNELS;
use clew_store::relational::Scope;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelList {
    /// In the order in which they are asked; the first that applies counts.
    pub channels: Vec<ChannelView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelView {
    pub name: &'static str,
}

/// List the built-in channels.
///
/// A site's `channelRules` are asked before them.
#[utoipa::path(
    get,
    path = "/v1/channels",
    tag = "Sites",
    responses(
        (status = 200, body = ChannelList),
        (status = 401, description = "unauthorized"),
        (status = 403, description = "forbidden"),
    ),
    security(("session" = []), ("secret_key" = []))
)]
pub async fn list(caller: Caller) -> ApiResult<Json<ChannelList>> {
    caller.require(Scope::Read)?;
    let channels = CHANNELS
        .iter()
        .map(|channel| ChannelView { name: channel.name });
    Ok(Json(ChannelList {
        channels: channels.collect(),
    }))
}
