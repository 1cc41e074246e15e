//! One file per noun: parse the request, ask `app`, write the reply. Nothing here decides what an
//! event, a report or a key means, and no route calls another.

pub mod account;
pub mod audit;
mod csv;
pub mod dashboard;
pub mod data_health;
pub mod demo;
pub mod docs;
pub mod erasures;
pub mod event_view;
pub mod events;
pub mod health;
pub mod keys;
pub mod live;
pub mod metrics;
pub mod openapi;
pub mod pixel_gif;
pub mod report_schema;
pub mod reports;
pub mod sample_data;
pub mod scripts;
pub mod session;
pub mod session_view;
pub mod sessions;
pub mod site_view;
pub mod sites;
pub mod unknown;
pub mod user_view;
pub mod users;
pub mod verification;
