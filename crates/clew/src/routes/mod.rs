//! One file per noun: parse the request, ask `app`, write the reply. Nothing here decides what an
//! event, a report or a key means, and no route calls another.

pub mod dashboard;
pub mod demo;
pub mod docs;
pub mod event_view;
pub mod events;
pub mod health;
pub mod metrics;
pub mod openapi;
pub mod pixel_gif;
pub mod report_schema;
pub mod reports;
pub mod scripts;
pub mod unknown;
