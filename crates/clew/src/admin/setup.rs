//! The first start with an empty data folder: an account, and a site for the demo shop.

use crate::clock;
use crate::sites::DEMO_SLUG;
use clew_store::relational::sites::NewSite;
use clew_store::relational::{Db, Result, accounts, sites};

/// What [`first_start`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstStart {
    /// It has just made account and demo site.
    Prepared,
    /// There was an account already.
    NothingToDo,
}

/// Makes the default account and its `demo` site when there is no account yet.
pub async fn first_start(db: &Db) -> Result<FirstStart> {
    let now = clock::now();
    db.write_tx(move |tx| {
        Box::pin(async move {
            if !accounts::list(tx).await?.is_empty() {
                return Ok(FirstStart::NothingToDo);
            }
            let account = accounts::default(tx, now).await?;
            let mut demo = NewSite::named("Demo shop");
            demo.slug = Some(DEMO_SLUG.to_owned());
            demo.domains = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
            sites::create(tx, account.id, demo, now).await?;
            Ok(FirstStart::Prepared)
        })
    })
    .await
}
