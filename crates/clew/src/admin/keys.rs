//! Creating secret keys.

use super::audit::{self, Done};
use super::command::{Failure, NewKeySpec, Reply};
use crate::clock;
use clew_store::relational::keys::{self, KeySites, NewKey};
use clew_store::relational::{Db, KeyRole, Scope, accounts, sites};
use std::collections::BTreeSet;

pub(super) async fn create(db: &Db, spec: NewKeySpec) -> Result<Reply, Failure> {
    let role: KeyRole = word(&spec.role, "role", KeyRole::ALL.iter().map(|r| r.as_str()))?;
    let mut scopes = BTreeSet::new();
    for scope in &spec.scopes {
        let known = Scope::ALL.iter().map(|s| s.as_str());
        scopes.insert(word::<Scope>(scope, "scope", known)?);
    }
    let name = spec.name.unwrap_or_else(|| format!("{} key", spec.role));
    let wanted = spec.sites;
    let now = clock::now();
    let work = db.write_tx(move |tx| {
        Box::pin(async move {
            let account = accounts::default(tx, now).await?.id;
            let mut only = BTreeSet::new();
            for site in &wanted {
                only.insert(sites::find(tx, account, site).await?.id);
            }
            let new = NewKey {
                name,
                role,
                scopes: (!scopes.is_empty()).then_some(scopes),
                sites: if only.is_empty() {
                    KeySites::All
                } else {
                    KeySites::Only(only)
                },
                expires_at: None,
            };
            let created = keys::create(tx, account, new, now).await?;
            let done = Done {
                action: "key.create",
                account,
                site: None,
                subject: created.key.id.to_string(),
            };
            audit::note(tx, done, now).await?;
            Ok(created)
        })
    });
    let created = work.await?;
    let scopes = created.key.scopes.iter();
    Ok(Reply::Key {
        prefix: created.key.prefix,
        role: created.key.role.as_str().to_owned(),
        scopes: scopes.map(|scope| scope.as_str().to_owned()).collect(),
        key: created.secret,
    })
}

/// Parses one of a closed set of words; the failure lists them.
pub(super) fn word<T: std::str::FromStr>(
    given: &str,
    what: &str,
    known: impl Iterator<Item = &'static str>,
) -> Result<T, Failure> {
    let known: Vec<_> = known.collect();
    let parsed = given.parse();
    parsed.map_err(|_| {
        let known = known.join(", ");
        Failure::new(format!("unknown {what} {given:?}; use one of {known}"))
    })
}
