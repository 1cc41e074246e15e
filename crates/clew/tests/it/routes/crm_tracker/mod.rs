//! `POST /v1/track` and `POST /v1/track/batch`.

mod authority;
mod batch;
mod messages;

const TRACK: &str = "/v1/track";
const BATCH: &str = "/v1/track/batch";
