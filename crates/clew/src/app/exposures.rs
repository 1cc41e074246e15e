//! Reading everything that is stored, for `clew privacy verify`.

use super::App;
use crate::exposure::{Exposures, Search, look_through};
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
        search = store.each_text(search, Search::text).await?;
        let folder = self.config.data_dir.clone();
        search = tokio::task::spawn_blocking(move || {
            look_through(&mut search, &folder, &known).map(|()| search)
        })
        .await??;
        Ok(search.finish())
    }
}
