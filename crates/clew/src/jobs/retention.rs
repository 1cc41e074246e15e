//! Lets events leave whose time is up: every hour, because midnight is elsewhere in every zone.

use super::job::{Context, Job, JobError};
use crate::app::App;
use clew_core::model::SiteId;
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Retain {
    /// `None`: every site in which a day is due.
    #[serde(default)]
    pub site: Option<SiteId>,
}

impl Job<App> for Retain {
    const KIND: &'static str = "retention";
    /// The first run of a site that was kept for years writes all of it.
    const TIME_LIMIT: Duration = Duration::from_hours(6);

    async fn run(self, context: Context<App>) -> Result<(), JobError> {
        let (app, now) = (&context.services, (context.clock)());
        let Some(id) = self.site else {
            return Ok(app.retain_due(now).await?);
        };
        // One that was deleted meanwhile waits for its midnight, as all deleted ones do.
        if let Some(site) = app.sites.get(id) {
            app.retain(&site.as_ref().into(), now).await?;
            app.compact_if_worth_it(now).await?;
        }
        Ok(())
    }
}
