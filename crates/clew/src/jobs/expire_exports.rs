//! Removes exports whose time is over.

use super::job::{Context, Job, JobError};
use crate::app::App;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExpireExports {}

impl Job<App> for ExpireExports {
    const KIND: &'static str = "expire_exports";

    async fn run(self, context: Context<App>) -> Result<(), JobError> {
        Ok(context.services.sweep_exports().await?)
    }
}
