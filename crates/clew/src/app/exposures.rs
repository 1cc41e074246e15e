//! Reading everything that is stored, for `clew privacy verify`.

use super::App;
use crate::exposure::{Exposures, Search, look_through};
use clew_core::model::SiteId;
use clew_journal::Lsn;
use clew_store::relational::{accounts, users};
use std::collections::BTreeSet;

impl App {
    /// What stands somewhere and must not; `canaries` are texts to look for besides.
    pub async fn exposures(&self, canaries: Vec<String>) -> anyhow::Result<Exposures> {
        let store = self.opened_events().await?;
        let mut known = BTreeSet::new();
        for account in accounts::list(self.db.read()).await? {
            let users = users::list(self.db.read(), account.id).await?;
            known.extend(users.into_iter().map(|(user, _)| user.email));
        }
        let sites = self.sites.all();
        let sites = sites.iter().map(|site| (site.id(), site.policy().ip));
        let mut search = Search::new(canaries, sites);
        // Nothing moves from the journal into the archive meanwhile, and is missed in both.
        let _alone = self.moving.lock().await;
        let journal = self.journal.clone();
        search = tokio::task::spawn_blocking(move || {
            for read in journal.reader(Lsn(0)) {
                match read {
                    Ok(record) => search.record("journal", &record),
                    // In the archive, or damaged: then its file is read as bytes all the same.
                    Err(error) => tracing::debug!(%error, "not read as a record"),
                }
            }
            search
        })
        .await?;
        for segment in self.archive.list().await? {
            let reader = self.archive.open(&segment).await?;
            search = tokio::task::spawn_blocking(move || {
                for record in reader.flatten() {
                    search.record("archive", &record);
                }
                search
            })
            .await?;
        }
        for site in self.sites.all() {
            search = self.search_archived(search, site.id()).await?;
        }
        search = store.each_text(search, Search::text).await?;
        let folder = self.config.data_dir.clone();
        search = tokio::task::spawn_blocking(move || {
            look_through(&mut search, &folder, &known).map(|()| search)
        })
        .await??;
        Ok(search.finish())
    }

    /// Reads the site's events that have left the reports.
    async fn search_archived(&self, mut search: Search, site: SiteId) -> anyhow::Result<Search> {
        for name in self.archived_events.list(site).await? {
            let rows = match self.archived_events.read(&name).await {
                Ok(rows) => rows,
                Err(error) => {
                    // Its bytes are looked through like those of any other file.
                    tracing::error!(%error, "an archive file is not read row by row");
                    continue;
                }
            };
            let file = format!("{name:?}");
            search = tokio::task::spawn_blocking(move || {
                for row in rows {
                    search.archived(&file, site, row.event);
                }
                search
            })
            .await?;
        }
        Ok(search)
    }
}
