//! Writes down everything that is stored about somebody.

use super::job::{Context, Job, JobError};
use crate::app::App;
use clew_core::model::SiteId;
use clew_core::model::id::RowId;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Names the export, never the person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExportSubject {
    pub site: SiteId,
    pub export: RowId,
}

impl Job<App> for ExportSubject {
    const KIND: &'static str = "export_subject";
    const MAX_ATTEMPTS: u16 = 5;
    const TIME_LIMIT: Duration = Duration::from_hours(2);

    async fn run(self, context: Context<App>) -> Result<(), JobError> {
        let app = &context.services;
        let made = app.make_export(self.site, self.export).await;
        if made.is_err() && context.attempt >= <Self as Job<App>>::MAX_ATTEMPTS {
            app.fail_export(self.site, self.export).await?;
        }
        Ok(made?)
    }
}
